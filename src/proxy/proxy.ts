/**
 * A proxy: listens, dials the upstream for every client, passes bytes on, and breaks connections
 * in the way it is told.
 *
 * `proxy-door.ts` listens, `proxy-connection.ts` is one client and its upstream, `proxy-link.ts`
 * one direction of it; `toxic-list.ts` keeps the faults, which are data of `src/faults`. A proxy
 * takes a world and nothing else, so it runs on kernel sockets and on the simulated network alike.
 */
import type { Address } from '../base/address';
import type { Duration } from '../base/duration';
import type { DecisionPlan } from '../faults/decisions';
import type { Fault, Target } from '../faults/fault';
import { faultTypes } from '../faults/fault-names';
import { hits } from '../faults/target';
import type { WireSource } from '../network/wire-source';
import { defaultWorld } from '../tcp/default-world';
import { Loops } from './loops';
import type { ProxyConnection } from './proxy-connection';
import type { ProxyCounters } from './proxy-counters';
import { EventRow, type ProxyEvent, type ProxyEventName } from './proxy-events';
import { type ProxyOptions, readAddress, readProxyOptions } from './proxy-options';
import { type EndConnections, ProxyRun, type ProxySurroundings } from './proxy-run';
import type { Toxic, ToxicChange, ToxicData } from './toxic';

/** What may change while a proxy lives. */
export interface ProxyChange {
  /** `host:port`; port 0 always takes a new one. */
  readonly listen?: string;
  readonly upstream?: string;
  readonly enabled?: boolean;
  /** What happens to open connections when it is disabled; default `fin`. */
  readonly how?: EndConnections;
}

/** A proxy as data, in the order and with the names of Toxiproxy's JSON. */
export interface ProxyData {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
  readonly enabled: boolean;
  readonly toxics: readonly ToxicData[];
}

/**
 * A proxy in this process that breaks connections on demand.
 *
 * @source docs/proxies.md
 * @example
 * await using proxy = await Proxy.start({ upstream: '127.0.0.1:5432' });
 * proxy.addToxic(latency({ latency: 100 }));
 */
export class Proxy implements AsyncDisposable {
  /** How the whole is kept going. @internal */
  readonly run: ProxyRun;

  /** @internal */
  constructor(run: ProxyRun) {
    this.run = run;
  }

  /**
   * Starts a proxy; it listens when this resolves, unless `enabled` is false.
   *
   * @throws TcpError `ECONFIG` - an option that does not fit
   * @throws TcpError `EINVALIDFAULT`, `ETOXICEXISTS` - a fault in `toxics`; nothing listens
   * @throws TcpError `EADDRINUSE`, `EADDRNOTAVAIL`, `ESYSTEM` - the port cannot be had
   */
  static async start(options: ProxyOptions): Promise<Proxy> {
    return startProxy(options, {
      world: options.world ?? defaultWorld(),
      types: faultTypes,
      profiles: {},
      row: new EventRow(),
      loops: new Loops(),
    });
  }

  get name(): string {
    return this.run.settings.name;
  }

  /** Where it listens: the real port once it was started. */
  get listen(): Address {
    return this.run.door.address;
  }

  /** `host:port`, as it was given. */
  get upstream(): string {
    return this.run.upstream;
  }

  /** Whether it listens. */
  get enabled(): boolean {
    return this.run.enabled;
  }

  /** Faults in the order of Toxiproxy: those of `upstream` and `both`, then of `downstream`. */
  get toxics(): readonly Toxic[] {
    const all = this.run.toxics.all;
    return [
      ...all.filter(({ stream }) => stream !== 'downstream'),
      ...all.filter(({ stream }) => stream === 'downstream'),
    ];
  }

  /** Open connections, in the order of accept. */
  get connections(): readonly ProxyConnection[] {
    return [...this.run.counts.open];
  }

  /** Its connections on either side, to be captured: `capture(proxy, path)`. */
  get wire(): WireSource {
    return this.run.counts.watched.source(this.run.world, this.name);
  }

  get counters(): ProxyCounters {
    return this.run.counts.read();
  }

  /** What all its chance follows from. */
  get seed(): number {
    return this.run.decisions.seed;
  }

  /**
   * Attaches a fault; it is in force, also on open connections, when this returns.
   *
   * @throws TcpError `EINVALIDFAULT`, `ETOXICEXISTS` - nothing has changed
   */
  addToxic(fault: Fault): Toxic {
    return this.run.toxics.add(fault);
  }

  /** The fault of that name. @throws TcpError `ETOXICNOTFOUND` */
  toxic(name: string): Toxic {
    return this.run.toxics.get(name);
  }

