import { tlsRefusal } from '../base/errors';
import { refuseUnknownKeys } from '../base/option-reader';
import type { Pkcs12Content } from '../certs/pkcs12';
import { contextFailed, readFilled, readKeyFile } from './key-files';

/** A PKCS#12 store with a key and its certificates. */
export interface KeyStore {
  readonly path: string;
  readonly password: string;
}

/** A PKCS#12 store with the certificates of those who are trusted. */
export interface TrustStore {
  readonly path: string;
  readonly password: string;
}

type Wanted = { readonly keyStore: 'keys'; readonly trustStore: 'trusted' };

/** What was found, which is at least one of what is needed. */
export type Found<K extends keyof Wanted> = {
  readonly [P in Wanted[K]]: readonly [Pkcs12Content[P][number], ...Pkcs12Content[P]];
};

/**
 * Reads a store.
 *
 * @param field - path below `secureSocket`
 * @throws TcpError `ETLSCONFIG` - blank, unreadable, no store, another password, or not what is needed in it
 */
export async function readStore<K extends keyof Wanted>(
  field: string,
  options: Record<string, unknown>,
  kind: K,
): Promise<Found<K>> {
  refuseUnknownKeys(`secureSocket.${field}`, options, ['path', 'password']);
  const path = readFilled(`${field}.path`, options['path'], 'the path of a PKCS#12 store', kind);
  const password = readFilled(
    `${field}.password`,
    options['password'],
    `the password of ${path}`,
    `${kind}Password`,
  );
  const bytes = await readKeyFile(`${field}.path`, path);
  const { readPkcs12 } = require('../certs/pkcs12') as typeof import('../certs/pkcs12');
  const content = await wrapped(field, () => readPkcs12(bytes, password, path));
  const part = kind === 'keyStore' ? 'keys' : 'trusted';
  if (content[part].length > 0) return content as unknown as Found<K>;
  const reason =
    kind === 'keyStore' ? `${path} holds no private key` : `${path} holds no trusted certificate`;
  throw unusable(field, reason);
}

async function wrapped<T>(field: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw unusable(field, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function unusable(field: string, reason: string, cause?: unknown): Error {
  return tlsRefusal(field, `secureSocket.${field}: ${reason}`, {
    ...(cause !== undefined && { cause }),
    compatMessage: contextFailed + reason,
  });
}
