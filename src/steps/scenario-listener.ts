import type { Address } from '../base/address';
import { TcpError } from '../base/errors';
import type { Caller } from '../tcp/caller';
import { Listener } from '../tcp/listener';
import type { ListenerConfiguration } from '../tcp/listener-configuration';
import type { ListenerSecureSocket } from '../tcp/secure-socket';
import type { ConnectionService, Service } from '../tcp/service';
import type { EndpointWords } from './endpoint-words';
import { counted } from './failure-message';
import { type ListenerEvent, noted } from './listener-events';
import { type UpgradeRule, upgrading } from './listener-upgrade';
import { type MetFailure, MetFailures } from './met-failures';
import {
  type Entity,
  type EntityReference,
  entityTitle,
  type NamedEntities,
} from './named-entities';
import { keyLogOf } from './scenario-capture';
import type { StepWorld } from './step-world';
import { Changes } from './wait-for';

/** What a listener does with its connections. */
export type ListenerBehaviour =
  | { readonly kind: 'echo' }
  | { readonly kind: 'record' }
  | { readonly kind: 'greet'; readonly bytes: Uint8Array }
  | {
      readonly kind: 'serve';
      readonly service: Service;
      readonly options?: Omit<ListenerConfiguration, 'world' | 'label'>;
    };

/** A listener of a scenario, and the events of its connections. */
export class ScenarioListener extends Changes implements Entity {
  readonly name: string;
  /** `listener "echo"`. */
  readonly title: string;
  readonly #world: StepWorld;
  #behaviour: ListenerBehaviour;
  #host = 'local';
  #attached: Service;
  readonly #histories: ListenerEvent[][] = [];
  readonly #accepted = new Set<number>();
  #listener: Listener | undefined;
  #address: Address | undefined;
  #stoppedAccepting = false;
  readonly #failures = new MetFailures();
  /** How it speaks TLS; `undefined` without TLS. */
  #tls: ListenerSecureSocket | undefined;
  #upgrade: UpgradeRule | undefined;

  constructor(world: StepWorld, name: string, behaviour: ListenerBehaviour) {
    super();
    this.name = name;
    this.title = entityTitle('listener', name);
    this.#world = world;
    this.#behaviour = behaviour;
    this.#attached = { onConnect: (caller) => this.#serve(caller) };
  }

  /** Where it listens or listened; `undefined` before {@link start}. */
  get address(): Address | undefined {
    return this.#address;
  }

