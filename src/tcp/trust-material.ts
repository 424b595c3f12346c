/** Where those who are trusted come from: files, texts, stores, an authority, or a pin. */
import { X509Certificate } from 'node:crypto';
import { configError, tlsRefusal } from '../base/errors';
import { readObject, readText, refuseUnknownKeys } from '../base/option-reader';
import type { TrustedRoots } from '../certs/trusted-roots';
import { contextFailed, otherForm, readFilled, readKeyFile } from './key-files';
import { readStore } from './key-stores';

/** PEM of who is trusted, and what is known below them. */
export interface TrustMaterial {
  readonly anchors: readonly string[];
  readonly knownIntermediates: readonly string[];
}

/**
 * Reads who is trusted.
 *
 * @returns `undefined` for the roots of Node
 * @throws TcpError `ETLSCONFIG` - a blank path, or a file that cannot be read or holds no certificate
 */
export async function trustOf(
  owner: 'client' | 'listener',
  cert: unknown,
): Promise<TrustMaterial | undefined> {
  if (cert === undefined) return undefined;
  if (typeof cert === 'string') {
    const path = readFilled('cert', cert, 'the path of a PEM file', 'certificate');
    const compat = owner === 'client' ? noCertificates(path) : undefined;
    const bytes = await readKeyFile('cert', path, compat);
    return { anchors: [needCertificate('cert', path, bytes, compat)], knownIntermediates: [] };
  }
  const options = readObject('secureSocket.cert', cert);
  if ('path' in options) {
    const { trusted } = await readStore('cert', options, 'trustStore');
    return { anchors: trusted.map((entry) => entry.cert), knownIntermediates: [] };
  }
  refuseUnknownKeys('secureSocket.cert', options, ['pem', 'intermediates']);
  const { pem, intermediates = [] } = options as Partial<TrustedRoots>;
  return {
    anchors: [readText('secureSocket.cert.pem', pem)],
    knownIntermediates: intermediates.map((text) =>
      readText('secureSocket.cert.intermediates', text),
    ),
  };
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

/** The text of a PEM file that must hold certificates. @throws TcpError `ETLSCONFIG` */
export function needCertificate(
  field: string,
  path: string,
  bytes: Buffer,
  compatMessage: string = `${contextFailed}no certificate in ${path}`,
): string {
  const text = bytes.toString();
  const blocks = text.match(certificateBlock) ?? [];
  if (blocks.length === 0) {
    const reason = `${path} holds no certificate in PEM${otherForm(bytes)}`;
    throw tlsRefusal(field, `secureSocket.${field}: ${reason}`, { compatMessage });
  }
  for (const [index, block] of blocks.entries()) {
    try {
      new X509Certificate(block);
    } catch (cause) {
      const reason = `${path} holds a certificate that cannot be read, number ${index + 1}`;
      throw tlsRefusal(field, `secureSocket.${field}: ${reason}`, { cause, compatMessage });
    }
  }
  return text;
}

const certificateBlock =
  /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]*-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

function noCertificates(path: string): string {
  return `File does not contain valid certificates: ${path}`;
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
