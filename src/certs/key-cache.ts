import { generateKey, generateRsaKey, type KeyPair, type KeyType } from './key-types';

const kept = new Map<string, Promise<KeyPair>>();

/**
 * A key for a leaf: fresh, but for RSA, which takes long and is made once per process.
 *
 * Authorities never share one: two of them with one key would vouch for each other.
 */
export async function leafKey(type: KeyType | 'rsa-1024'): Promise<KeyPair> {
  if (type === 'rsa') return await once(type, () => generateKey(type));
  if (type === 'rsa-1024') return await once(type, () => generateRsaKey(1_024));
  return await generateKey(type);
}

function once(name: string, make: () => Promise<KeyPair>): Promise<KeyPair> {
  const known = kept.get(name) ?? make();
  kept.set(name, known);
  return known;
}
