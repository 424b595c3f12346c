import type { KeyObject } from 'node:crypto';
import type { Random } from '../base/random';
import type { AlternativeName } from './alternative-name';
import type { KeyPair } from './key-types';
import type { Period } from './validity';

/** What a certificate may be used for; of an authority nothing but issuing. */
export type Usage = 'server' | 'client';

/** Everything that a certificate says, and who signs it. */
export interface CertificatePlan {
  /** Common name of the subject; empty: none. */
  readonly subject: string;
  /** What stands in its name beside the common name. */
  readonly organization?: string;
  readonly publicKey: KeyObject;
  readonly period: Period;
  /** Who signs; the subject itself with its own key when there is no `cert`. */
  readonly issuer: { readonly privateKey: KeyObject; readonly cert?: string };
  /** An authority, with the number of authorities that may stand below it. */
  readonly authority?: { readonly pathLength?: number };
  /** Empty: the certificate names nobody but its subject. */
  readonly names: readonly AlternativeName[];
  readonly usages: readonly Usage[];
  readonly hash: 'sha256' | 'sha1' | 'md5';
  /** Whether it names its own key and that of its issuer, as RFC 5280 wants it. */
  readonly identifiers: boolean;
  /** Whether it wants a proof of not being revoked in every handshake. */
  readonly mustStaple: boolean;
  /** Where its serial number comes from; default: the issuer's own chance. */
  readonly random?: Random;
}

/** What is made of a plan: who can sign below, and who can be shown. */
export interface IssuedPair {
  readonly cert: string;
  readonly keys: KeyPair;
}
