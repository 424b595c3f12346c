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
  const items = itemsOf(connection);
  const start = originUs ?? items[0]?.atUs ?? 0;
  let nowUs = 0;
  trace.useClock(() => nowUs);
  const [from = '', to = ''] = [client, server].map(formatAddress);
  for (const { atUs, direction, ...item } of items) {
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

/** Everything that happened, in order. */
export function itemsOf(connection: CapturedConnection): readonly CapturedItem[] {
  const items: CapturedItem[] = [...connection.moments];
  for (const direction of ['out', 'in'] as const) {
    for (const chunk of connection[direction].chunks()) items.push({ ...chunk, direction });
  }
  return items.sort((left, right) => left.atUs - right.atUs || left.place - right.place);
}
