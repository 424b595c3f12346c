import { type Address, formatAddress } from '../base/address';
import { toMicroseconds } from '../base/duration';
import type { World } from '../network/world';
import type { LinkBytes, Outcome } from '../proxy/outcome';
import type { Proxy } from '../proxy/proxy';
import type { ProxyConnection } from '../proxy/proxy-connection';
import type { ProxyEvent } from '../proxy/proxy-events';
import type { ProxySet } from '../proxy/proxy-set';

/** How long, and how many, connections that are over are told about. */
const keptUs = toMicroseconds(60_000);
const mostKept = 1_000;

/** A connection as it is answered. */
export interface ConnectionData {
  readonly id: string;
  readonly number: number;
  readonly proxy: string;
  readonly client: string;
  readonly upstream: string | null;
  readonly state: string;
  /** Milliseconds since it was accepted; of one that is over, how long it lived. */
  readonly age: number;
  readonly bytes: { readonly upstream: LinkBytes; readonly downstream: LinkBytes };
  readonly queued: { readonly upstream: number; readonly downstream: number };
  /** Names of the faults that hit it. */
  readonly toxics: readonly string[];
  readonly outcome?: Outcome;
}

/** The connections of all proxies: those that are open, and for a while those that are over. */
export class ConnectionLog {
  readonly #world: World;
  readonly #proxies: ProxySet;
  readonly #end: () => void;
  /** By id, the oldest first. */
  readonly #over = new Map<string, { readonly data: ConnectionData; readonly atUs: number }>();

  constructor(world: World, proxies: ProxySet) {
    this.#world = world;
    this.#proxies = proxies;
    this.#end = proxies.on((event) => {
      if (event.type === 'connection.closed') this.#keep(event);
    });
  }

  /** An open connection and its proxy, or nothing. */
  find(id: string): { readonly proxy: Proxy; readonly connection: ProxyConnection } | undefined {
    const proxy = this.#proxies.get(id.slice(0, id.lastIndexOf('#')));
    const connection = proxy?.connections.find((each) => each.id === id);
    return proxy === undefined || connection === undefined ? undefined : { proxy, connection };
  }

  /** One connection, open or over. */
  get(id: string): ConnectionData | undefined {
    const open = this.find(id);
    if (open !== undefined) return this.#dataOf(open.proxy, open.connection);
    this.#forget();
    return this.#over.get(id)?.data;
  }

  /** All connections, those that are open first, each in the order of accept. */
  list(proxy?: string): readonly ConnectionData[] {
    this.#forget();
    const open = this.#proxies
      .list()
      .filter(({ name }) => proxy === undefined || name === proxy)
      .flatMap((each) => each.connections.map((connection) => this.#dataOf(each, connection)));
    const over = [...this.#over.values()].map(({ data }) => data);
    return [...open, ...over.filter((data) => proxy === undefined || data.proxy === proxy)];
  }

  close(): void {
    this.#end();
    this.#over.clear();
  }

  #dataOf(proxy: Proxy, connection: ProxyConnection): ConnectionData {
    const { id, number, client, upstream, state, bytes, queued, startedUs, outcome } = connection;
    return {
      id,
      number,
      proxy: proxy.name,
      client: formatAddress(client),
      upstream: upstream === undefined ? null : formatAddress(upstream),
      state,
      age: inMs(this.#world.clock.now() - startedUs),
      bytes,
      queued,
      toxics: [
        ...new Set(streams.flatMap((stream) => connection.toxics(stream).map(({ name }) => name))),
      ],
      ...(outcome !== undefined && { outcome }),
    };
  }

  #keep(event: ProxyEvent): void {
    const { connection: id = '', proxy, how, by, toxic } = event;
    const facts = event as ProxyEvent & ClosedFacts;
    const { number, client, upstream, ageUs, bytes } = facts;
    const outcome = { how, by, ...(toxic !== undefined && { toxic }) } as Outcome;
    const data: ConnectionData = {
      id,
      number,
      proxy,
      client: formatAddress(client),
      upstream: upstream === undefined ? null : formatAddress(upstream),
      state: 'closed',
      age: inMs(ageUs),
      bytes,
      queued: { upstream: 0, downstream: 0 },
      toxics: toxic === undefined ? [] : [toxic],
      outcome,
    };
    this.#over.set(id, { data, atUs: event.atUs });
    this.#forget();
  }

  #forget(): void {
    const sinceUs = this.#world.clock.now() - keptUs;
    for (const [id, { atUs }] of this.#over) {
      if (atUs >= sinceUs && this.#over.size <= mostKept) return;
      this.#over.delete(id);
    }
  }
}

/** What the event of a closed connection tells beside how it ended. */
interface ClosedFacts {
  readonly number: number;
  readonly client: Address;
  readonly upstream?: Address;
  readonly ageUs: number;
  readonly bytes: ConnectionData['bytes'];
}

const streams = ['upstream', 'downstream'] as const;

function inMs(us: number): number {
  return Math.round(us / 1_000);
}
