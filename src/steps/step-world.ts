/**
 * The state of one scenario: its network, its named entities, its folder, its settings.
 *
 * A step reads words and calls one method of an entity; the entity is kept here under its name.
 * Nothing in here knows clients, listeners or commands: each `*-steps.ts` takes its own kind from
 * `named<T>(kind)`, so a new kind of entity needs no change in this file. Commands do it like so:
 *
 *     const commands = (world: StepWorld) => world.named<Command>('command');
 *
 * where `Command` has a `name` and an `end()` that stops it; `end()` is called after the scenario,
 * commands first. Their steps join the others in `catalogue.ts`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatAddress } from '../base/address';
import type { LiteralSources } from '../base/byte-literal';
import type { Captures } from '../base/byte-pattern-match';
import type { Random } from '../base/random';
import type { Clock } from '../network/clock';
import type { LeakReport } from '../network/scope';
import type { World } from '../network/world';
import { FreePorts } from './free-ports';
import { type Entity, type EntityKind, entityTitle, NamedEntities } from './named-entities';
import { type ScenarioFacts, ScenarioFolder } from './scenario-folder';
import type { NetworkMakers, NetworkWishes, ScenarioNetwork } from './scenario-network';
import type { StepSettings } from './step-settings';
import { type Changing, type Wait, waitFor } from './wait-for';

/** The step that runs now. */
export interface StepPlace {
  readonly text: string;
  /** `features/mail.feature:6`; empty when the runner does not tell. */
  readonly place: string;
}

export interface StepWorldOptions {
  readonly scenario: ScenarioFacts;
  readonly settings: StepSettings;
  readonly makers: NetworkMakers;
  /** Folder of this worker below `settings.out`, such as `worker-0`. */
  readonly worker?: string;
  /** Called once, when the network has been opened. */
  readonly opened?: (world: StepWorld) => void;
}

const traceBytes = 64 * 1_024 * 1_024;

/** One scenario, as its steps see it. */
export class StepWorld {
  readonly scenario: ScenarioFacts;
  readonly settings: StepSettings;
  /** The scenario's own folder, made when it is first asked for. */
  readonly folder: ScenarioFolder;
  /** Named groups captured by steps: `${match "name"}`. The last capture of a name wins. */
  readonly matches: Map<string, Uint8Array> = new Map();
  /** Ports reserved by `a free port "web"`: `{port}`, `{endpoint}`, `${port "web"}`. */
  readonly freePorts: FreePorts = new FreePorts();
  /** What is masked in everything that is printed: settings, and `the wire log hides`. */
  readonly redactions: RegExp[];
  /** Said after the scenario without failing it; under `@strict` each is a failure. */
  readonly warnings: string[] = [];
  readonly #makers: NetworkMakers;
  readonly #whenOpened: ((world: StepWorld) => void) | undefined;
  readonly #named = new Map<EntityKind, NamedEntities<Entity>>();
  readonly #atEnd: (() => unknown)[] = [];
  #wishes: NetworkWishes;
  #kind: World['kind'];
  #network: ScenarioNetwork | undefined;
  readonly #files = new Map<string, Uint8Array>();
  #literals: Random | undefined;
  #step: StepPlace = { text: '', place: '' };

  constructor(options: StepWorldOptions) {
    this.scenario = options.scenario;
    this.settings = options.settings;
    this.#makers = options.makers;
    this.#whenOpened = options.opened;
    this.#kind = options.settings.network;
    this.folder = new ScenarioFolder(
      join(options.settings.out, options.worker ?? ''),
      this.scenario,
    );
    const { seed, quietMs, redact } = options.settings;
    this.redactions = redact.map((source) => new RegExp(source, 'g'));
    this.#wishes = { quietMs, traceBytes, ...(seed === undefined ? {} : { seed }) };
  }

  /** The kind of network this scenario runs on, also before it is opened. */
  get kind(): World['kind'] {
    return this.#kind;
  }

  /** The world that carries the bytes; opened on first need. Its `scope` owns what a step opens. */
  get world(): World {
    return this.#open().world;
  }

  get clock(): Clock {
    return this.world.clock;
  }

  /** Chance of this scenario; fork it by a label. */
  get random(): Random {
    return this.world.random;
  }

  get seed(): number {
    return this.world.random.seed;
  }

  /** The step that runs now: its text for messages, its place for "defined at". */
  get step(): StepPlace {
    return this.#step;
  }

