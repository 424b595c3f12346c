import type { TcpError } from '../base/errors';
import type { Framer } from '../framing/framer';
import type { Clock } from '../network/clock';
import type { Caller } from '../tcp/caller';

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
  /** Unread bytes at which reading stops until some are taken. */
  readonly most: number;
  /** Told when something has come, before it is taken. */
  /** Called with the first bytes that come. */
  onFirst(chunk: Uint8Array): void;
  onItem(item: InboxItem): void;
}
