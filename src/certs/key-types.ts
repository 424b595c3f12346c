import { createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { tlsRefusal } from '../base/errors';

/** Kinds of keys: EC on the curve P-256, P-384 or P-521, RSA with 2048 bits, Ed25519. */
export type KeyType = 'ec' | 'ec-p384' | 'ec-p521' | 'rsa' | 'ed25519';

export const keyTypes: readonly KeyType[] = ['ec', 'ec-p384', 'ec-p521', 'rsa', 'ed25519'];

/** A private key with its public half. */
export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const generate = promisify(generateKeyPair);

const curves: Readonly<Partial<Record<KeyType, string>>> = {
  ec: 'P-256',
  'ec-p384': 'P-384',
  'ec-p521': 'P-521',
};

/** A fresh key; RSA takes a fifth of a second. */
export async function generateKey(type: KeyType): Promise<KeyPair> {
  if (type === 'ed25519') return await generate('ed25519');
  if (type === 'rsa') return await generateRsaKey(2_048);
  return await generate('ec', { namedCurve: curves[type] ?? 'P-256' });
}

export async function generateRsaKey(modulusLength: number): Promise<KeyPair> {
  return await generate('rsa', { modulusLength });
}

/** How WebCrypto names a key that is to sign with `hash`. */
export type SigningAlgorithm =
  | { readonly name: 'ECDSA'; readonly namedCurve: string; readonly hash: string }
  | { readonly name: 'RSASSA-PKCS1-v1_5'; readonly hash: string }
  | { readonly name: 'Ed25519' };

/** Curves by the names that OpenSSL has for them. */
const webCurves: Readonly<Record<string, string>> = {
  prime256v1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
};

/**
 * The algorithm a key signs with.
 *
 * @throws TcpError `ETLSCONFIG` - a kind of key that certificates are not issued for
 */
export function signingAlgorithm(key: KeyObject, hash: string): SigningAlgorithm {
  const { asymmetricKeyType, asymmetricKeyDetails } = key;
  if (asymmetricKeyType === 'ed25519') return { name: 'Ed25519' };
  if (asymmetricKeyType === 'rsa') return { name: 'RSASSA-PKCS1-v1_5', hash };
  const curve = asymmetricKeyDetails?.namedCurve ?? '';
  const namedCurve = webCurves[curve];
  if (asymmetricKeyType === 'ec' && namedCurve !== undefined) {
    return { name: 'ECDSA', namedCurve, hash };
  }
  const what = curve === '' ? String(asymmetricKeyType) : `the curve ${curve}`;
  throw tlsRefusal('key', `keys of ${what} sign no certificates here`);
}

/** The pair of a private key that was read. */
export function pairOf(privateKey: KeyObject): KeyPair {
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

export function pkcs8Of(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

export function spkiOf(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString();
}