  /** The connections that are open now. */
  get connections(): readonly Caller[] {
    return [...(this.#listener?.connections.values() ?? [])];
  }

  /** How many connections it accepted, and whether it still would. */
  get facts(): string {
    const accepted = counted(this.#histories.length, 'connection');
    const listening = this.#listener?.state === 'listening' && !this.#stoppedAccepting;
    return `it accepted ${accepted} and is ${listening ? 'listening' : 'not listening'}`;
  }

  /** Events of the connection accepted last; `bytes` stands once for bytes in a row. */
  get lastEvents(): readonly ListenerEvent[] {
    return this.#histories.at(-1) ?? [];
  }

  /**
   * Listens on a loopback port; 0 means any.
   *
   * @throws TcpError as `Listener.start`
   */
  async start(port: number): Promise<void> {
    const options = this.#behaviour.kind === 'serve' ? this.#behaviour.options : {};
    const world = this.#world.world;
    const localHost = this.#localHost();
    const keylog = keyLogOf(this.#world);
    const secureSocket =
      this.#tls === undefined ? {} : { secureSocket: { ...this.#tls, ...keylog } };
    const configuration = { ...options, ...localHost, ...secureSocket, world, label: this.title };
    const listener = new Listener(port, configuration);
    listener.attach(this.#attached);
    listener.on('handshakeError', (error) => this.#meet(error));
    this.#listener = listener;
    const start = (): Promise<Address> => listener.start();
    this.#address = await (this.#host === 'local'
      ? start()
      : this.#world.simulation.on(this.#host, start));
  }

  /**
   * The listener itself, for steps that need more of it.
   *
   * @throws Error it was never started
   */
  get listener(): Listener {
    if (this.#listener === undefined) throw new Error(`${this.title} does not listen`);
    return this.#listener;
  }

  /** Serves later connections with another service. @throws TcpError as `Listener.attach` */
  serve(service: Service): void {
    this.listener.detach(this.#attached);
    this.#behaviour = { kind: 'serve', service };
    this.#attached = { onConnect: (caller) => this.#serve(caller) };
    this.listener.attach(this.#attached);
  }

  /** The host of the simulated network it was put on; `local` unless a step says otherwise. */
  get host(): string {
    return this.#host;
  }

  /**
   * Puts it on a host of the simulated network, where it listens on any free port.
   *
   * @throws Error it has accepted a connection already
   */
  async moveTo(host: string): Promise<void> {
    this.#refuseLate();
    await this.listener.immediateStop();
    this.#host = host;
    await this.start(0);
  }

  /** What its connections met, in order. */
  get failures(): readonly MetFailure[] {
    return this.#failures.all;
  }

  /** The first failure that no step has seen and that fits; it counts as seen then. */
  seeFailure(fits: (error: TcpError) => boolean): MetFailure | undefined {
    return this.#failures.see(fits);
  }

  /** Whether it speaks TLS, or is to. */
  get speaksTls(): boolean {
    return this.#tls !== undefined || this.#upgrade !== undefined;
  }

  get upgrades(): boolean {
    return this.#upgrade !== undefined;
  }

  /**
   * Sets what its TLS is like, and listens anew on its port. What is not told stays; a certificate
   * that nobody named is made by the listener itself.
   *
   * @throws Error it has accepted a connection already
   * @throws TcpError as `Listener.start`
   */
  async speakTls(settings: Partial<ListenerSecureSocket>): Promise<void> {
    this.#refuseLate();
    this.#tls = { key: 'selfsigned', ...this.#tls, ...settings };
    if (this.#upgrade === undefined) await this.startAgain();
    else this.#upgrade = { ...this.#upgrade, secureSocket: this.#tls };
  }

  /** Puts TLS on a connection once these bytes have come and were answered. */
  upgradeAfter(bytes: Uint8Array, key: ListenerSecureSocket['key']): void {
    this.#refuseLate();
    this.#upgrade = { bytes, secureSocket: { key } };
  }

  /** Listens again on its port, after its host was down. */
  async startAgain(): Promise<void> {
    await this.listener.immediateStop();
    await this.start(this.#address?.port ?? 0);
  }

  /** Closes the listening socket; connections live on. */
  async stopAccepting(): Promise<void> {
    this.#stoppedAccepting = true;
    await this.#listener?.stopAccepting();
  }

  /** Whether a connection from that port of a client was ever handed over to this listener. */
  hasAccepted(port: number): boolean {
    return this.#accepted.has(port);
  }

  /** Sends FIN to every connection. */
  async closeConnections(): Promise<void> {
    await Promise.all(this.connections.map((caller) => caller.close()));
  }

  /** Stops after the scenario. */
  async end(): Promise<void> {
    await this.#listener?.immediateStop();
  }

  #refuseLate(): void {
    if (this.#accepted.size === 0) return;
    throw new Error(`${this.title} has accepted connections already; say this before`);
  }

  #meet(error: TcpError): void {
    this.#failures.meet(error, this.#world.clock.now(), this.#world.step.text);
    this.changed();
  }

  /** A host other than `local` is reached by others at its first address. */
  #localHost(): { readonly localHost?: string } {
    if (this.#host === 'local') return {};
    const [address] = this.#world.simulation.host(this.#host).addresses;
    return address === undefined ? {} : { localHost: address };
  }

  async #serve(caller: Caller): Promise<ConnectionService | undefined> {
    const history: ListenerEvent[] = [];
    this.#histories.push(history);
    const note = (event: ListenerEvent, error?: unknown): void => {
      if (TcpError.is(error)) this.#failures.meet(error, this.#world.clock.now(), '');
      if (event !== 'bytes' || history.at(-1) !== 'bytes') history.push(event);
      this.changed();
    };
    this.#accepted.add(caller.remotePort);
    note('connect');
    const behaviour = this.#behaviour;
    if (behaviour.kind === 'greet') await caller.writeBytes(behaviour.bytes);
    if (behaviour.kind === 'serve') {
      const served = await behaviour.service.onConnect(caller);
      return served === undefined ? undefined : noted(served, note);
    }
    const plain: ConnectionService = {
      onBytes: (data) => (behaviour.kind === 'echo' ? data : undefined),
    };
    const rule = this.#upgrade;
    const meet = (error: TcpError): void => this.#meet(error);
    return noted(rule === undefined ? plain : upgrading(plain, caller, rule, meet), note);
  }
}

/** Starts a listener with a service of the caller's own, and keeps it under its name. */
export async function serveListener(
  world: StepWorld,
  name: string,
  service: Service,
  options: Omit<ListenerConfiguration, 'world' | 'label'> & { readonly port?: number } = {},
): Promise<ScenarioListener> {
  const { port = 0, ...configuration } = options;
  const kept = listeners(world);
  const behaviour = { kind: 'serve', service, options: configuration } as const;
  const listener = new ScenarioListener(world, kept.newName({ name }), behaviour);
  await listener.start(port);
  return kept.add(listener, world.step.place);
}

/** The listeners of a scenario. */
export function listeners(world: StepWorld): NamedEntities<ScenarioListener> {
  return world.named('listener');
}

/**
 * Where a listener listens.
 *
 * @throws Error there is none of that name
 */
export function addressOf(world: StepWorld, reference: EntityReference): EndpointWords {
  const { address, title } = listeners(world).get(reference);
  if (address === undefined) throw new Error(`${title} does not listen`);
  return address;
}
