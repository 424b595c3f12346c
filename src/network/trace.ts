import type { WireEvent, WireEventInput } from './wire-event';

/** `full` keeps bytes, `events` keeps lengths and digests, `off` keeps nothing. */
export type TraceMode = 'full' | 'events' | 'off';

/**
 * The log that every connection of a world writes.
 *
 * @source docs/network.md#trace
 */
export interface Trace {
  readonly mode: TraceMode;
  /** The events kept, oldest first; with a limit, the latest ones. Grows while you hold it. */
  readonly events: readonly WireEvent[];
  /** Events that a limit pushed out. */
  readonly dropped: number;
  /** Whether anybody would see an event; those who write ask before they build one. */
  readonly active: boolean;
  /**
   * Whether bytes given to `add` are kept or handed on. Who writes an event then gives bytes that
   * nobody changes afterwards; otherwise they are only measured, and may be a reused buffer.
   */
  readonly keepsBytes: boolean;
  add(event: WireEventInput): WireEvent;
  /** Calls back for every event from now on; the returned function ends that. */
  subscribe(listener: (event: WireEvent) => void): () => void;
  /** 128-bit hash, as 32 hex digits, over every event seen, in order, also those dropped. */
  hash(options?: { readonly withoutCiphertext?: boolean }): string;
}
