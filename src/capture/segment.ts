import type { WireFlow } from './wire-flow';

/** Bits of the flags of TCP. @source RFC 9293 section 3.1 */
export const tcpFlags = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16 } as const;

/** One TCP segment, before it is bytes. Reused for the next one: who keeps it copies it. */
export interface Segment {
  flow: WireFlow;
  /** From the end that dialled. */
  out: boolean;
  /** Microseconds of the world's clock. */
  atUs: number;
  flags: number;
  /** Sequence and acknowledgement numbers, 32 bits. */
  sequence: number;
  acknowledgement: number;
  window: number;
  /** Bytes of payload. */
  length: number;
  /** Holds the payload from `from` on; absent where it was not kept. */
  payload: Uint8Array | undefined;
  from: number;
  /** Index of the event, on its first segment; else -1. */
  event: number;
  /** More to say on this segment. */
  notes: readonly string[];
}

/** What takes segments and marks, in the order of the file. */
export interface SegmentSink {
  segment(segment: Readonly<Segment>): void;
  /** Something that has no packet. */
  mark(atUs: number, text: string): void;
  /** A name that an address answers to. */
  name(address: string, name: string): void;
}
