/** How each bad certificate is made; what becomes of it stands in `preset-names.ts`. */
import { createPrivateKey } from 'node:crypto';
import type { AlternativeName } from './alternative-name';
import { authorityName } from './authority-name';
import type { Certificate } from './certificate';
import { generateKey, type KeyType, pairOf } from './key-types';
import type { PresetName } from './preset-names';
import { realNow } from './real-date';
import { type LeafPlan, makeIntermediate, makeLeaf, makeRoot, type Signer } from './signer';
import { type Period, readValidity } from './validity';

type Preset = (signer: Signer, plan: LeafPlan) => Promise<Certificate>;

const longPast: Period = readValidity({ from: '2020-01-01T00:00:00Z', to: '2020-02-01T00:00:00Z' });
const farAway: Period = readValidity({ from: '2099-01-01T00:00:00Z', to: '2100-02-01T00:00:00Z' });
const other: AlternativeName = { type: 'dns', value: 'other.test' };
/** Node takes no wildcard right below a top-level domain, such as `*.test`. */
const below: AlternativeName = { type: 'dns', value: '*.brine.test' };

/** OpenSSL shows no weak certificate unless it is told that nothing is too weak. */
const anyStrength = 'DEFAULT@SECLEVEL=0';

const changed =
  (change: Partial<LeafPlan>): Preset =>
  (signer, plan) =>
    makeLeaf(signer, { ...plan, ...change });

const presets: Readonly<Record<PresetName, Preset>> = {
  valid: changed({}),
  expiresIn: changed({}),
  expired: changed({ period: longPast }),
  notYetValid: changed({ period: farAway }),
  wrongHost: changed({ subject: other.value, names: [other] }),
  ipMissing: (signer, plan) => {
    const names = plan.names.filter(({ type }) => type !== 'ip');
    return makeLeaf(signer, { ...plan, subject: names[0]?.value ?? other.value, names });
  },
  noSan: changed({ names: [] }),
  noCommonName: changed({ subject: '', organization: 'Brine' }),
  noSubject: changed({ subject: '' }),
  wildcard: changed({ subject: below.value, names: [below] }),
  manySans: (signer, plan) => {
    const many = Array.from({ length: 1_000 }, (_, index): AlternativeName => {
      return { type: 'dns', value: `name-${index}.test` };
    });
    return makeLeaf(signer, { ...plan, names: [...many, ...plan.names] });
  },
  selfSigned: (signer, plan) => makeLeaf(signer, plan, { selfSigned: true }),
  untrustedRoot: async (signer, plan) => {
    const stranger = await standIn('Brine unknown authority', signer, plan.period);
    return await makeLeaf(stranger, plan, { roots: signer.roots });
  },
  missingIntermediate: async (signer, plan) => {
    const between = await intermediate(signer, plan.period);
    return await makeLeaf(between, plan, { above: signer.above });
  },
  expiredIntermediate: async (signer, plan) => {
    return await makeLeaf(await intermediate(signer, longPast), plan);
  },
  expiredRoot: async (signer, plan) => {
    const root = await standIn('Brine expired authority', signer, longPast);
    return await makeLeaf(root, plan);
  },
  revoked: async (signer, plan) => {
    const leaf = await makeLeaf(signer, plan);
    signer.revoked.push({ serial: leaf.serial, at: realNow() });
    return leaf;
  },
  clientOnlyUsage: changed({ usages: ['client'] }),
  serverOnlyUsage: changed({ usages: ['server'] }),
  notACa: async (signer, plan) => {
    const upstart = await makeLeaf(signer, { ...plan, key: 'ec', preset: 'valid' });
    const keys = pairOf(createPrivateKey(upstart.key));
    const above = [upstart.cert, ...signer.above];
    return await makeLeaf({ ...signer, cert: upstart.cert, keys, above }, plan);
  },
  pathLenExceeded: async (signer, plan) => {
    const last = await intermediate(signer, plan.period, { pathLength: 0 });
    return await makeLeaf(await intermediate(last, plan.period), plan);
  },
  weakKey: (signer, plan) =>
    makeLeaf(signer, { ...plan, key: 'rsa-1024' }, { ciphers: anyStrength }),
  sha1: (signer, plan) => weaklySigned(signer, plan, 'sha1'),
  md5: (signer, plan) => weaklySigned(signer, plan, 'md5'),
  mustStaple: changed({ mustStaple: true }),
  ed25519: changed({ key: 'ed25519' }),
};

/** Who has issued a certificate, and as what. */
const origins = new WeakMap<Certificate, { readonly signer: Signer; readonly plan: LeafPlan }>();

/** Issues a leaf with everything that its preset puts into it, or leaves out. */
export async function issuePreset(signer: Signer, plan: LeafPlan): Promise<Certificate> {
  const certificate = await presets[plan.preset](signer, plan);
  origins.set(certificate, { signer, plan });
  return certificate;
}

/** The same once more under a preset, by the same authority; `undefined` for one of nobody we know. */
export async function issueAgain(
  certificate: Certificate,
  preset: PresetName,
): Promise<Certificate | undefined> {
  const origin = origins.get(certificate);
  return origin && (await issuePreset(origin.signer, { ...origin.plan, preset }));
}

async function intermediate(
  signer: Signer,
  period: Period,
  more: { readonly key?: KeyType; readonly pathLength?: number } = {},
): Promise<Signer> {
  const { key = 'ec', ...path } = more;
  const keys = await generateKey(key);
  const subject = authorityName('Brine intermediate', keys);
  return await makeIntermediate(signer, { subject, keys, period, ...path });
}

/** A root that is none of those the client was told about. */
async function standIn(name: string, signer: Signer, period: Period): Promise<Signer> {
  const { identifiers, random } = signer;
  const keys = await generateKey('ec');
  const how = { identifiers, ...(random !== undefined && { random }) };
  return await makeRoot({ subject: authorityName(name, keys), keys, period }, how);
}

/** RSA signs with MD5 as well; other keys get somebody below who does. */
async function weaklySigned(
  signer: Signer,
  plan: LeafPlan,
  hash: 'sha1' | 'md5',
): Promise<Certificate> {
  const able = signer.keys.privateKey.asymmetricKeyType === 'rsa';
  const issuer = able ? signer : await intermediate(signer, plan.period, { key: 'rsa' });
  return await makeLeaf(issuer, { ...plan, key: 'rsa', hash }, { ciphers: anyStrength });
}
