/** Where certificates and keys come from: files and texts → PEM. */
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { configError, tlsRefusal } from '../base/errors';
import { readObject, readText, refuseUnknownKeys } from '../base/option-reader';
import type { TlsKey } from '../network/tls-settings';

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

const noCertificatePath = 'Certificate file location must be provided for secure connection';
const noKeyPath = 'Private key file location must be provided for secure connection';
const contextFailed = 'Failed to initialize the SSL context: ';

/**
 * Reads who is trusted.
 *
 * @returns PEM; `undefined` for the roots of Node
 * @throws TcpError `ETLSCONFIG` - a blank path, or a file that cannot be read or holds no certificate
 */
export async function anchorsOf(
  owner: 'client' | 'listener',
  cert: unknown,
): Promise<readonly string[] | undefined> {
  if (cert === undefined) return undefined;
  if (typeof cert !== 'string') return [pemOf(cert)];
  if (cert.trim() === '') throw blank('cert', noCertificatePath);
  const compat =
    owner === 'client' ? `File does not contain valid certificates: ${cert}` : undefined;
  const text = await readPem('cert', cert, compat);
  if (/-----BEGIN [A-Z0-9 ]*CERTIFICATE-----/.test(text)) return [text];
  throw tlsRefusal('cert', `secureSocket.cert: ${cert} holds no certificate in PEM`, {
    compatMessage: compat ?? `${contextFailed}no certificate in ${cert}`,
  });
}

/**
 * The fingerprints of `{ pin }`, 64 hex digits in upper case.
 *
 * @returns `undefined` when `cert` is something else
 * @throws TcpError `ETLSCONFIG` - neither a SHA-256 fingerprint nor a certificate
 */
export function pinsOf(cert: unknown): readonly string[] | undefined {
  if (typeof cert !== 'object' || cert === null || !('pin' in cert)) return undefined;
  refuseUnknownKeys('secureSocket.cert', cert, ['pin']);
  const pins: readonly unknown[] = Array.isArray(cert.pin) ? cert.pin : [cert.pin];
  if (pins.length === 0) throw configError('secureSocket.cert.pin', 'at least one pin', cert.pin);
  return pins.map((pin) => fingerprintOf(readText('secureSocket.cert.pin', pin)));
}

/**
 * Reads a certificate with its key.
 *
 * @param field - path below `secureSocket`
 * @throws TcpError `ETLSCONFIG` - a blank path, or a file that cannot be read
 * @throws TcpError `ECONFIG` - the wrong shape
 */
export async function keyOf(field: string, value: unknown): Promise<TlsKey> {
  if (value === 'selfsigned') {
    throw tlsRefusal(
      field,
      `secureSocket.${field}: this version issues no certificates of its own`,
    );
  }
  const options = readObject(`secureSocket.${field}`, value);
  if ('path' in options) throw noStores(field);
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
  return {
    cert: await readPath(`${field}.certFile`, certFile, noCertificatePath),
    key: await readPath(`${field}.keyFile`, keyFile, noKeyPath),
    ...locked,
  };
}

function pemOf(cert: unknown): string {
  const options = readObject('secureSocket.cert', cert);
  if ('path' in options) throw noStores('cert');
  refuseUnknownKeys('secureSocket.cert', options, ['pem']);
  return readText('secureSocket.cert.pem', options['pem']);
}

function fingerprintOf(pin: string): string {
  const digits = pin.replaceAll(':', '').toUpperCase();
  if (/^[0-9A-F]{64}$/.test(digits)) return digits;
  try {
    return new X509Certificate(pin).fingerprint256.replaceAll(':', '');
  } catch (cause) {
    throw tlsRefusal(
      'cert.pin',
      'secureSocket.cert.pin must be a SHA-256 fingerprint of 64 hex digits, or a certificate in PEM',
      { cause },
    );
  }
}

async function readPath(field: string, value: unknown, blankText: string): Promise<string> {
  const path = readText(`secureSocket.${field}`, value);
  if (path.trim() === '') throw blank(field, blankText);
  return await readPem(field, path);
}

async function readPem(field: string, path: string, compatMessage?: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw tlsRefusal(field, `secureSocket.${field}: ${path} cannot be read: ${reason}`, {
      cause,
      compatMessage: compatMessage ?? `${contextFailed}${path} cannot be read: ${reason}`,
    });
  }
}

function blank(field: string, compatMessage: string): Error {
  return tlsRefusal(field, `secureSocket.${field} must be the path of a PEM file, got nothing`, {
    compatMessage,
  });
}

function noStores(field: string): Error {
  return tlsRefusal(
    field,
    `secureSocket.${field}: PKCS#12 stores are not read by this version; give PEM files`,
  );
}
