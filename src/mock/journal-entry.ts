/** The kinds of journal entries. */
export type JournalKind =
  | 'accept'
  | 'refused'
  | 'tls-hello-on-plain'
  | 'secured'
  | 'frame'
  | 'sent'
  | 'state'
  | 'matched'
  | 'unmatched'
  | 'script-finished'
  | 'fault'
  | 'timeout'
  | 'end'
  | 'reset'
  | 'error'
  | 'closed';

/** One thing that happened. */
export interface JournalEntry {
  /** From 1, without gaps. */
  readonly seq: number;
  /** Microseconds since the mock started. */
  readonly t: number;
  readonly mock: string;
  /** In order of accept, from 1; 0 for what belongs to none. */
  readonly connection: number;
  readonly kind: JournalKind;
  /** `in` came from the client. */
  readonly direction?: 'in' | 'out';
  /** At most 64 KiB of them. */
  readonly bytes?: Uint8Array;
  /** Of all bytes. */
  readonly length?: number;
  /** Which rule, or which turn of the script, answered a frame. */
  readonly rule?: string;
  readonly state?: string;
  /** Why, in words. */
  readonly reason?: string;
  /** Who connected, on `accept`: `host:port`. */
  readonly remote?: string;
  /** Bytes of the whole connection, on `closed`. */
  readonly bytesIn?: number;
  readonly bytesOut?: number;
  /** `true` for `sent` bytes that went past the framing. */
  readonly raw?: boolean;
}

/** What a writer knows of an entry. */
export type JournalInput = Omit<JournalEntry, 'seq' | 't' | 'mock' | 'length'>;

/** Which entries are asked for. */
export interface JournalQuery {
  /** Only entries behind this `seq`. */
  readonly after?: number;
  readonly connection?: number;
  readonly kind?: JournalKind;
}
