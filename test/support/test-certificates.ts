import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { TlsKey } from '../../src/network/tls-settings';

/** Where they are; README.md there says how they were made. */
export const certificateFolder: string = path.join(__dirname, 'certs');

/** The path of one file of the folder. */
export function certificatePath(file: string): string {
  return path.join(certificateFolder, file);
}

/** The text of one file of the folder. */
export function pem(file: string): string {
  return readFileSync(certificatePath(file), 'utf8');
}

/** A certificate with its key, by its name in the folder. */
export function keyOf(name: string): TlsKey {
  return { cert: pem(`${name}.pem`), key: pem(`${name}.key.pem`) };
}

/** PEM of who signed nearly all of them. */
export const authority: string = pem('ca.pem');
