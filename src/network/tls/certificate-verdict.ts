import { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { TlsKind } from '../../base/error-codes';
import type { TlsContext } from './tls-context';
import { certificateKind } from './tls-error-kind';

/** What a peer has shown, kept for the time when the socket has forgotten it. */
export interface ShownCertificates {
  readonly leaf: X509Certificate | undefined;
  /** The last one of the chain. */
  readonly last: X509Certificate | undefined;
}

/** Reads what the peer has shown up to now. */
export function shownBy(socket: TLSSocket): ShownCertificates {
  const leaf = socket.getPeerX509Certificate();
  let last = leaf;
  const seen = new Set<string>();
  let step = socket.getPeerCertificate(true);
  while (step?.raw !== undefined && !seen.has(step.fingerprint256)) {
    seen.add(step.fingerprint256);
    last = new X509Certificate(step.raw);
    step = step.issuerCertificate;
  }
  return { leaf, last };
}

/** Whether a client accepts what a server has shown, where Node was not to judge; `undefined` is yes. */
export function verdictOn(socket: TLSSocket, context: TlsContext): TlsKind | undefined {
  const { verify = 'strict', pins = [] } = context.settings;
  if (verify === 'strict') return undefined;
  const leaf = socket.getPeerX509Certificate();
  if (verify === 'pinned') {
    const fingerprint = leaf?.fingerprint256.replaceAll(':', '');
    return fingerprint !== undefined && pins.includes(fingerprint) ? undefined : 'cert-untrusted';
  }
  if (leaf !== undefined && context.anchors.some((anchor) => anchor.raw.equals(leaf.raw))) {
    return undefined;
  }
  if (socket.authorized) return undefined;
  return certificateKind(String(socket.authorizationError), '');
}

/**
 * Tells a chain that lacks an intermediate from one of a stranger, which OpenSSL calls by the same
 * name.
 *
 * @source docs/tls.md
 */
export function refineUntrusted(
  kind: TlsKind,
  shown: ShownCertificates | undefined,
  context: TlsContext,
): TlsKind {
  const last = shown?.last;
  if (kind !== 'cert-untrusted' || last === undefined) return kind;
  const missing = context.knownIntermediates.find((known) => issued(known, last));
  const led = missing !== undefined && context.anchors.some((anchor) => issued(anchor, missing));
  return led ? 'cert-incomplete-chain' : kind;
}

function issued(issuer: X509Certificate, subject: X509Certificate): boolean {
  return subject.checkIssued(issuer) && subject.verify(issuer.publicKey);
}
