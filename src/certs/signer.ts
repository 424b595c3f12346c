import type { Random } from '../base/random';
import type { AlternativeName } from './alternative-name';
import { Certificate } from './certificate';
import type { CertificatePlan, Usage } from './certificate-plan';
import { issue } from './issue';
import { leafKey } from './key-cache';
import { type KeyPair, type KeyType, pkcs8Of } from './key-types';
import { type PresetName, presetOutcomes } from './preset-names';
import type { TrustedRoots } from './trusted-roots';
import type { Period } from './validity';

/** A certificate that was taken back. */
export interface Revocation {
  readonly serial: string;
  readonly at: number;
}

/** An authority, root or below one, with everything it needs to sign. */
export interface Signer {
  readonly cert: string;
  readonly keys: KeyPair;
  /** What its leaves must send along: itself and those above it, without the root. */
  readonly above: readonly string[];
  readonly roots: TrustedRoots & { readonly intermediates: string[] };
  readonly revoked: Revocation[];
  readonly identifiers: boolean;
  readonly random?: Random;
}

/** What an authority says of itself. */
export interface SignerPlan {
  readonly subject: string;
  readonly keys: KeyPair;
  readonly period: Period;
  readonly pathLength?: number;
}

/** A root: it signs itself. */
export async function makeRoot(
  plan: SignerPlan,
  how: Pick<Signer, 'identifiers' | 'random'>,
): Promise<Signer> {
  const cert = await signAuthority(plan, { privateKey: plan.keys.privateKey }, how);
  return rootOf(cert, plan.keys, how);
}

/** A root that was made before. */
export function rootOf(
  cert: string,
  keys: KeyPair,
  how: Pick<Signer, 'identifiers' | 'random'>,
): Signer {
  return { ...how, cert, keys, above: [], roots: { pem: cert, intermediates: [] }, revoked: [] };
}

/** An authority below another. */
export async function makeIntermediate(signer: Signer, plan: SignerPlan): Promise<Signer> {
  const { cert: above, keys, roots } = signer;
  const cert = await signAuthority(plan, { privateKey: keys.privateKey, cert: above }, signer);
  roots.intermediates.push(cert);
  return { ...signer, cert, keys: plan.keys, above: [cert, ...signer.above], revoked: [] };
}

function signAuthority(
  { subject, keys, period, pathLength }: SignerPlan,
  issuer: CertificatePlan['issuer'],
  { identifiers, random }: Pick<Signer, 'identifiers' | 'random'>,
): Promise<string> {
  return issue(
    {
      subject,
      period,
      issuer,
      authority: pathLength === undefined ? {} : { pathLength },
      names: [],
      usages: [],
      hash: 'sha256',
      identifiers,
      mustStaple: false,
      ...(random !== undefined && { random }),
    },
    keys,
  );
}

/** What a leaf is to say. */
export interface LeafPlan {
  readonly subject: string;
  readonly organization?: string;
  readonly names: readonly AlternativeName[];
  readonly key: KeyType | 'rsa-1024';
  readonly period: Period;
  readonly usages: readonly Usage[];
  readonly hash?: 'sha256' | 'sha1' | 'md5';
  readonly mustStaple?: boolean;
  readonly preset: PresetName;
}

/** What of a leaf is not written in it. */
export interface LeafSurroundings {
  /** Signed by its own key. */
  readonly selfSigned?: boolean;
  /** What is sent along; default: everything up to the root. */
  readonly above?: readonly string[];
  /** Whom a peer must trust for the preset to show. */
  readonly roots?: TrustedRoots;
  readonly ciphers?: string;
}

/** Issues a leaf. */
export async function makeLeaf(
  signer: Signer,
  plan: LeafPlan,
  { selfSigned = false, above, roots, ciphers }: LeafSurroundings = {},
): Promise<Certificate> {
  const keys = await leafKey(plan.key);
  const { hash = 'sha256', mustStaple = false, organization, preset } = plan;
  const cert = await issue(
    {
      subject: plan.subject,
      ...(organization !== undefined && { organization }),
      period: plan.period,
      issuer: selfSigned
        ? { privateKey: keys.privateKey }
        : { privateKey: signer.keys.privateKey, cert: signer.cert },
      names: plan.names,
      usages: plan.usages,
      hash,
      mustStaple,
      identifiers: signer.identifiers && !selfSigned,
      ...(signer.random !== undefined && { random: signer.random }),
    },
    keys,
  );
  return new Certificate({
    cert,
    key: pkcs8Of(keys.privateKey),
    above: above ?? (selfSigned ? [] : signer.above),
    roots: roots ?? signer.roots,
    preset,
    expect: presetOutcomes[preset],
    ...(ciphers !== undefined && { ciphers }),
  });
}