  /** Chooses another network, or its seed or plan; only while none is open. */
  choose(kind: World['kind'], wishes: Partial<NetworkWishes> = {}): void {
    if (this.#network !== undefined) throw new Error('this scenario already has open connections');
    if (this.#makers[kind] === undefined) throw notAvailable(kind);
    this.#kind = kind;
    this.#wishes = { ...this.#wishes, ...wishes };
  }

  /** Says which step runs from now on. */
  begin(step: StepPlace): void {
    this.#step = step;
  }

  /** Runs the body of a step on the scenario's network, which is opened for it. */
  run<T>(body: () => Promise<T>): Promise<T> {
    return this.#open().run(body);
  }

  /** Waits until nothing more happens by itself, so that "now" means the same on every network. */
  settle(): Promise<void> {
    return this.#open().settle();
  }

  /** Waits until a source has not changed for the quiet period, or a simulated network is at rest. */
  async quiet(source: Changing): Promise<void> {
    if (this.clock.kind === 'virtual') return this.settle();
    const limitUs = this.clock.now() + this.settings.timeoutMs * 1_000;
    let changes = 0;
    const unsubscribe = source.onChange(() => changes++);
    for (let seen = -1; seen !== changes && this.clock.now() < limitUs; ) {
      seen = changes;
      await this.waitFor(
        source,
        () => (changes === seen ? undefined : true),
        this.settings.quietMs,
      );
    }
    unsubscribe();
  }

  /** Lets time pass. */
  pass(ms: number): Promise<void> {
    return this.#open().pass(ms);
  }

  /** Waits for a change, by default as long as asserting steps wait; see {@link waitFor}. */
  waitFor<T>(
    source: Changing,
    look: () => T | undefined,
    limitMs: number = this.settings.timeoutMs,
  ): Promise<Wait<T>> {
    return waitFor(this.clock, source, look, limitMs, `step "${this.#step.text}"`);
  }

  /** The entities of one kind. The caller knows their type: each kind has one `*-steps.ts`. */
  named<T extends Entity>(kind: EntityKind): NamedEntities<T> {
    let entities = this.#named.get(kind);
    if (entities === undefined) {
      entities = new NamedEntities<Entity>(kind);
      this.#named.set(kind, entities);
    }
    return entities as NamedEntities<Entity> as NamedEntities<T>;
  }

  /** Keeps named groups of a match for `${match "name"}`; numbers as decimal text. */
  keepMatches(captures: Captures): void {
    for (const [name, value] of Object.entries(captures)) {
      const bytes = value instanceof Uint8Array ? value : Buffer.from(String(value));
      this.matches.set(name, Buffer.from(bytes));
    }
  }

  /** Where byte literals take files (beside the feature) and chance. Files are read once. */
  get literalSources(): LiteralSources {
    return {
      baseFolder: this.folder.feature,
      readFile: (path) => this.#file(path),
      random: { bytes: (length) => this.#literalChance().bytes(length) },
    };
  }

  /**
   * A port reserved by name; it is let go of, since it is about to be used.
   *
   * @throws Error `there is no free port "wbe" …`
   */
  freePort(name: string): number {
    const port = this.freePorts.get(name);
    if (port !== undefined) {
      void this.freePorts.release(name);
      return port;
    }
    const known = [...this.freePorts.keys()].map((known) => `"${known}"`).join(', ');
    const rest = known === '' ? 'this scenario reserved none' : `this scenario has: ${known}`;
    throw new Error(`there is no free port "${name}" (${rest})`);
  }

  /** The entity that listens at an address, as `mock "mail"`, to name addresses in messages. */
  ownerOf(host: string, port: number): string | undefined {
    return this.entityAt(host, port)?.title;
  }

  /** The entity that listens at an address, or did so last. */
  entityAt(
    host: string,
    port: number,
  ): { readonly title: string; readonly entity: Entity } | undefined {
    const wanted = formatAddress({ host, port });
    for (const [kind, entities] of this.#named) {
      const entity = entities.all.findLast(
        ({ address }) => address !== undefined && formatAddress(address) === wanted,
      );
      if (entity !== undefined) return { title: entityTitle(kind, entity.name), entity };
    }
    return undefined;
  }

  /** Text with every match of a redaction masked, each character by one `*`. */
  redact(text: string): string {
    return this.redactions.reduce(
      (masked, regex) => masked.replace(regex, (match) => '*'.repeat(match.length)),
      text,
    );
  }

  /** Runs a function after the scenario, the last one first, before the network is closed. */
  atEnd(run: () => unknown): void {
    this.#atEnd.push(run);
  }

  /** Ends the entities, commands first, then the network; returns what had been left open. */
  async end(): Promise<LeakReport | undefined> {
    if (this.#network === undefined) return undefined;
    await this.#network.run(() => this.#endEntities());
    return this.#network.end();
  }

  async #endEntities(): Promise<void> {
    for (const kind of ['command', 'client', 'proxy', 'mock', 'listener'] as const) {
      await Promise.all(this.named(kind).all.map((entity) => entity.end?.()));
    }
    for (const run of this.#atEnd.splice(0).reverse()) await run();
    await this.freePorts.close();
  }

  /** Whether anything has opened the network yet. */
  get opened(): boolean {
    return this.#network !== undefined;
  }

  #file(path: string): Uint8Array {
    const known = this.#files.get(path);
    if (known !== undefined) return known;
    const bytes = readFileSync(path);
    this.#files.set(path, bytes);
    return bytes;
  }

  #literalChance(): Random {
    this.#literals ??= this.random.fork('literals');
    return this.#literals;
  }

  #open(): ScenarioNetwork {
    if (this.#network !== undefined) return this.#network;
    const make = this.#makers[this.#kind];
    if (make === undefined) throw notAvailable(this.#kind);
    this.#network = make(this.#wishes);
    this.#whenOpened?.(this);
    return this.#network;
  }
}

function notAvailable(kind: World['kind']): Error {
  return new Error(`the ${kind} network is not part of this release of Brine; run it with @real`);
}
