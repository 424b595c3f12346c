import { ipBytes } from '../base/ip-bytes';

/**
 * Makes a certificate that is signed by its own key, valid for a day; PEM.
 *
 * @param hosts - names and addresses it is good for; the first one is its subject
 */
export async function selfSignedLeaf(
  hosts: readonly string[],
): Promise<{ readonly cert: string; readonly key: string }> {
  // Loaded late: most mocks need no certificate.
  const { generate } = require('selfsigned') as typeof import('selfsigned');
  const altNames = hosts.map((host) =>
    ipBytes(host) === undefined
      ? { type: 2 as const, value: host }
      : { type: 7 as const, ip: host },
  );
  const { cert, private: key } = await generate(
    [{ name: 'commonName', value: hosts[0] ?? 'localhost' }],
    {
      algorithm: 'sha256',
      keyType: 'ec',
      curve: 'P-256',
      extensions: [
        { name: 'subjectAltName', altNames },
        { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
      ],
    },
  );
  return { cert, key };
}