  /**
   * Changes a fault; in force when this returns. Attributes are merged key by key.
   *
   * @throws TcpError `ETOXICNOTFOUND`, `EINVALIDFAULT` - nothing has changed
   */
  updateToxic(name: string, change: ToxicChange): Toxic {
    return this.run.toxics.update(name, change);
  }

  /** Takes a fault away; what waits in it leaves at once, in order. @throws TcpError `ETOXICNOTFOUND` */
  removeToxic(name: string): void {
    this.run.toxics.remove(name);
  }

  /** Runs a function while faults are attached; they are removed whatever happens. */
  async withToxics<T>(faults: readonly Fault[], body: () => Promise<T>): Promise<T> {
    const toxics = this.run.toxics.addAll(faults);
    try {
      return await body();
    } finally {
      for (const toxic of toxics)
        if (this.run.toxics.all.includes(toxic)) this.removeToxic(toxic.name);
    }
  }

  /**
   * Attaches the faults of a named network, in place of those of the profile before.
   *
   * @returns disposing it takes them away
   * @throws TcpError `EINVALIDFAULT` - there is no such profile
   */
  applyProfile(name: string): Disposable {
    this.run.applyProfile(name);
    return { [Symbol.dispose]: () => this.run.removeProfile() };
  }

  /** Takes the faults of the profile away. */
  removeProfile(): void {
    this.run.removeProfile();
  }

  /** No faults, and enabled. */
  async heal(): Promise<void> {
    this.run.toxics.clear();
    await this.enable();
  }

  /** Listens again, on the same port. Rejects as {@link Proxy.start}. */
  async enable(): Promise<void> {
    await this.run.enable();
  }

  /** Stops listening; open connections get FIN, or what `how` says. */
  async disable(options: { readonly how?: EndConnections } = {}): Promise<void> {
    await this.run.disable(options.how ?? 'fin');
  }

  /**
   * Changes where it listens, where it leads, or whether it is enabled. Faults stay.
   *
   * @throws TcpError `ECONFIG` - nothing has changed
   * @throws TcpError `EADDRINUSE`, `EADDRNOTAVAIL`, `ESYSTEM` - it is disabled, with the new fields
   */
  async update(change: ProxyChange): Promise<void> {
    const { listen, upstream, enabled, how = 'fin' } = change;
    if (upstream !== undefined) readAddress('upstream', upstream);
    if (listen !== undefined) readAddress('listen', listen);
    if (upstream !== undefined) this.run.lead(upstream);
    if (listen !== undefined && !(await this.run.door.isAt(listen))) await this.run.move(listen);
    if (enabled === true) await this.enable();
    if (enabled === false) await this.disable({ how });
  }

  /** The first open connection that is meant, or the next one. @throws TcpError `EDEADLINE` */
  async waitForConnection(
    filter?: Target,
    options: { readonly timeout?: Duration } = {},
  ): Promise<ProxyConnection> {
    const isMeant = ({ number, id, client }: ProxyConnection): boolean =>
      hits(filter, { number, id, remote: client.host });
    for (;;) {
      const found = this.connections.find(isMeant);
      if (found !== undefined) return found;
      await this.run.events.next('connection.accepted', {}, options);
    }
  }

  /** The next event of a kind with these facts; default limit 2 s. @throws TcpError `EDEADLINE` */
  waitFor(
    event: ProxyEventName,
    where: object = {},
    options: { readonly timeout?: Duration } = {},
  ): Promise<ProxyEvent> {
    return this.run.events.next(event, where, options);
  }

  /** Every event from the first `next()` on that has these facts. */
  events(filter: object = {}): AsyncIterable<ProxyEvent> {
    return this.run.events.all(filter);
  }

  /** Calls back for a kind of event, or for `*` all; the returned function ends that. */
  on(event: ProxyEventName | '*', listener: (event: ProxyEvent) => void): () => void {
    return this.run.events.hear((told) => {
      if (event === '*' || told.type === event) listener(told);
    });
  }

  /** What chance has decided so far; can be given to another proxy as `decisions`. */
  decisions(): DecisionPlan {
    return this.run.decisions.plan();
  }

  /** As data. */
  toJSON(): ProxyData {
    const { name, upstream, enabled, toxics } = this;
    return {
      name,
      listen: this.run.door.text,
      upstream,
      enabled,
      toxics: toxics.map((toxic) => toxic.toJSON()),
    };
  }

  /** Ends everything, open connections with RST. May be called twice; takes at most a second. */
  async close(): Promise<void> {
    await this.run.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Starts a proxy among what surrounds it. @internal */
export async function startProxy(
  options: ProxyOptions,
  surroundings: ProxySurroundings,
): Promise<Proxy> {
  const settings = readProxyOptions(options);
  const run = new ProxyRun(options, settings, surroundings);
  try {
    if (settings.enabled) await run.enable();
  } catch (error) {
    await run.leave();
    throw error;
  }
  return new Proxy(run);
}
