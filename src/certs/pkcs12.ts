import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { tlsRefusal } from '../base/errors';
import { readBytesLike, readText } from '../base/option-reader';
import { pkcs8Of } from './key-types';
import { openStore, type StoreBag } from './legacy-pkcs12';
import { pemBlock } from './pem';

/** A key of a store, with the certificates that belong to it. */
export interface Pkcs12Key {
  /** The friendly name; empty when there is none. */
  readonly alias: string;
  /** PKCS#8 in PEM, not encrypted. */
  readonly key: string;
  /** The certificate of the key, then those above it that the store has, without a root; PEM. */
  readonly chain: string;
}

/** What is in a PKCS#12 store. */
export interface Pkcs12Content {
  readonly keys: readonly Pkcs12Key[];
  /** Certificates that belong to no key, PEM. */
  readonly trusted: readonly { readonly alias: string; readonly cert: string }[];
}

/**
 * Reads a PKCS#12 store: of today, with AES, and of old times, with RC2 or 3DES; with keys, or with
 * certificates alone.
 *
 * @param bytes - the file
 * @param name - how messages call it; default `the store`
 * @throws TcpError `ETLSCONFIG` - another password, no PKCS#12, or something that cannot be read
 * @source docs/certificates.md#key-stores
 */
export async function readPkcs12(
  bytes: Uint8Array,
  password: string,
  name: string = 'the store',
): Promise<Pkcs12Content> {
  const store = Buffer.from(readBytesLike('bytes', bytes));
  const foreign = otherFormat(store);
  if (foreign !== undefined) throw tlsRefusal('', `${name} is not a PKCS#12 store${foreign}`);
  try {
    return contentOf(await openStore(store, readText('password', password)));
  } catch (cause) {
    throw tlsRefusal('', reasonOf(cause, name), { cause });
  }
}

const javaMagic = 0xfeed_feed;
const oldJavaMagic = 0xcece_cece;

/** What it is when it cannot be PKCS#12, which begins with a SEQUENCE. */
function otherFormat(store: Buffer): string | undefined {
  if (store[0] === 0x30) return undefined;
  const magic = store.length < 4 ? 0 : store.readUInt32BE();
  if (magic === javaMagic || magic === oldJavaMagic) {
    return '; JKS is not supported; convert with keytool -importkeystore';
  }
  return store.includes('-----BEGIN ') ? ', but PEM' : '';
}

function reasonOf(cause: unknown, name: string): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  // Without a MAC a wrong password shows in what does not decrypt.
  if (/MAC could not be verified|wrong password|Failed to decrypt/i.test(text)) {
    return `the password of ${name} is wrong`;
  }
  if (/^(Unsupported|PKCS#12 uses unsupported)|^Cannot read .*Unsupported/.test(text)) {
    return `${name} has something that is not supported: ${text}`;
  }
  return `${name} is not a PKCS#12 store: ${text}`;
}

interface StoredCertificate {
  readonly alias: string;
  readonly read: X509Certificate;
}

function contentOf(bags: readonly StoreBag[]): Pkcs12Content {
  const certificates = bags
    .filter(({ kind }) => kind === 'certificate')
    .map(({ der, alias }): StoredCertificate => ({ alias, read: new X509Certificate(der) }));
  const used = new Set<StoredCertificate>();
  const keys = bags
    .filter(({ kind }) => kind === 'key')
    .flatMap(({ der, alias }) => {
      const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
      const chain = chainOf(key, certificates);
      for (const certificate of chain) used.add(certificate);
      const own = chain[0];
      if (own === undefined) return [];
      return [{ alias: alias || own.alias, key: pkcs8Of(key), chain: withoutRoot(chain) }];
    });
  const trusted = certificates
    .filter((certificate) => !used.has(certificate))
    .map(({ alias, read }) => ({ alias, cert: pemBlock('CERTIFICATE', read.raw) }));
  return { keys, trusted };
}

/** The certificate of a key and all above it, in order, whatever their order in the store. */
function chainOf(
  key: KeyObject,
  certificates: readonly StoredCertificate[],
): readonly StoredCertificate[] {
  const chain: StoredCertificate[] = [];
  let next = certificates.find(({ read }) => read.checkPrivateKey(key));
  while (next !== undefined && !chain.includes(next)) {
    const { read } = next;
    chain.push(next);
    next = certificates.find((above) => issued(above.read, read));
  }
  return chain;
}

function issued(issuer: X509Certificate, subject: X509Certificate): boolean {
  return subject.checkIssued(issuer) && subject.verify(issuer.publicKey);
}

function withoutRoot(chain: readonly StoredCertificate[]): string {
  return chain
    .filter(({ read }, index) => index === 0 || !issued(read, read))
    .map(({ read }) => pemBlock('CERTIFICATE', read.raw))
    .join('');
}
