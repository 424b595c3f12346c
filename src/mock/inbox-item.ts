import type { TcpError } from '../base/errors';
import type { Framer } from '../framing/framer';
import type { Clock } from '../network/clock';
import type { Caller } from '../tcp/caller';
import type { FaultLane } from './fault-lane';

/** What comes from a client, in order. */
export type InboxItem =
  | { readonly kind: 'frame'; readonly bytes: Uint8Array }
  /** The client ended: FIN, RST, or we closed. `leftover` are bytes that were no whole frame. */
  | { readonly kind: 'end' | 'reset' | 'closed'; readonly leftover: Uint8Array }
  | { readonly kind: 'problem'; readonly error: TcpError };

export interface InboxSettings {
  readonly caller: Caller;
  readonly framer: Framer;
  readonly clock: Clock;
  /** Where faults act on what comes; absent without faults. */
  readonly lane?: FaultLane;
  /** Unread bytes at which reading stops until some are taken. */
  readonly most: number;
  /** Told when something has come, before it is taken. */
  /** Told of all bytes as they come. */
  onChunk(chunk: Uint8Array, isFirst: boolean): void;
  onItem(item: InboxItem): void;
}
