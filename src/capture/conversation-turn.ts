/** What one side said until the other one spoke. */
export interface Turn {
  readonly from: 'client' | 'server';
  /** Messages without their framing; without a framer one: all bytes of the turn. May be none, before an `end`. */
  readonly frames: readonly Uint8Array[];
  /** The last of `frames` is no whole message: its bytes are exactly those of the wire. */
  readonly raw?: true;
  /** Microseconds since the last byte of the other side, or since the connection began. */
  readonly afterUs: number;
  /** How this side ended behind the turn. */
  readonly end?: 'fin' | 'rst';
}
