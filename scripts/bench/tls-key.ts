import { readFileSync } from 'node:fs';

/** The text of a certificate or key of the tests; a benchmark runs at the top of the repository. */
export function pem(file: string): string {
  return readFileSync(`certs/${file}`, 'utf8');
}

/** What the servers show: an EC P-256 key. */
export const shown: { readonly cert: string; readonly key: string } = {
  cert: pem('server.pem'),
  key: pem('server.key'),
};
