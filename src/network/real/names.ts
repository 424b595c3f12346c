import { type LookupAddress, lookup as lookupAll, promises as resolver } from 'node:dns';
import type { Address } from '../../base/address';
import type { LookupOptions } from '../network';

/** All addresses of a name, in the order of the system; port 0. */
export function lookup(host: string, options: LookupOptions = {}): Promise<readonly Address[]> {
  const { family = 0, signal } = options;
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const onAbort = (): void => reject(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    lookupAll(host, { all: true, family }, (error, found) => {
      signal?.removeEventListener('abort', onAbort);
      if (error) reject(error);
      else resolve(found.map(toAddress));
    });
  });
}

/** The names of a literal address. */
export async function reverseLookup(host: string): Promise<readonly string[]> {
  try {
    return await resolver.reverse(host);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTFOUND' || code === 'ENODATA') return [];
    throw error;
  }
}

function toAddress({ address, family }: LookupAddress): Address {
  return { host: address, port: 0, family: family === 6 ? 'IPv6' : 'IPv4' };
}
