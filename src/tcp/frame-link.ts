import type { TcpError } from '../base/errors';
import type { Clock } from '../network/clock';
import type { Failures } from './failures';
import type { Replies } from './replies';
import type { Wire } from './wire';

/** What a framed service needs of the connection it serves. */
export interface FrameLink {
  readonly clock: Clock;
  /** Queues bytes behind what was written before. */
  reply(bytes: Uint8Array): void;
  /** Whether the next message may be handed over now. */
  goesOn(): boolean;
  /** Tells `onError`. */
  fail(error: TcpError): void;
  /** The line was silent for the framer's gap. */
  silent(): void;
}

/** Links a framed service to a connection. */
export function frameLink(
  wire: Wire,
  replies: Replies,
  failures: Failures,
  silent: () => void,
): FrameLink {
  return {
    clock: wire.world.clock,
    reply: (bytes) => replies.send(bytes),
    goesOn: () => !replies.blocked && !wire.closing,
    fail: (error) => failures.add(error, 'framing'),
    silent,
  };
}
