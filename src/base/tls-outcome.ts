import type { TcpErrorCode, TlsKind } from './error-codes';
import type { TlsPhase } from './tls-phase';

/**
 * What became of TLS on one end of a connection, whether or not it was ever secured.
 *
 * @source docs/tls.md#outcomes
 */
export interface TlsOutcome {
  readonly side: 'client' | 'server';
  /** Whether this end was done with its handshake; a client of TLS 1.3 may still be refused then. */
  readonly secured: boolean;
  /** How far it came. */
  readonly phase: TlsPhase;
  /** `TLSv1.3`; absent until it was secured, as are the next four. */
  readonly version?: string;
  /** IANA's name. */
  readonly cipher?: string;
  readonly alpn?: string | false;
  readonly resumed?: boolean;
  readonly authorized?: boolean;
  /** The name that was sent by the client. */
  readonly servername?: string;
  /** Whether the server asked for another greeting (HelloRetryRequest). */
  readonly helloRetry: boolean;
  /** By RFC 8446, such as `handshake_failure`; `alert 250` for one that has no name. */
  readonly alertSent?: string;
  readonly alertReceived?: string;
  /** `missing`: the connection has ended, and nobody said it. `not-reached`: it has not come to that. */
  readonly closeNotify: 'sent' | 'received' | 'both' | 'missing' | 'not-reached';
  /** Who ended the connection first; absent while it is open. */
  readonly endedBy?: 'local' | 'peer';
  /** How: `destroy` is this end giving up, which the kernel makes FIN or RST. */
  readonly endedHow?: 'fin' | 'rst' | 'destroy';
  readonly error?: {
    readonly kind: TlsKind;
    readonly code: TcpErrorCode;
    /** What Node or OpenSSL called it; differs between Node lines. */
    readonly raw?: string;
  };
}
