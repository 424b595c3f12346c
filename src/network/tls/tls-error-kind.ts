/** Node's error → a kind that is the same on every Node line and both networks. */
import type { TcpErrorCode, TlsKind } from '../../base/error-codes';
import type { TlsAlert } from '../../base/errors';
import { alertName } from '../../base/tls-alert-names';

/** What was seen when TLS failed. */
export interface FailureFacts {
  readonly error: unknown;
  /** The verdict on the peer's certificate, by Node's name. */
  readonly authorizationError?: string | undefined;
  /** Whether the handshake was done. */
  readonly secured: boolean;
  /** Whether the peer's first bytes were no TLS. */
  readonly foreign: boolean;
  /** Complete records that the peer has sent. */
  readonly recordsReceived: number;
  readonly finReceived: boolean;
  /** The last alert in the clear. */
  readonly alert: TlsAlert | undefined;
}

/** What a failure is called. */
export interface Failure {
  readonly kind: TlsKind;
  readonly code: TcpErrorCode;
  readonly alert?: TlsAlert;
}

const certificateKinds: Readonly<Record<string, TlsKind>> = {
  CERT_HAS_EXPIRED: 'cert-expired',
  CERT_NOT_YET_VALID: 'cert-not-yet-valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'cert-host-mismatch',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'cert-self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'cert-untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'cert-untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'cert-untrusted',
  CERT_UNTRUSTED: 'cert-untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'cert-incomplete-chain',
  CERT_REVOKED: 'cert-revoked',
  CRL_HAS_EXPIRED: 'cert-revocation-unknown',
  UNABLE_TO_GET_CRL: 'cert-revocation-unknown',
  INVALID_PURPOSE: 'cert-wrong-usage',
  PATH_LENGTH_EXCEEDED: 'cert-chain-invalid',
  INVALID_CA: 'cert-chain-invalid',
};

const reasonKinds: Readonly<Record<string, TlsKind>> = {
  UNSUPPORTED_PROTOCOL: 'version-mismatch',
  NO_PROTOCOLS_AVAILABLE: 'version-mismatch',
  BAD_LEGACY_VERSION: 'version-mismatch',
  VERSION_TOO_LOW: 'version-mismatch',
  WRONG_SSL_VERSION: 'version-mismatch',
  NO_SHARED_CIPHER: 'no-shared-cipher',
  NO_CIPHERS_AVAILABLE: 'no-shared-cipher',
  NO_SUITABLE_KEY_SHARE: 'no-shared-group',
  NO_SUITABLE_GROUPS: 'no-shared-group',
  NO_SUITABLE_SIGNATURE_ALGORITHM: 'no-shared-sigalg',
  NO_APPLICATION_PROTOCOL: 'no-alpn',
  PEER_DID_NOT_RETURN_A_CERTIFICATE: 'client-cert-missing',
  DECRYPTION_FAILED_OR_BAD_RECORD_MAC: 'bad-record',
  CIPHER_OPERATION_FAILED: 'bad-record',
  INVALID_AAD: 'bad-record',
  BAD_RECORD_TYPE: 'bad-record',
  PACKET_LENGTH_TOO_LONG: 'bad-record',
  DATA_LENGTH_TOO_LONG: 'bad-record',
  ENCRYPTED_LENGTH_TOO_LONG: 'bad-record',
  UNEXPECTED_MESSAGE: 'bad-message',
  LENGTH_MISMATCH: 'bad-message',
  UNKNOWN_CIPHER_RETURNED: 'bad-message',
  BAD_SIGNATURE: 'bad-message',
  PROVIDER_SIGNATURE_FAILURE: 'bad-message',
};

const alertKinds: ReadonlyMap<number, TlsKind> = new Map([
  [70, 'version-mismatch'],
  [116, 'client-cert-missing'],
  [120, 'no-alpn'],
]);

const firstAlertReason = 1_000;

/** Sorts a failure. */
export function failureOf(facts: FailureFacts): Failure {
  const alert = alertOf(facts);
  const kind = kindOf(facts, alert);
  return { kind, code: codeOf(kind, facts.secured), ...(alert !== undefined && { alert }) };
}

/** The code under which a kind is told. */
export function codeOf(kind: TlsKind, secured: boolean): TcpErrorCode {
  if (kind.startsWith('cert-') || kind === 'client-cert-missing') return 'ETLSCERT';
  switch (kind) {
    case 'handshake-timeout':
      return 'ETLSTIMEOUT';
    case 'closed-in-handshake':
    case 'reset-in-handshake':
      return 'ETLSCLOSED';
    case 'not-tls':
      return 'ETLSNOTTLS';
    case 'truncated':
    case 'renegotiation-refused':
      return 'ETLSRECORD';
    case 'config':
      return 'ETLSCONFIG';
    default:
      return secured ? 'ETLSRECORD' : 'ETLSHANDSHAKE';
  }
}

/** The kind of a refused certificate. */
export function certificateKind(verdict: string, message: string): TlsKind {
  if (/too weak/.test(message)) return 'cert-weak';
  if (/does not include certificate signing/.test(message)) return 'cert-chain-invalid';
  return certificateKinds[verdict] ?? 'cert-untrusted';
}

/**
 * The alert that an error of OpenSSL stands for: names of alerts differ between Node lines, their
 * numbers do not.
 */
export function alertNumber(error: unknown): number | undefined {
  const message = messageOf(error);
  const named = /SSL alert number (\d+)/.exec(message)?.[1];
  if (named !== undefined) return Number(named);
  const reason = /error:0A000([0-9A-F]{3})/i.exec(message)?.[1];
  if (reason === undefined) return undefined;
  const number = Number.parseInt(reason, 16) - firstAlertReason;
  return number >= 0 ? number : undefined;
}

function alertOf({ error, alert }: FailureFacts): TlsAlert | undefined {
  const number = alertNumber(error);
  if (number === undefined) return alert;
  return { number, name: alertName(number), direction: 'received' };
}

function kindOf(facts: FailureFacts, alert: TlsAlert | undefined): TlsKind {
  const { error, authorizationError, secured } = facts;
  if (facts.foreign) return 'not-tls';
  const message = messageOf(error);
  if (authorizationError !== undefined) return certificateKind(authorizationError, message);
  if (alert?.direction === 'received' && alert.number !== 0) {
    return alertKinds.get(alert.number) ?? 'alert-received';
  }
  const code = nodeCodeOf(error);
  if (code in certificateKinds || code === 'UNSPECIFIED') return certificateKind(code, message);
  const reason = code.replace(/^ERR_SSL_/, '');
  const known = reasonKinds[reason];
  if (known !== undefined) return known;
  if (reason === 'WRONG_VERSION_NUMBER' || reason === 'HTTP_REQUEST') {
    return facts.recordsReceived > 0 ? 'bad-record' : 'not-tls';
  }
  if (code === 'ERR_TLS_RENEGOTIATION_DISABLED' || code === 'ERR_TLS_SESSION_ATTACK') {
    return 'renegotiation-refused';
  }
  if (code === 'ERR_TLS_HANDSHAKE_TIMEOUT') return 'handshake-timeout';
  if (secured) return 'tls-other';
  if (facts.finReceived) return 'closed-in-handshake';
  return code === 'ECONNRESET' || code === 'EPIPE' ? 'reset-in-handshake' : 'tls-other';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}

/** The `code` of Node's error, or an empty text. */
export function nodeCodeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : '';
}
