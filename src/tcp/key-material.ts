/** Where a certificate and its key come from: files, texts, stores, or an authority. */

import { tlsRefusal } from '../base/errors';
import { readObject, readText, refuseUnknownKeys } from '../base/option-reader';
import { openPrivateKey } from '../base/private-key';
import type { Certificate } from '../certs/certificate';
import type { CipherWish, TlsKey, TlsSettings } from '../network/tls-settings';
import { contextFailed, otherForm, readFilled, readKeyFile } from './key-files';
import { readStore } from './key-stores';
import { needCertificate } from './trust-material';

/** A certificate with its key: paths of PEM files, or PEM text. Keys may be PKCS#8, PKCS#1 or SEC1. */
export type CertKey =
  | {
      /** The leaf first, then intermediates. */
      readonly certFile: string;
      readonly keyFile: string;
      /** Of an encrypted key; blank: none. */
      readonly keyPassword?: string;
    }
  | { readonly cert: string; readonly key: string; readonly keyPassword?: string };

/** A key that was read, and what it takes to show it. */
export interface KeyMaterial {
  readonly key: TlsKey;
  /** Suites that OpenSSL must be told for a certificate that it would find too weak. */
  readonly ciphers?: CipherWish | undefined;
}

/**
 * Reads a certificate with its key.
 *
 * @param field - path below `secureSocket`
 * @throws TcpError `ETLSCONFIG` - a blank path, or a file that cannot be read
 * @throws TcpError `ECONFIG` - the wrong shape
 */
export async function keyOf(
  field: string,
  value: unknown,
  network: 'real' | 'simulated',
): Promise<KeyMaterial> {
  if (value === 'selfsigned') return { key: await throwAway(network) };
  const options = readObject(`secureSocket.${field}`, value);
  if (isIssued(options)) return issued(options);
  if ('path' in options) return { key: await keyOfStore(field, options) };
  return { key: await pemKeyOf(field, options) };
}

async function pemKeyOf(field: string, options: Record<string, unknown>): Promise<TlsKey> {
  const { certFile, keyFile, cert, key, keyPassword } = options;
  const password =
    keyPassword === undefined
      ? undefined
      : readText(`secureSocket.${field}.keyPassword`, keyPassword);
  const locked = password === undefined ? {} : { keyPassword: password };
  if (cert !== undefined || key !== undefined) {
    refuseUnknownKeys(`secureSocket.${field}`, options, ['cert', 'key', 'keyPassword']);
    return {
      cert: readText(`secureSocket.${field}.cert`, cert),
      key: readText(`secureSocket.${field}.key`, key),
      ...locked,
    };
  }
  refuseUnknownKeys(`secureSocket.${field}`, options, ['certFile', 'keyFile', 'keyPassword']);
  const pem = 'the path of a PEM file';
  const certPath = readFilled(`${field}.certFile`, certFile, pem, 'certificate');
  const keyPath = readFilled(`${field}.keyFile`, keyFile, pem, 'key');
  const certBytes = await readKeyFile(`${field}.certFile`, certPath);
  const keyBytes = await readKeyFile(`${field}.keyFile`, keyPath);
  return {
    cert: needCertificate(`${field}.certFile`, certPath, certBytes),
    key: needKey(`${field}.keyFile`, keyPath, keyBytes, password),
    ...locked,
  };
}

/** The text of a PEM file that must hold a private key. @throws TcpError `ETLSCONFIG` */
function needKey(field: string, path: string, bytes: Buffer, password: string | undefined): string {
  const text = bytes.toString();
  const opened = openPrivateKey(text, password);
  if ('key' in opened) return text;
  const reason = `${path}: ${opened.reason}${otherForm(bytes)}`;
  throw tlsRefusal(field, `secureSocket.${field}: ${reason}`, {
    cause: opened.cause,
    compatMessage: contextFailed + reason,
  });
}

async function keyOfStore(field: string, options: Record<string, unknown>): Promise<TlsKey> {
  const { keys } = await readStore(field, options, 'keyStore');
  const [first] = keys;
  return { cert: first.chain, key: first.key };
}

/** Ed25519 in simulations: its handshakes have always the same lengths. */
async function throwAway(network: 'real' | 'simulated'): Promise<TlsKey> {
  const { throwAwayKey } = require('../certs/throw-away') as typeof import('../certs/throw-away');
  return await throwAwayKey(network === 'simulated' ? 'ed25519' : 'ec');
}

/** Whether a key is what an authority has issued. */
export function isIssued(key: unknown): key is Certificate {
  if (typeof key !== 'object' || key === null) return false;
  return 'serverOptions' in key && typeof key.serverOptions === 'function';
}

function issued(certificate: Certificate): KeyMaterial {
  const { cert, key, ciphers } = certificate.serverOptions();
  return { key: { cert, key }, ...(ciphers !== undefined && { ciphers: { openssl: ciphers } }) };
}

/** Suites that were asked for are taken as they are, also when the key then cannot be shown. */
export function withMaterial(common: TlsSettings, material: KeyMaterial | undefined): TlsSettings {
  if (material === undefined) return common;
  const { key, ciphers } = material;
  return { ...common, key, ...(common.ciphers === undefined && ciphers && { ciphers }) };
}

/** Keys by the name that a client asks for. */
export interface ServedNames {
  readonly sni: Readonly<Record<string, TlsKey | 'refuse'>>;
  /** What the weakest of them takes: OpenSSL judges them all by the level of the main one. */
  readonly ciphers: CipherWish | undefined;
}

/** Reads the keys of `sni`. @throws what {@link keyOf} throws */
export async function servedNames(
  names: Readonly<Record<string, unknown>>,
  network: 'real' | 'simulated',
): Promise<ServedNames> {
  const read = await Promise.all(
    Object.entries(names).map(async ([name, its]) => {
      const refused: [string, 'refuse'] = [name, 'refuse'];
      return its === 'refuse'
        ? refused
        : ([name, await keyOf(`sni.${name}`, its, network)] as const);
    }),
  );
  const ciphers = read.map(([, its]) => (its === 'refuse' ? undefined : its.ciphers));
  return {
    sni: Object.fromEntries(read.map(([name, its]) => [name, its === 'refuse' ? its : its.key])),
    ciphers: ciphers.find((wish) => wish !== undefined),
  };
}
