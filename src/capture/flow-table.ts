import type { WireEvent } from '../network/wire-event';
import { unknownEnds, WireFlow } from './wire-flow';

/** One connection, and which of its ends report it. */
export class FlowPair {
  flow: WireFlow;
  /** Id of the end that dialled, where the trace has it. */
  dialled: string | undefined;
  /** Id of the end that accepted, where the trace has it. */
  accepted: string | undefined;
  /** The end that is believed on a real network: the first that was seen. */
  readonly reporter: string;
  /** Ends whose `close` was seen. */
  readonly closed: Set<string> = new Set();

  constructor(flow: WireFlow, id: string) {
    this.flow = flow;
    this.reporter = id;
    if (id.startsWith('c')) this.dialled = id;
    else this.accepted = id;
  }
}

export interface FlowTableSettings {
  /** Longest segment; default by the addresses. */
  readonly segment?: number | undefined;
  /** Which interface of the file a connection belongs to, by the id of an end; default 0. */
  readonly legOf?: ((connection: string) => number) | undefined;
}

/**
 * Finds the connection that an event belongs to, as events come.
 *
 * Two ends belong together when their ids share a number, or when an end that accepts has the
 * addresses of one that dialled, mirrored. What a connection wraps (`c1+tls`) is no connection here.
 */
export class FlowTable {
  readonly #settings: FlowTableSettings;
  readonly #pairs = new Map<string, FlowPair>();
  /** Dialled connections by their addresses, to be found mirrored. */
  readonly #dialled = new Map<string, FlowPair>();

  constructor(settings: FlowTableSettings) {
    this.#settings = settings;
  }

  /** The connection of an end; `undefined` when nothing of it was seen. */
  find(id: string): FlowPair | undefined {
    return this.#pairs.get(id) ?? this.#joined(id);
  }

  /** Takes what opens a connection, or announces one that is open. */
  open(event: WireEvent): FlowPair | undefined {
    const { connection: id } = event;
    if (!isEnd(id)) return undefined;
    const known = this.find(id) ?? this.#mirrored(event);
    if (known === undefined) return this.#add(event);
    this.#pairs.set(id, known);
    if (id.startsWith('s')) known.accepted ??= id;
    // A dial that came to nothing is followed by one to the next address.
    const isAnother = event.kind === 'syn' && known.flow.state !== 'fresh';
    if (isAnother && known.accepted === undefined) {
      known.flow = this.#flowOf(event);
      this.#index(known);
    }
    return known;
  }

  /** The connection of an end of which nothing was seen before: it is open, its addresses are not known. */
  adopt(id: string): FlowPair | undefined {
    if (!isEnd(id)) return undefined;
    const ends = unknownEnds(numberOf(id));
    const flow = new WireFlow(id, ends, this.#settings.segment, this.#settings.legOf?.(id));
    flow.state = 'open';
    flow.client.known = false;
    flow.server.known = false;
    return this.#keep(id, flow);
  }

  /** Forgets what is over at all ends. */
  forget(pair: FlowPair): void {
    for (const id of [pair.dialled, pair.accepted]) {
      if (id !== undefined) this.#pairs.delete(id);
    }
    const key = keyOf(pair.flow.client.address, pair.flow.server.address);
    if (this.#dialled.get(key) === pair) this.#dialled.delete(key);
  }

  #add(event: WireEvent): FlowPair {
    return this.#keep(event.connection, this.#flowOf(event));
  }

  #keep(id: string, flow: WireFlow): FlowPair {
    const pair = new FlowPair(flow, id);
    this.#pairs.set(id, pair);
    if (pair.dialled !== undefined) this.#index(pair);
    return pair;
  }

  #index(pair: FlowPair): void {
    const { client, server } = pair.flow;
    this.#dialled.set(keyOf(client.address, server.address), pair);
  }

  #flowOf({ connection: id, local, remote }: WireEvent): WireFlow {
    const ends =
      local === undefined || remote === undefined
        ? unknownEnds(numberOf(id))
        : id.startsWith('c')
          ? ([local, remote] as const)
          : ([remote, local] as const);
    return new WireFlow(id, ends, this.#settings.segment, this.#settings.legOf?.(id));
  }

  /** The connection whose other end has the same number. */
  #joined(id: string): FlowPair | undefined {
    const isDialled = id.startsWith('c');
    const other = this.#pairs.get(`${isDialled ? 's' : 'c'}${id.slice(1)}`);
    if (other === undefined || (isDialled ? other.dialled : other.accepted) !== undefined) {
      return undefined;
    }
    if (isDialled) other.dialled = id;
    else other.accepted = id;
    this.#pairs.set(id, other);
    return other;
  }

  #mirrored({ connection: id, local, remote }: WireEvent): FlowPair | undefined {
    if (!id.startsWith('s') || local === undefined || remote === undefined) return undefined;
    const pair = this.#dialled.get(keyOf(remote, local));
    return pair?.accepted === undefined ? pair : undefined;
  }
}

function isEnd(id: string): boolean {
  return /^[cs]\d+$/.test(id);
}

function numberOf(id: string): number {
  return Number(id.slice(1));
}

interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** An IPv4 peer of an IPv6 socket is the same peer. */
function keyOf(client: HostPort, server: HostPort): string {
  return [client, server]
    .map(({ host, port }) => `${host.replace(/^::ffff:(?=\d+\.)/i, '')} ${port}`)
    .join(' ');
}
