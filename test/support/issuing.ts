/** Issues certificates at run time, for what the folder of certificates does not hold. */
import { createPrivateKey, randomBytes, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { TlsKey } from '../../src/network/tls-settings';

const day = 86_400_000;

/** What a certificate is to be like; the rest is in order. */
export interface Wish {
  readonly name: string;
  readonly names?: readonly string[];
  readonly issuer?: Issued;
  /** Whose name and key sign it, whatever the issuer may do. */
  readonly authority?: boolean;
  readonly pathLength?: number;
  readonly days?: readonly [from: number, to: number];
  readonly usage?: 'both' | 'client' | 'server';
  readonly key?: 'ec' | 'rsa' | 'rsa-1024' | 'rsa-512';
  readonly hash?: 'SHA-256' | 'SHA-1';
  readonly more?: readonly x509.Extension[];
}

/** A certificate with its key, and what signs others with it. */
export interface Issued extends TlsKey {
  readonly certificate: x509.X509Certificate;
  readonly keys: webcrypto.CryptoKeyPair;
  /** PEM of the certificate alone. */
  readonly pem: string;
}

/** Issues a certificate; without an issuer it signs itself. */
export async function issue(wish: Wish): Promise<Issued> {
  const { issuer, hash = 'SHA-256', days: [from, to] = [-1, 30] } = wish;
  const keys = await makeKeys(wish.key ?? 'ec', hash);
  const now = Date.now();
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: `5a${randomBytes(8).toString('hex')}`,
    subject: `CN=${wish.name}`,
    issuer: issuer?.certificate.subject ?? `CN=${wish.name}`,
    notBefore: new Date(now + from * day),
    notAfter: new Date(now + to * day),
    publicKey: keys.publicKey,
    signingKey: (issuer?.keys ?? keys).privateKey,
    signingAlgorithm: { ...(issuer?.keys ?? keys).privateKey.algorithm, hash } as never,
    extensions: extensionsOf(wish),
  });
  const pem = `${certificate.toString('pem')}\n`;
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  return {
    certificate,
    keys,
    pem,
    cert: pem,
    key: key.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}

/** A certificate that comes with those above it. */
export function withChain(leaf: Issued, ...above: readonly Issued[]): TlsKey {
  return { cert: [leaf, ...above].map(({ pem }) => pem).join(''), key: leaf.key };
}

/** PEM of a revocation list. */
export async function revocationList(
  issuer: Issued,
  revoked: readonly Issued[],
  nextUpdateDays = 30,
): Promise<string> {
  const now = Date.now();
  const list = await x509.X509CrlGenerator.create({
    issuer: issuer.certificate.subject,
    thisUpdate: new Date(now - 60 * day),
    nextUpdate: new Date(now + nextUpdateDays * day),
    signingKey: issuer.keys.privateKey,
    signingAlgorithm: { ...issuer.keys.privateKey.algorithm, hash: 'SHA-256' } as never,
    entries: revoked.map(({ certificate }) => ({
      serialNumber: certificate.serialNumber,
      revocationDate: new Date(now - day),
    })),
  });
  // Node reads lists under this name only.
  return `${list.toString('pem').replaceAll(' CRL-----', ' X509 CRL-----')}\n`;
}

function makeKeys(kind: NonNullable<Wish['key']>, hash: string): Promise<webcrypto.CryptoKeyPair> {
  const { subtle } = webcrypto;
  if (kind === 'ec') {
    return subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  }
  return subtle.generateKey(
    {
      name: 'RSASSA-PKCS1-v1_5',
      modulusLength: kind === 'rsa' ? 2_048 : Number(kind.slice('rsa-'.length)),
      publicExponent: new Uint8Array([1, 0, 1]),
      hash,
    },
    true,
    ['sign', 'verify'],
  );
}

function extensionsOf(wish: Wish): x509.Extension[] {
  const { authority = false, pathLength, usage = 'both', names = ['localhost'], more = [] } = wish;
  const flags = x509.KeyUsageFlags;
  const uses = authority ? flags.keyCertSign | flags.cRLSign : flags.digitalSignature;
  const base = [
    new x509.BasicConstraintsExtension(authority, pathLength, true),
    new x509.KeyUsagesExtension(uses, true),
  ];
  if (authority) return [...base, ...more];
  const server = x509.ExtendedKeyUsage.serverAuth;
  const client = x509.ExtendedKeyUsage.clientAuth;
  const purposes = { both: [server, client], client: [client], server: [server] }[usage];
  return [
    ...base,
    new x509.ExtendedKeyUsageExtension(purposes),
    ...(names.length === 0
      ? []
      : [
          new x509.SubjectAlternativeNameExtension(
            names.map((value) => ({ type: 'dns' as const, value })),
          ),
        ]),
    ...more,
  ];
}
