import { type Address, formatAddress } from '../base/address';
import type { WireEvent } from '../network/wire-event';
import { createTrace } from '../network/world/trace';
import type { CapturedChunk, CapturedStream } from './captured-stream';

/**
 * How a captured connection ended: both sides with FIN, one of them, RST, not at all, with bytes
 * that are missing, or before there was one.
 */
export type CapturedEnding = 'fin' | 'half' | 'rst' | 'open' | 'gap' | 'refused' | 'no-answer';

/** One connection of a capture. */
export interface CapturedConnection {
  /** From 1, in the order of their first packets. */
  readonly number: number;
  /** The side that dialled. */
  readonly client: Address;
  readonly server: Address;
  /** Microseconds since 1970 of the first SYN; null where it is not in the file. */
  readonly openedUs: number | null;
  /** Of the last FIN, or the RST; null where there is none. */
  readonly closedUs: number | null;
  /** Its beginning is not in the file; which side dialled is a guess. */
  readonly midstream: boolean;
  readonly ended: CapturedEnding;
  /** What the client sent. */
  readonly out: CapturedStream;
  /** What the server sent. */
  readonly in: CapturedStream;
  /** It carries TLS records, which are not decrypted here. */
  readonly tls: boolean;
  /** Lines of the file's key log that open its records. */
  readonly secrets: readonly string[];
  readonly comments: readonly { readonly atUs: number; readonly text: string }[];
  readonly warnings: readonly string[];
  /** What happened beside bytes, in order. */
  readonly moments: readonly CapturedMoment[];
}

/** A packet of a connection that is more than bytes. */
export interface CapturedMoment {
  readonly kind: 'syn' | 'established' | 'refused' | 'fin' | 'rst';
  readonly direction: 'out' | 'in';
  readonly atUs: number;
  /** Where it stands in the file; orders what has the same time. */
  readonly place: number;
}

/**
 * A captured connection as wire events, as its dialling end would have told them: `syn`,
 * `established`, `refused`, `write` and `data`, `fin`, `rst`.
 *
 * @param originUs - the instant of the capture that is microsecond 0; default the connection's first
 */
export function eventsOf(connection: CapturedConnection, originUs?: number): readonly WireEvent[] {
  const { client, server, number } = connection;
  const trace = createTrace({ mode: 'full' });
  let start = originUs;
  let nowUs = 0;
  trace.useClock(() => nowUs);
  const [from = '', to = ''] = [client, server].map(formatAddress);
  for (const { atUs, direction, ...item } of itemsOf(connection)) {
    start ??= atUs;
    nowUs = Math.max(nowUs, atUs - start);
    const common = { connection: `c${number}`, from, to, direction };
    if ('bytes' in item) {
      const kind = direction === 'out' ? 'write' : 'data';
      trace.add({ ...common, kind, bytes: item.bytes, stream: item.offset });
    } else {
      const isOpening = item.kind !== 'fin' && item.kind !== 'rst';
      const ends = isOpening ? { local: client, remote: server } : {};
      trace.add({ ...common, kind: item.kind, ...ends });
    }
  }
  return trace.events;
}

/** Bytes with their direction, or a moment. */
export type CapturedItem = (CapturedChunk & { readonly direction: 'out' | 'in' }) | CapturedMoment;

/**
 * Everything that happened, in order, read from the file while it is asked for.
 *
 * The order of a stream goes before that of times: what was sent again comes late.
 */
export function* itemsOf(connection: CapturedConnection): Generator<CapturedItem, void, undefined> {
  const streams = {
    out: new Ahead(chunksOf(connection, 'out')),
    in: new Ahead(chunksOf(connection, 'in')),
  };
  const moments = new Ahead(connection.moments[Symbol.iterator]());
  for (;;) {
    const moment = moments.next;
    const waits = moment?.kind === 'fin' && streams[moment.direction].next !== undefined;
    const candidates = [...(waits ? [] : [moments]), streams.out, streams.in];
    let first: Ahead<CapturedItem> | undefined;
    for (const candidate of candidates)
      if (isBefore(candidate.next, first?.next)) first = candidate;
    if (first?.next === undefined) return;
    yield first.next;
    first.advance();
  }
}

function* chunksOf(
  connection: CapturedConnection,
  direction: 'out' | 'in',
): Generator<CapturedItem, void, undefined> {
  for (const chunk of connection[direction].chunks()) yield { ...chunk, direction };
}

function isBefore(item: CapturedItem | undefined, other: CapturedItem | undefined): boolean {
  if (item === undefined || other === undefined) return item !== undefined;
  return item.atUs < other.atUs || (item.atUs === other.atUs && item.place < other.place);
}

/** An iterator whose next value can be looked at. */
class Ahead<T> {
  next: T | undefined;
  readonly #rest: Iterator<T>;

  constructor(rest: Iterator<T>) {
    this.#rest = rest;
    this.advance();
  }

  advance(): void {
    const { done, value } = this.#rest.next();
    this.next = done ? undefined : value;
  }
}
