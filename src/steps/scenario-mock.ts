import { type Address, familyOf } from '../base/address';
import type { TcpError } from '../base/errors';
import type { Script } from '../capture/script';
import type { MockCertificate } from '../mock/mock-certificates';
import type { MockDefinition, MockMode, RuleDefinition } from '../mock/mock-model';
import type { MockServer } from '../mock/mock-server';
import type { ListenerSecureSocket } from '../tcp/secure-socket';
import { counted } from './failure-message';
import { type MetFailure, MetFailures } from './met-failures';
import { MockCursor } from './mock-cursor';
import { unkeptOf } from './mock-ending';
import { linesOf } from './mock-script-lines';
import { type Entity, entityTitle, type NamedEntities } from './named-entities';
import { keyLogOf } from './scenario-capture';
import { certificates } from './scenario-certificates';
import type { StepWorld } from './step-world';
import { Changes } from './wait-for';

/** What a mock of a scenario is made of. */
export interface MockSource {
  readonly definition: MockDefinition;
  /** Files that the definition names are below it. */
  readonly folder: string;
}

/** A mock of a scenario: its definition, which steps add to, and the server that follows it. */
export class ScenarioMock extends Changes implements Entity {
  readonly name: string;
  /** `mock "mail"`. */
  readonly title: string;
  /** How far steps have read its streams, where it has no framing. */
  readonly cursor: MockCursor = new MockCursor();
  readonly #world: StepWorld;
  readonly #folder: string;
  readonly #failures = new MetFailures();
  #definition: MockDefinition;
  #server: MockServer | undefined;
  #address: Address | undefined;
  #host = 'local';
  #tls: Partial<ListenerSecureSocket> | undefined;
  #upgrades = false;
  #isShared = false;
  #unsubscribe: () => void = () => undefined;
  /** Of each turn of the script, in the order of their numbers. */
  #lines: readonly number[] = [];

  constructor(world: StepWorld, name: string, { definition, folder }: MockSource) {
    super();
    this.name = name;
    this.title = entityTitle('mock', name);
    this.#world = world;
    this.#folder = folder;
    this.#definition = { ...definition, name: definition.name };
  }

  /** Where it listens or listened; `undefined` before {@link start}. */
  get address(): Address | undefined {
    return this.#address;
  }

  get definition(): MockDefinition {
    return this.#definition;
  }

