import type { Address } from '../base/address';
import type { WireEvent } from '../network/wire-event';

/** One connection of a trace, which one or both of its ends may have reported. */
export interface WirePair {
  /** Number in logs: that of the ids, so `[3]` is the connection of `c3` and `s3`. */
  readonly number: number;
  /** Id of the end that dialled, where the trace has it. */
  readonly dialled?: string;
  /** Id of the end that accepted, where the trace has it. */
  readonly accepted?: string;
}

/** What the trace tells of one end. */
interface WireEnd {
  readonly id: string;
  readonly accepted: boolean;
  local?: string;
  remote?: string;
}

/**
 * Finds the connections of a trace: two ends belong together when their ids share a number, or when
 * the addresses of one are those of the other, mirrored.
 *
 * @returns id of an end → its connection, in the order in which they appear
 * @source docs/scripts.md#reading-a-log
 */
export function pairConnections(events: Iterable<WireEvent>): ReadonlyMap<string, WirePair> {
  const ends = collectEnds(events);
  const partners = partnersOf([...ends.values()]);
  const taken = new Set<number>();
  const pairs = new Map<string, WirePair>();
  for (const end of ends.values()) {
    if (pairs.has(end.id)) continue;
    const other = partners.get(end.id);
    const [dialled, accepted] = end.accepted ? [other, end.id] : [end.id, other];
    const number = freeNumber(numberOf(dialled ?? accepted ?? ''), taken);
    const pair = {
      number,
      ...(dialled === undefined ? {} : { dialled }),
      ...(accepted === undefined ? {} : { accepted }),
    };
    pairs.set(end.id, pair);
    if (other !== undefined) pairs.set(other, pair);
  }
  return pairs;
}

function collectEnds(events: Iterable<WireEvent>): Map<string, WireEnd> {
  const ends = new Map<string, WireEnd>();
  for (const event of events) {
    const id = event.connection;
    if (id === '') continue;
    const end = ends.get(id) ?? { id, accepted: id.startsWith('s') };
    ends.set(id, end);
    // A dial knows its own port only once it is connected.
    if (event.local !== undefined && event.local.port > 0) end.local = addressKey(event.local);
    if (event.remote !== undefined) end.remote = addressKey(event.remote);
  }
  return ends;
}

function partnersOf(ends: readonly WireEnd[]): Map<string, string> {
  const partners = new Map<string, string>();
  const join = (dialled: WireEnd | undefined, accepted: WireEnd) => {
    if (dialled === undefined) return;
    partners.set(dialled.id, accepted.id).set(accepted.id, dialled.id);
  };
  const accepting = ends.filter((end) => end.accepted);
  const dialling = ends.filter((end) => !end.accepted);
  const byNumber = new Map(dialling.map((end) => [numberOf(end.id), end]));
  byNumber.delete(Number.NaN);
  for (const end of accepting) join(byNumber.get(numberOf(end.id)), end);
  // Addresses may be used again, so that the first free end with them is the one meant.
  const free = new Map<string, WireEnd[]>();
  for (const end of dialling) {
    if (partners.has(end.id)) continue;
    const key = `${end.local} ${end.remote}`;
    const known = free.get(key);
    if (known === undefined) free.set(key, [end]);
    else known.push(end);
  }
  for (const end of accepting) {
    if (partners.has(end.id) || end.local === undefined) continue;
    join(free.get(`${end.remote} ${end.local}`)?.shift(), end);
  }
  return partners;
}

function numberOf(id: string): number {
  return Number(/^[cs](\d+)$/.exec(id)?.[1] ?? Number.NaN);
}

function freeNumber(wanted: number, taken: Set<number>): number {
  let number = Number.isNaN(wanted) ? 1 : wanted;
  while (taken.has(number)) number++;
  taken.add(number);
  return number;
}

/** An IPv4 peer of an IPv6 socket is the same peer. */
function addressKey({ host, port }: Address): string {
  return `${host.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '')} ${port}`;
}
