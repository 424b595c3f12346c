import type { Address } from '../base/address';
import type { Caller } from '../tcp/caller';
import { Listener } from '../tcp/listener';
import type { ListenerConfiguration } from '../tcp/listener-configuration';
import type { ConnectionService, Service } from '../tcp/service';
import type { EndpointWords } from './endpoint-words';
import { counted } from './failure-message';
import {
  type Entity,
  type EntityReference,
  entityTitle,
  type NamedEntities,
} from './named-entities';
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

/** The things a connection of a listener can meet, in the words of a step. */
export type ListenerEvent = 'connect' | 'bytes' | 'end' | 'error' | 'close';

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
    const listener = new Listener(port, { ...options, ...localHost, world, label: this.title });
    listener.attach(this.#attached);
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
    if (this.#accepted.size > 0) {
      throw new Error(`${this.title} has accepted connections already; say this before`);
    }
    await this.listener.immediateStop();
    this.#host = host;
    await this.start(0);
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

  /** A host other than `local` is reached by others at its first address. */
  #localHost(): { readonly localHost?: string } {
    if (this.#host === 'local') return {};
    const [address] = this.#world.simulation.host(this.#host).addresses;
    return address === undefined ? {} : { localHost: address };
  }

  async #serve(caller: Caller): Promise<ConnectionService | undefined> {
    const history: ListenerEvent[] = [];
    this.#histories.push(history);
    const note = (event: ListenerEvent): void => {
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
    return noted({ onBytes: (data) => (behaviour.kind === 'echo' ? data : undefined) }, note);
  }
}

const eventOf: Readonly<Record<string, ListenerEvent>> = {
  onBytes: 'bytes',
  onError: 'error',
  onEnd: 'end',
  onClose: 'close',
};

/**
 * A service that does the same and has its events noted, each before its callback runs. It stays
 * the kind of service it was: a framed one is known by its class.
 */
function noted(
  service: ConnectionService,
  note: (event: ListenerEvent) => void,
): ConnectionService {
  return new Proxy(service, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key);
      const event = typeof key === 'string' ? eventOf[key] : undefined;
      if (event === undefined) return typeof member === 'function' ? member.bind(target) : member;
      if (member === undefined && event === 'end') return undefined;
      return (...words: unknown[]): unknown => {
        note(event);
        return typeof member === 'function' ? member.apply(target, words) : undefined;
      };
    },
  });
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
