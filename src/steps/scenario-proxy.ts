import { type Address, formatAddress } from '../base/address';
import type { Fault } from '../faults/fault';
import { Proxy } from '../proxy/proxy';
import type { ProxyConnection } from '../proxy/proxy-connection';
import type { EndpointWords } from './endpoint-words';
import { counted } from './failure-message';
import { type Entity, entityTitle, type NamedEntities } from './named-entities';
import type { ConnectionLegs } from './proxy-legs';
import type { StepWorld } from './step-world';
import { Changes } from './wait-for';

/** A proxy of a scenario, and every connection that it ever had. */
export class ScenarioProxy extends Changes implements Entity {
  readonly name: string;
  /** `proxy "flaky"`. */
  readonly title: string;
  readonly #world: StepWorld;
  #target: EndpointWords;
  #proxy: Proxy | undefined;
  #host = 'local';
  /** In the order of accept. */
  readonly #connections: ProxyConnection[] = [];
  readonly #acted = new Map<string, number>();
  readonly #acts: { readonly connection: string; readonly words: string }[] = [];

  constructor(world: StepWorld, name: string, target: EndpointWords) {
    super();
    this.name = name;
    this.title = entityTitle('proxy', name);
    this.#world = world;
    this.#target = target;
  }

  /** The proxy itself. @throws Error it was never started */
  get proxy(): Proxy {
    if (this.#proxy === undefined) throw new Error(`${this.title} does not run`);
    return this.#proxy;
  }

  /** Where it listens or listened; `undefined` before {@link start}. */
  get address(): Address | undefined {
    return this.#proxy?.listen;
  }

  /** Who is behind it: `listener "echo"`, or an address. */
  get upstream(): string {
    const { host, port } = this.target;
    return this.#world.ownerOf(host, port) ?? formatAddress({ host, port });
  }

  /** Where it leads. */
  get target(): EndpointWords {
    return this.#target;
  }

  /** What has come of it so far, for messages. */
  get facts(): string {
    const { accepted, open } = this.proxy.counters;
    const state = this.proxy.enabled ? 'up' : 'down';
    return `it is ${state}, accepted ${counted(accepted, 'connection')}, ${open} open`;
  }

  /** Every connection so far, also those that have ended. */
  get connections(): readonly ProxyConnection[] {
    return this.#connections;
  }

  /** The two ends of each connection in the trace. */
  get legs(): readonly ConnectionLegs[] {
    return this.#connections.map(({ traceId, upstreamEnd }) => ({
      client: traceId,
      upstream: upstreamEnd?.id,
    }));
  }

  /** Listens on a free port. @throws TcpError as `Proxy.start` */
  async start(): Promise<void> {
    const upstream = formatAddress(this.target);
    const start = (): Promise<Proxy> => {
      const listen = formatAddress({ host: this.#listenHost(), port: 0 });
      return Proxy.start({ name: this.name, upstream, listen, world: this.#world.world });
    };
    const proxy = await (this.#host === 'local'
      ? start()
      : this.#world.simulation.on(this.#host, start));
    this.#proxy = proxy;
    proxy.on('*', ({ type, connection, fault, toxic, ...facts }) => {
      const found = proxy.connections.find(({ id }) => id === connection);
      if (type === 'connection.accepted' && found !== undefined) this.#connections.push(found);
      if (type === 'toxic.added') this.#count(0, [fault, toxic]);
      if (type === 'toxic.acted') this.#count(1, [fault, toxic]);
      if (type === 'toxic.acted' && connection !== undefined) {
        this.#acts.push({ connection, words: `${toxic} (${facts['action']})` });
      }
      this.changed();
    });
  }

  /** Puts it on a host of the simulated network. @throws Error it has accepted a connection already */
  async moveTo(host: string): Promise<void> {
    if (this.#connections.length > 0) {
      throw new Error(`${this.title} has accepted connections already; say this before`);
    }
    const toxics = this.proxy.toxics.map((toxic) => toxic.toFault());
    await this.proxy.close();
    this.#host = host;
    await this.start();
    for (const toxic of toxics) this.proxy.addToxic(toxic);
  }

  /** Leads somewhere else from now on; open connections get FIN. */
  async leadTo(target: EndpointWords): Promise<void> {
    await this.proxy.update({ upstream: formatAddress(target) });
    this.#target = target;
  }

  /**
   * Attaches a fault, or gives the one of its name other values.
   *
   * @throws TcpError `EINVALIDFAULT`
   */
  put(fault: Fault & { readonly name: string }): void {
    const known = this.proxy.toxics.find(({ name }) => name === fault.name);
    if (known?.type === fault.type && known.stream === (fault.stream ?? 'downstream')) {
      const { type: _type, name, stream: _stream, ...change } = fault;
      this.proxy.updateToxic(name, change);
    } else this.proxy.addToxic(fault);
  }

  /** On how many connections a fault has acted, by its name or its kind; `undefined` if it never had one. */
  timesActed(name: string): number | undefined {
    return this.#acted.get(name);
  }

  /** Which faults did something on a connection, and what: `corrupt_downstream (changed)`. */
  actsOn(connection: string): readonly string[] {
    return this.#acts.filter((act) => act.connection === connection).map(({ words }) => words);
  }

  /** The connection of a client at that port of its own, if it was accepted. */
  connectionFrom(port: number): ProxyConnection | undefined {
    return this.#connections.findLast(({ client }) => client.port === port);
  }

  /** Stops after the scenario. */
  async end(): Promise<void> {
    await this.#proxy?.close();
  }

  /** Counts an act of a fault under its kind and its name. */
  #count(acts: number, keys: readonly unknown[]): void {
    for (const key of new Set(keys.map(String))) {
      this.#acted.set(key, (this.#acted.get(key) ?? 0) + acts);
    }
  }

  /** A host other than `local` is reached by others at its first address. */
  #listenHost(): string {
    if (this.#host === 'local') return '127.0.0.1';
    return this.#world.simulation.host(this.#host).addresses[0] ?? '127.0.0.1';
  }
}

/** The proxies of a scenario. */
export function proxies(world: StepWorld): NamedEntities<ScenarioProxy> {
  return world.named('proxy');
}
