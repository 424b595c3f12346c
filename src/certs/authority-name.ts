import { createHash } from 'node:crypto';
import type { KeyPair } from './key-types';

/**
 * A name for an authority that nobody named.
 *
 * It ends in what its key is: two authorities with one name and two keys confuse every client.
 */
export function authorityName(kind: string, { publicKey }: KeyPair): string {
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return `${kind} ${createHash('sha256').update(der).digest('hex').slice(0, 8)}`;
}
