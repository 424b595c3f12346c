import type { TlsKind } from '../base/error-codes';

/** What becomes of a certificate at a client that trusts its root and dials `localhost`. */
export interface PresetOutcome {
  /** What it is, in a few words. */
  readonly summary: string;
  /** Kind of the error on Node 20 and 22; absent: there is none. */
  readonly node20?: TlsKind;
  /** The same on Node 24 and later, whose OpenSSL wants stronger keys. */
  readonly node24?: TlsKind;
  /** What it takes for that to show, where it takes more. */
  readonly when?: string;
  /** The name under which badssl.com shows the like. */
  readonly badssl?: string;
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
  | 'noCommonName'
  | 'noSubject'
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
  valid: { summary: 'nothing is wrong with it', badssl: 'good' },
  expired: always('valid in January 2020 alone', 'cert-expired', { badssl: 'expired' }),
  notYetValid: always('valid from 2099 on', 'cert-not-yet-valid', { badssl: 'not-yet-valid' }),
  expiresIn: {
    summary: 'valid for as long as `validity` says',
    when: 'new handshakes fail with cert-expired once its time is over',
  },
  wrongHost: always('for `other.test`', 'cert-host-mismatch', { badssl: 'wrong.host' }),
  ipMissing: always('for the names alone, not for addresses', 'cert-host-mismatch', {
    when: 'the client dials an address',
  }),
  noSan: {
    summary: 'with a common name and no other',
    when: 'Node takes the common name; other clients refuse it',
  },
  noCommonName: { summary: 'with other names, and no common name', badssl: 'no-common-name' },
  noSubject: { summary: 'with a subject that is empty', badssl: 'no-subject' },
  wildcard: always('for `*.brine.test`', 'cert-host-mismatch', {
    when: 'the client asks for a.b.brine.test; a.brine.test is fine',
  }),
  manySans: { summary: 'for 1,000 other names as well', badssl: '1000-sans' },
  selfSigned: always('signed by its own key', 'cert-self-signed', { badssl: 'self-signed' }),
  untrustedRoot: always('signed by an authority that nobody knows', 'cert-untrusted', {
    badssl: 'untrusted-root',
  }),
  missingIntermediate: always('sent without the intermediate above it', 'cert-incomplete-chain', {
    when: 'the client knows the intermediate, as `trust()` tells it',
    badssl: 'incomplete-chain',
  }),
  expiredIntermediate: always('below an intermediate that has expired', 'cert-expired'),
  expiredRoot: always('below a root that has expired, and that `trust()` gives', 'cert-expired'),
  revoked: always('taken back by its authority', 'cert-revoked', {
    when: 'the client has the revocation list; else none',
    badssl: 'revoked',
  }),
  clientOnlyUsage: always('for clients to show', 'cert-wrong-usage'),
  serverOnlyUsage: always('for servers to show', 'cert-wrong-usage', {
    when: 'a client shows it: the listener tells',
  }),
  notACa: always('signed by a certificate that may not sign', 'cert-chain-invalid'),
  pathLenExceeded: always('below more authorities than one of them allows', 'cert-chain-invalid'),
  weakKey: { summary: 'with an RSA key of 1,024 bits', node24: 'cert-weak', badssl: 'weak-key' },
  sha1: always('signed with SHA-1', 'cert-weak', { badssl: 'sha1' }),
  md5: always('signed with MD5', 'cert-weak', { badssl: 'md5' }),
  mustStaple: {
    summary: 'asks for a proof of not being revoked with every handshake',
    when: 'Node asks for no proof',
  },
  ed25519: { summary: 'with an Ed25519 key' },
};

export const presetNames: readonly PresetName[] = Object.keys(presetOutcomes) as PresetName[];

function always(
  summary: string,
  kind: TlsKind,
  more: Pick<PresetOutcome, 'when' | 'badssl'> = {},
): PresetOutcome {
  return { summary, node20: kind, node24: kind, ...more };
}
