import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pemBlocks } from '../../src/certs/pem';
import type { TlsKey } from '../../src/network/tls-settings';

/** The path of one file of certs/; README.md there says what it is. */
export function certificatePath(file: string): string {
  return path.join(__dirname, '..', '..', 'certs', file);
}

/** The text of one file of certs/. */
export function pem(file: string): string {
  return readFileSync(certificatePath(file), 'utf8');
}

/** A certificate with its key, by its name in certs/. */
export function keyOf(name: string): TlsKey {
  return { cert: pem(`${name}.pem`), key: pem(`${name}.key`) };
}

/** The same without what is sent along. */
export function leafOf(name: string): TlsKey {
  const { cert, key } = keyOf(name);
  return { cert: pemBlocks('CERTIFICATE', cert)[0] ?? '', key };
}

/** PEM of who signed nearly all of them. */
export const authority: string = pem('ca.pem');