  /** Whether it has no framing, so that what it receives is a stream. */
  get isStream(): boolean {
    const { isStream } = require('../mock/mock-settings') as typeof import('../mock/mock-settings');
    return isStream(this.#definition.framing);
  }

  /** The host of the simulated network that it is on. */
  get host(): string {
    return this.#host;
  }

  /** @throws Error it was never started */
  get server(): MockServer {
    if (this.#server === undefined) throw new Error(`${this.title} does not listen`);
    return this.#server;
  }

  /** How many connections it accepted. */
  get facts(): string {
    return `it accepted ${counted(this.accepted, 'connection')}`;
  }

  get accepted(): number {
    return this.#server?.accepted ?? 0;
  }

  /** What its connections met, in order. */
  get failures(): readonly MetFailure[] {
    return this.#failures.all;
  }

  /** Listens. @throws TcpError as `startMock` */
  async start(listen: MockDefinition['listen']): Promise<void> {
    // Most scenarios have no mock, and do without what is loaded for one.
    const { startMock } = require('../mock/start-mock') as typeof import('../mock/start-mock');
    const world = this.#world.world;
    const definition = { ...this.#effective, ...(listen === undefined ? {} : { listen }) };
    const start = (): Promise<MockServer> =>
      startMock(definition, {
        world,
        folder: this.#folder,
        certificates: (name) => this.#certificateNamed(name),
        ...this.#tlsOptions(),
      });
    this.#attach(
      await (this.#host === 'local' ? start() : this.#world.simulation.on(this.#host, start)),
    );
  }

  /** Takes part in a mock that other scenarios use too: it goes on when this one ends. */
  share(server: MockServer): void {
    this.#isShared = true;
    this.#attach(server);
    this.change({});
  }

  #attach(server: MockServer): void {
    this.#server = server;
    const { host, port } = server;
    this.#address = { host, port, family: familyOf(host) ?? 'IPv4' };
    this.#unsubscribe = server.onChange(() => this.#changed());
  }

  /** Changes what it does; open connections go by the new rules from their next frame on. */
  change(changes: Partial<MockDefinition>): void {
    const before = this.#definition;
    this.#definition = { ...before, ...changes };
    try {
      this.server.replace(this.#effective);
    } catch (error) {
      this.#definition = before;
      throw error;
    }
  }

  /** @throws Error there is a rule for the same already */
  addRule(rule: RuleDefinition & { readonly name: string }): void {
    const { rules = [] } = this.#definition;
    if (rules.some(({ name }) => name === rule.name)) {
      throw new Error(`${this.title} has a rule for ${rule.name} already`);
    }
    this.change({ rules: [...rules, rule] });
  }

  /** Has each connection to come play a script. */
  follow(script: Script): void {
    const { turnsOfScript } =
      require('../mock/script-import') as typeof import('../mock/script-import');
    this.change({ script: turnsOfScript(script) });
    this.#lines = linesOf(script.lines);
  }

  /** `line 4` for a turn of a script that a step gave, else `turn 4`. */
  lineOf(turn: number): string {
    const line = this.#lines[turn - 1];
    return line === undefined ? `turn ${turn}` : `line ${line}`;
  }

  /** Puts it into a state, with all its connections, and those to come. */
  enter(state: string): void {
    this.change({ state: { ...this.#definition.state, initial: state } });
    this.server.setState(state);
  }

  /** The number that its connection from a port of a client has here. */
  connectionFrom(port: number): number | undefined {
    return this.#server
      ?.journal({ kind: 'accept' })
      .findLast(({ remote = '' }) => remote.endsWith(`:${port}`))?.connection;
  }

  hasAccepted(port: number): boolean {
    return this.connectionFrom(port) !== undefined;
  }

  seeFailure(fits: (error: TcpError) => boolean): MetFailure | undefined {
    const found = this.#failures.see(fits);
    if (found !== undefined) this.#server?.pardon(found.error);
    return found;
  }

  /** Whether it speaks TLS, or is to. */
  get speaksTls(): boolean {
    const { mode } = this.#definition.tls ?? { mode: 'off' };
    return this.#tls !== undefined || this.#upgrades || mode !== 'off';
  }

  get upgrades(): boolean {
    return this.#upgrades;
  }

  async speakTls(settings: Partial<ListenerSecureSocket>): Promise<void> {
    this.#refuseLate();
    this.#tls = { ...this.#tls, ...settings };
    await this.startAgain();
  }

  /** Lets TLS begin behind the answer to these bytes. */
  async upgradeAfter(bytes: Uint8Array, key?: ListenerSecureSocket['key']): Promise<void> {
    this.#refuseLate();
    const { withUpgrade } = require('./mock-replies') as typeof import('./mock-replies');
    const rules = withUpgrade(this.#definition.rules ?? [], bytes);
    this.#definition = { ...this.#definition, rules };
    this.#upgrades = true;
    this.#tls = { ...this.#tls, ...(key === undefined ? {} : { key }) };
    await this.startAgain();
  }

  async moveTo(host: string): Promise<void> {
    this.#refuseLate();
    await this.server.stop();
    this.#host = host;
    const [address] = this.#world.simulation.host(host).addresses;
    await this.start({ host: address ?? '127.0.0.1', port: 0 });
  }

  async startAgain(): Promise<void> {
    await this.server.stop({ how: 'reset' });
    const { host, port } = this.server;
    await this.start({ host, port });
  }

  /** Judges what it met as its mode asks for, then stops; what does not hold fails the scenario. */
  async end(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    // Clients and programs have ended before; what they sent is still being answered.
    const over = (): true | undefined => (server.connections === 0 ? true : undefined);
    await this.#world.waitFor(this, over, 1_000);
    const unkept = unkeptOf(server, this.mode).map((text) => this.#world.redact(text));
    this.#world.problems.push(...unkept);
    this.#unsubscribe();
    if (!this.#isShared) await server.stop({ how: 'reset' });
  }

  /** What counts as a failure: the tag of the scenario says, else the definition. */
  get mode(): MockMode {
    return this.#world.settings.mockMode ?? this.#definition.mode ?? 'strict';
  }

  get #effective(): MockDefinition {
    return { ...this.#definition, mode: this.mode };
  }

  #tlsOptions() {
    const keylog = keyLogOf(this.#world);
    const { mode } = this.#definition.tls ?? {};
    if (this.#tls === undefined && (mode === undefined || mode === 'off')) return {};
    const own = this.#upgrades ? 'starttls' : mode === 'starttls' ? mode : 'implicit';
    return { tls: { mode: own, socket: { ...this.#tls, ...keylog } } } as const;
  }

  #certificateNamed(name: string): MockCertificate | undefined {
    return certificates(this.#world).find({ name })?.certificate;
  }

  #refuseLate(): void {
    if (this.#isShared) {
      throw new Error(`${this.title} serves the whole suite; a scenario cannot change that of it`);
    }
    if (this.accepted === 0) return;
    throw new Error(`${this.title} has accepted connections already; say this before`);
  }

  #changed(): void {
    for (const error of this.server.errors.slice(this.#failures.all.length)) {
      this.#failures.meet(error, this.#world.clock.now(), this.#world.step.text);
    }
    this.changed();
  }
}

/** The mocks of a scenario. */
export function mocks(world: StepWorld): NamedEntities<ScenarioMock> {
  return world.named('mock');
}
