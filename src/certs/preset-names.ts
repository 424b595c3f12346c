import type { TlsKind } from '../base/error-codes';

/** What becomes of a certificate at a client that trusts its root and dials `localhost`. */
export interface PresetOutcome {
  /** Kind of the error on Node 20 and 22; absent: there is none. */
  readonly node20?: TlsKind;
  /** The same on Node 24 and later, whose OpenSSL wants stronger keys. */
  readonly node24?: TlsKind;
  /** What it takes for that to show, where it takes more. */
  readonly when?: string;
}

/** A certificate with a name for what is wrong with it. */
export type PresetName =
  | 'valid'
  | 'expired'
  | 'notYetValid'
  | 'expiresIn'
  | 'wrongHost'
  | 'ipMissing'
  | 'noSan'
  | 'wildcard'
  | 'manySans'
  | 'selfSigned'
  | 'untrustedRoot'
  | 'missingIntermediate'
  | 'expiredIntermediate'
  | 'expiredRoot'
  | 'revoked'
  | 'clientOnlyUsage'
  | 'serverOnlyUsage'
  | 'notACa'
  | 'pathLenExceeded'
  | 'weakKey'
  | 'sha1'
  | 'md5'
  | 'mustStaple'
  | 'ed25519';

/** What each preset promises. */
export const presetOutcomes: Readonly<Record<PresetName, PresetOutcome>> = {
  valid: {},
  expired: always('cert-expired'),
  notYetValid: always('cert-not-yet-valid'),
  expiresIn: { when: 'new handshakes fail with cert-expired once its time is over' },
  wrongHost: always('cert-host-mismatch'),
  ipMissing: always('cert-host-mismatch', 'the client dials an address'),
  noSan: { when: 'Node takes the common name; other clients refuse it' },
  wildcard: always(
    'cert-host-mismatch',
    'the client asks for a.b.brine.test; a.brine.test is fine',
  ),
  manySans: {},
  selfSigned: always('cert-self-signed'),
  untrustedRoot: always('cert-untrusted'),
  missingIntermediate: always('cert-incomplete-chain', 'the client knows the intermediate'),
  expiredIntermediate: always('cert-expired'),
  expiredRoot: always('cert-expired', 'the client trusts what trust() of the leaf gives'),
  revoked: always('cert-revoked', 'the client has the revocation list'),
  clientOnlyUsage: always('cert-wrong-usage'),
  serverOnlyUsage: always('cert-wrong-usage', 'a client shows it; the listener sees the kind'),
  notACa: always('cert-chain-invalid'),
  pathLenExceeded: always('cert-chain-invalid'),
  weakKey: { node24: 'cert-weak' },
  sha1: always('cert-weak'),
  md5: always('cert-weak'),
  mustStaple: { when: 'Node asks for no proof' },
  ed25519: {},
};

export const presetNames: readonly PresetName[] = Object.keys(presetOutcomes) as PresetName[];

function always(kind: TlsKind, when?: string): PresetOutcome {
  return { node20: kind, node24: kind, ...(when !== undefined && { when }) };
}
