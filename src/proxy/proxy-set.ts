import { TcpError } from '../base/errors';
import type { Fault } from '../faults/fault';
import { type FaultTypes, withFaultTypes } from '../faults/fault-names';
import { type FaultReading, readFault } from '../faults/fault-reader';
import type { FaultType } from '../faults/fault-type';
import { profiles } from '../faults/profiles';
import type { World } from '../network/world';
import { defaultWorld } from '../tcp/default-world';
import { Loops } from './loops';
import { type Proxy, type ProxyData, startProxy } from './proxy';
import { EventRow, type ProxyEvent } from './proxy-events';
import { type ProxyOptions, readAddress, readProxyOptions } from './proxy-options';
import type { ProxySurroundings } from './proxy-run';

/** What a set of proxies shares. */
export interface ProxySetOptions {
  /** Default: the process's real world. */
  readonly world?: World;
  /** What all chance of the proxies follows from; default: drawn from the world's chance. */
  readonly seed?: number;
  /** Kinds of faults beside those of the catalogue. */
  readonly faultTypes?: readonly FaultType<never>[];
  /** Profiles beside those that come with Brine. */
  readonly profiles?: Readonly<Record<string, readonly Fault[]>>;
  /** Attributes that a fault does not have are left out, as Toxiproxy does, instead of refused. */
  readonly lenient?: boolean;
}

/** What populating has done. */
export interface PopulateResult {
  /** Created, replaced or left alone, in the order of the list. */
  readonly proxies: readonly Proxy[];
  /** Why the one behind them could not be had; later ones were not tried. */
  readonly error?: TcpError;
}

/** Proxies by name: what a control API is a thin layer over. */
export class ProxySet implements AsyncDisposable {
  readonly world: World;
  readonly seed: number;
  readonly #surroundings: ProxySurroundings;
  readonly #proxies = new Map<string, Proxy>();
  /** Names that are being started. */
  readonly #starting = new Set<string>();

