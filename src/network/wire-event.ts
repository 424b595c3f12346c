import type { Address } from '../base/address';

/** The kinds of things that are seen on a wire. */
export type WireEventKind =
  | 'lookup'
  | 'syn'
  | 'refused'
  | 'established'
  | 'accepted'
  | 'write'
  | 'data'
  | 'fin'
  | 'rst'
  | 'window'
  | 'pause'
  | 'resume'
  | 'tls'
  | 'timeout'
  | 'error'
  | 'close'
  | 'fault'
  | 'control'
  | 'timer'
  | 'note'
  | 'sometimes';

/**
 * One thing seen on a wire: the one vocabulary of traces, wire logs, captures and timelines.
 *
 * @source docs/network.md#events
 */
export interface WireEvent {
  /** Counted from 0 per trace. */
  readonly index: number;
  /** Microseconds of the world's clock. */
  readonly atUs: number;
  /** `c1`, `s1`; empty for what belongs to no connection. */
  readonly connection: string;
  /** Labels of the end that reports and of its peer. */
  readonly from: string;
  readonly to: string;
  /** Seen from the end that dialled: `out` leaves it, `in` comes to it. */
  readonly direction: 'out' | 'in' | '-';
  readonly kind: WireEventKind;
  /** Bytes. */
  readonly length?: number;
  /** By reference, never changed; absent unless the trace keeps bytes. Those who subscribe get them in every mode. */
  readonly bytes?: Uint8Array;
  /** CRC-32 of the bytes, also where the bytes themselves are not kept. */
  readonly digest?: number;
  /** Offset of the first byte in its direction. */
  readonly stream?: number;
  /** Index of the event that caused this one. */
  readonly cause?: number;
  /** On `syn`, `established`, `accepted` and `refused`: the two ends, as the reporting end sees them. */
  readonly local?: Address;
  readonly remote?: Address;
  /**
   * More facts, by kind: `lookup` host and address or code; `syn` probe; `fin` by and mayBeReset;
   * `rst` reason; `timeout` ms; `error` code, message and syscall; `close` hadError.
   */
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
}

/** What a writer of the trace knows; index and time are added, and the digest where it is not known. */
export type WireEventInput = Omit<WireEvent, 'index' | 'atUs'>;
