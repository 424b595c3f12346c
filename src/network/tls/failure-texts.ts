import type { X509Certificate } from 'node:crypto';
import type { TlsKind } from '../../base/error-codes';
import type { TlsAlert } from '../../base/errors';

/** What a text may tell beside the kind. */
export interface TextFacts {
  /** Whose certificate was refused, as the user named it. */
  readonly peer: string;
  readonly certificate: X509Certificate | undefined;
  readonly alert: TlsAlert | undefined;
  /** The first bytes of the peer. */
  readonly first: Buffer;
  readonly error: unknown;
  readonly timeoutMs: number;
}

type Text = (facts: TextFacts) => string;

const texts: Readonly<Record<TlsKind, Text>> = {
  'handshake-timeout': ({ timeoutMs }) => `no end of the handshake after ${timeoutMs} ms`,
  'closed-in-handshake': () => 'the peer closed the connection before the handshake was done',
  'reset-in-handshake': () => 'the peer reset the connection before the handshake was done',
  'not-tls': ({ first }) =>
    first.length === 0
      ? 'the peer does not speak TLS'
      : `the peer does not speak TLS, it began with ${hexOf(first)}`,
  'alert-received': ({ alert }) => `the peer refused with the alert ${alert?.name ?? 'unknown'}`,
  'version-mismatch': () => 'the two sides allow no common version of TLS',
  'no-shared-cipher': () => 'the two sides allow no common cipher suite',
  'no-shared-group': () => 'the two sides allow no common group for the key exchange',
  'no-shared-sigalg': () =>
    'the two sides allow no common signature algorithm for this certificate',
  'no-alpn': () => 'the two sides offer no common protocol (ALPN)',
  'sni-rejected': () => 'there is no certificate for the name that the client asked for',
  'client-cert-missing': () => 'the server needs a certificate of the client, and none was sent',
  'cert-expired': (facts) =>
    `${certificateOf(facts)}, or one above it, has expired${facts.certificate ? `; it was valid until ${facts.certificate.validTo}` : ''}`,
  'cert-not-yet-valid': (facts) =>
    `${certificateOf(facts)} is not valid yet${facts.certificate ? `, only from ${facts.certificate.validFrom}` : ''}`,
  'cert-host-mismatch': (facts) =>
    `${certificateOf(facts)} is for another name${facts.certificate?.subjectAltName ? `: ${facts.certificate.subjectAltName}` : ''}`,
  'cert-self-signed': (facts) =>
    `${certificateOf(facts)} is signed by itself; trust it with cert, or pin it`,
  'cert-untrusted': (facts) => `${certificateOf(facts)} is signed by nobody who is trusted`,
  'cert-incomplete-chain': (facts) =>
    `${certificateOf(facts)} came without the intermediate that signed it`,
  'cert-revoked': (facts) => `${certificateOf(facts)} was revoked`,
  'cert-revocation-unknown': (facts) =>
    `nobody can tell whether ${certificateOf(facts)} was revoked: no valid list of its issuer`,
  'cert-wrong-usage': (facts) => `${certificateOf(facts)} is not for this use`,
  'cert-chain-invalid': (facts) => `the chain of ${certificateOf(facts)} breaks its own rules`,
  'cert-weak': (facts) => `${certificateOf(facts)} has a key or signature that is too weak`,
  'bad-record': () => 'a record came that cannot be decrypted or has no valid form',
  'bad-message': () => 'a message of the handshake came that has no valid form or place',
  truncated: () => 'the peer ended without close_notify',
  'renegotiation-refused': () => 'the peer asked for a renegotiation, which is off',
  config: ({ error }) => messageOf(error),
  'tls-other': ({ error }) => messageOf(error),
};

/** A failure in words. */
export function failureText(kind: TlsKind, facts: TextFacts): string {
  return texts[kind](facts);
}

/** Bytes as Ballerina's connector prints them. */
export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function certificateOf({ peer }: TextFacts): string {
  return `the certificate of ${peer}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
