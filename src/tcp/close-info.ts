import type { TcpError } from '../base/errors';

/** What began the end of a connection. */
export type CloseReason =
  | 'local-close'
  | 'peer-close'
  | 'local-reset'
  | 'peer-reset'
  | 'idle-timeout'
  | 'keepalive'
  | 'tls-error'
  | 'stop'
  | 'abort'
  | 'handler-failure'
  | 'error';

/**
 * How a connection ended.
 *
 * @source docs/clients.md
 */
export interface CloseInfo {
  readonly connectionId: string;
  readonly reason: CloseReason;
  /** What we put on the wire: FIN, RST, or neither. */
  readonly sent: 'fin' | 'rst' | 'none';
  /** What the peer put on the wire, as far as it was seen. */
  readonly received: 'fin' | 'rst' | 'none';
  readonly hadError: boolean;
  /** Present when `hadError`. */
  readonly error?: TcpError;
  /** Application bytes taken from the network. */
  readonly bytesRead: number;
  /** Application bytes handed to the kernel. */
  readonly bytesFlushed: number;
  /** Microseconds of the world's clock. */
  readonly openedAtUs: number;
  readonly closedAtUs: number;
}
