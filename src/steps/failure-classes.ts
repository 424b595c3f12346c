import type { TcpErrorCode, TlsKind } from '../base/error-codes';
import type { TcpError } from '../base/errors';

/**
 * A class of failures, as the words of a step name it.
 *
 * Steps match classes, so that one line passes on every network and every Node.
 */
export interface FailureClass {
  /** `connection reset`. */
  readonly words: string;
  readonly codes: readonly TcpErrorCode[];
  /** Absent: any phase. */
  readonly phase?: 'connect' | 'listen' | 'read' | 'write' | 'handshake';
  /** Absent: whatever went wrong under TLS. */
  readonly kinds?: readonly TlsKind[];
}

const handshakeCodes = ['ETLSHANDSHAKE', 'ETLSNOTTLS', 'ETLSCERT', 'ETLSCLOSED'] as const;
const tlsCodes = [...handshakeCodes, 'ETLSTIMEOUT', 'ETLSRECORD'] as const;

/** Every class that a step can name, the most common first. */
export const failureClasses: readonly FailureClass[] = [
  { words: 'connection refused', codes: ['ECONNREFUSED'], phase: 'connect' },
  { words: 'host unreachable', codes: ['EUNREACHABLE'], phase: 'connect' },
  { words: 'unknown host', codes: ['ENOTFOUND'], phase: 'connect' },
  { words: 'address in use', codes: ['EADDRINUSE'], phase: 'listen' },
  { words: 'connection reset', codes: ['ECONNRESET'] },
  { words: 'end of stream', codes: ['EPEERCLOSED'], phase: 'read' },
  { words: 'timeout', codes: ['ECONNECTTIMEOUT', 'EREADTIMEOUT', 'EWRITETIMEOUT', 'ETLSTIMEOUT'] },
  { words: 'connect timeout', codes: ['ECONNECTTIMEOUT'], phase: 'connect' },
  { words: 'read timeout', codes: ['EREADTIMEOUT'], phase: 'read' },
  { words: 'write timeout', codes: ['EWRITETIMEOUT'], phase: 'write' },
  { words: 'handshake timeout', codes: ['ETLSTIMEOUT'], phase: 'handshake' },
  { words: 'handshake failure', codes: handshakeCodes, phase: 'handshake' },
  { words: 'certificate error', codes: ['ETLSCERT'] },
  ...ofKinds({
    'expired certificate': ['cert-expired'],
    'not yet valid certificate': ['cert-not-yet-valid'],
    'hostname mismatch': ['cert-host-mismatch'],
    'unknown authority': ['cert-untrusted', 'cert-incomplete-chain'],
    'self-signed certificate': ['cert-self-signed'],
    'revoked certificate': ['cert-revoked'],
    'wrong certificate usage': ['cert-wrong-usage'],
    'broken certificate chain': ['cert-chain-invalid'],
    'weak certificate': ['cert-weak'],
    'missing client certificate': ['client-cert-missing'],
    'handshake closed': ['closed-in-handshake'],
    'handshake reset': ['reset-in-handshake'],
    'protocol version error': ['version-mismatch'],
    'no shared cipher': ['no-shared-cipher'],
    'no shared ALPN protocol': ['no-alpn'],
    'not TLS': ['not-tls'],
    'bad TLS record': ['bad-record', 'bad-message'],
    'truncated stream': ['truncated'],
  }),
];

/** Whether a failure belongs to a class. */
export function isOfClass(failure: FailureClass, error: TcpError): boolean {
  const { codes, kinds, phase } = failure;
  if (!codes.includes(error.code)) return false;
  if (phase === 'handshake' && error.phase !== 'handshake') return false;
  return kinds === undefined || (error.kind !== undefined && kinds.includes(error.kind));
}

/** The words of the narrowest class that an error belongs to; its code when there is none. */
export function failureWords(error: TcpError): string {
  const fits = failureClasses.filter((failure) => isOfClass(failure, error));
  const narrow = fits.sort((left, right) => width(left) - width(right))[0];
  return narrow?.words ?? error.code;
}

function ofKinds(kinds: Readonly<Record<string, readonly TlsKind[]>>): readonly FailureClass[] {
  return Object.entries(kinds).map(([words, its]) => ({ words, codes: tlsCodes, kinds: its }));
}

/** A class of kinds is narrower than every class of codes. */
function width({ codes, kinds }: FailureClass): number {
  return kinds === undefined ? 100 * codes.length : kinds.length;
}
