import type { TlsOutcome } from '../base/tls-outcome';
import type { Connection } from './connection';
import type { TlsVersion } from './tls-settings';

/**
 * What two ends have agreed on.
 *
 * @source docs/tls.md
 */
export interface TlsInfo {
  readonly protocol: TlsVersion;
  /** IANA's name. */
  readonly cipher: string;
  readonly cipherOpenssl: string;
  /** The protocol agreed on; `false` when there was none to agree on. */
  readonly alpn: string | false;
  /** The name that the client sent. */
  readonly servername?: string;
  /** Whether the peer's certificate was checked and found good. */
  readonly authorized: boolean;
  /** Why it was not, by Node's name; for servers that only ask for a certificate. */
  readonly authorizationError?: string;
  readonly resumed: boolean;
  /** Whether the server asked for a second greeting (HelloRetryRequest). */
  readonly helloRetry: boolean;
  readonly peerCertificate?: TlsCertificateInfo;
  /** PEM, the leaf first, up to the anchor where that is known. */
  readonly peerChain: readonly string[];
  /** Who has said close_notify up to now. */
  readonly closeNotify: 'none' | 'sent' | 'received' | 'both';
  /** Everything that has become of TLS on this end up to now. */
  readonly outcome: TlsOutcome;
  /** Client: the proof of OCSP that the server has sent, DER, as it came: nobody has checked it. */
  readonly ocspResponse?: Uint8Array;
  /** Client: what resumes this session; comes after the handshake, with TLS 1.3 more than once. */
  readonly session?: Uint8Array;
}

/** A certificate in a few words. */
export interface TlsCertificateInfo {
  readonly subject: string;
  /** SHA-256, as 32 pairs of hex digits with colons. */
  readonly fingerprint256: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly pem: string;
}

/** A connection that TLS runs over: the same contract, for the bytes inside. */
export interface SecuredConnection extends Connection {
  readonly tls: TlsInfo;
}