  constructor(options: ProxySetOptions = {}) {
    this.world = options.world ?? defaultWorld();
    this.seed = options.seed ?? this.world.random.fork('proxies').seed;
    const reading: FaultReading = { lenient: options.lenient ?? false };
    this.#surroundings = {
      world: this.world,
      types: withFaultTypes(options.faultTypes ?? []),
      profiles: options.profiles ?? {},
      row: new EventRow(),
      loops: new Loops(),
      reading,
    };
  }

  /** The kinds of faults that its proxies know. */
  get faultTypes(): FaultTypes {
    return this.#surroundings.types;
  }

  /** The profiles that its proxies know. */
  get profiles(): Readonly<Record<string, readonly Fault[]>> {
    return { ...profiles, ...this.#surroundings.profiles };
  }

  /**
   * Starts a proxy under its name; it and its faults appear together.
   *
   * @throws TcpError `EPROXYEXISTS`, and as `Proxy.start` - there is no proxy of that name then
   */
  async create(options: ProxyOptions): Promise<Proxy> {
    const { name } = readProxyOptions(options);
    for (const fault of options.toxics ?? []) readFault(fault, this.faultTypes, this.#reading);
    if (this.#proxies.has(name) || this.#starting.has(name)) {
      throw new TcpError('proxy already exists', {
        code: 'EPROXYEXISTS',
        phase: 'config',
        field: name,
      });
    }
    this.#starting.add(name);
    try {
      const proxy = await startProxy({ seed: this.seed, ...options }, this.#surroundings);
      this.#proxies.set(name, proxy);
      return proxy;
    } finally {
      this.#starting.delete(name);
    }
  }

  get(name: string): Proxy | undefined {
    return this.#proxies.get(name);
  }

  /** The proxy of that name. @throws TcpError `EPROXYNOTFOUND` */
  proxy(name: string): Proxy {
    const proxy = this.#proxies.get(name);
    if (proxy !== undefined) return proxy;
    throw new TcpError('proxy not found', { code: 'EPROXYNOTFOUND', phase: 'config', field: name });
  }

  /** All proxies, in the order in which they were created. */
  list(): readonly Proxy[] {
    return [...this.#proxies.values()];
  }

  /**
   * Creates what is not there, leaves alone what is the same, replaces what differs.
   *
   * One after the other; the first that cannot be had ends it and is told in `error`.
   *
   * @throws TcpError `ECONFIG`, `EINVALIDFAULT` - an entry that does not fit; nothing was done
   */
  async populate(list: readonly ProxyOptions[]): Promise<PopulateResult> {
    for (const options of list) {
      readProxyOptions(options);
      for (const fault of options.toxics ?? []) readFault(fault, this.faultTypes, this.#reading);
    }
    const done: Proxy[] = [];
    for (const options of list) {
      try {
        done.push(await this.#populateOne(options));
      } catch (error) {
        if (!TcpError.is(error)) throw error;
        return { proxies: done, error };
      }
    }
    return { proxies: done };
  }

  /** Enables all proxies and takes all faults away; tells the first failure when all were tried. */
  async reset(): Promise<void> {
    let failure: unknown;
    for (const proxy of this.#byName()) {
      try {
        await proxy.heal();
      } catch (error) {
        failure ??= error;
      }
    }
    if (failure !== undefined) throw failure;
  }

  /** Ends a proxy; open connections get FIN. @throws TcpError `EPROXYNOTFOUND` */
  async delete(name: string): Promise<void> {
    const proxy = this.proxy(name);
    this.#proxies.delete(name);
    await proxy.disable({ how: 'fin' });
    await proxy.run.leave();
  }

  /** Calls back for every event of every proxy from now on; the returned function ends that. */
  on(listener: (event: ProxyEvent) => void): () => void {
    return this.#surroundings.row.hear(listener);
  }

  /** As data, by name. */
  toJSON(): Readonly<Record<string, ProxyData>> {
    return Object.fromEntries(this.list().map((proxy) => [proxy.name, proxy.toJSON()]));
  }

  /** Ends all proxies, open connections with RST. May be called twice. */
  async close(): Promise<void> {
    const all = this.list();
    this.#proxies.clear();
    await Promise.all(all.map((proxy) => proxy.close()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  get #reading(): FaultReading {
    return this.#surroundings.reading ?? {};
  }

  async #populateOne(options: ProxyOptions): Promise<Proxy> {
    const { name, enabled } = readProxyOptions(options);
    const there = this.#proxies.get(name);
    if (there === undefined) return this.create(options);
    if (await isSame(there, options)) {
      if (options.toxics !== undefined) there.run.replaceToxics(options.toxics);
      if (options.enabled !== undefined) await (enabled ? there.enable() : there.disable());
      return there;
    }
    return this.#replace(there, options);
  }

  /** The new one first, so that the old one stays when it cannot listen; the same port is given over. */
  async #replace(there: Proxy, options: ProxyOptions): Promise<Proxy> {
    const { port } = readAddress('listen', options.listen ?? '127.0.0.1:0');
    const samePort = port !== 0 && port === there.listen.port;
    this.#proxies.delete(there.name);
    if (samePort) await there.disable({ how: 'fin' });
    try {
      const proxy = await this.create(options);
      if (!samePort) await there.disable({ how: 'fin' });
      await there.run.leave();
      return proxy;
    } catch (error) {
      this.#proxies.set(there.name, there);
      throw error;
    }
  }

  #byName(): readonly Proxy[] {
    return this.list().toSorted((left, right) => (left.name < right.name ? -1 : 1));
  }
}

/** The same door, also by another name, and the same upstream, as text. */
async function isSame(
  proxy: Proxy,
  { listen = '127.0.0.1:0', upstream }: ProxyOptions,
): Promise<boolean> {
  if (proxy.upstream !== upstream) return false;
  return proxy.run.asked === listen || (await proxy.run.door.isAt(listen));
}
