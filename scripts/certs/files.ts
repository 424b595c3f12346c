/** What is issued into certs/: nothing that is good there ends before 2120. */
import { createPrivateKey } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TlsKind } from '../../src/base/error-codes';
import { Authority } from '../../src/certs/authority';
import type { Certificate } from '../../src/certs/certificate';
import { issue } from '../../src/certs/issue';
import { generateKey, pkcs8Of } from '../../src/certs/key-types';
import type { PresetName } from '../../src/certs/preset-names';
import { readValidity } from '../../src/certs/validity';

const validity = { from: '2020-01-01T00:00:00Z', to: '2119-12-31T23:59:59Z' };
const names = ['localhost', '127.0.0.1', '::1'];

/** A certificate of the folder, and what becomes of it. */
export interface CertificateRow {
  readonly file: string;
  readonly preset?: PresetName;
  /** Kind at a client that trusts ca.pem and dials localhost; `none` when it is accepted. */
  readonly kind?: TlsKind | 'none';
  /** What it takes for that. */
  readonly note: string;
}

export const certificateRows: readonly CertificateRow[] = [
  { file: 'ca.pem', note: 'the authority; its key was thrown away' },
  { file: 'intermediate.pem', note: 'below ca.pem; its key was thrown away' },
  { file: 'server.pem', preset: 'valid', kind: 'none', note: '' },
  { file: 'server-rsa.pem', preset: 'valid', kind: 'none', note: '' },
  { file: 'server-ed25519.pem', preset: 'ed25519', kind: 'none', note: '' },
  {
    file: 'chain.pem',
    preset: 'valid',
    kind: 'none',
    note: 'signed by intermediate.pem, which is in the file',
  },
  { file: 'client.pem', preset: 'valid', kind: 'none', note: 'for a client to show' },
  {
    file: 'client-expired.pem',
    preset: 'expired',
    kind: 'cert-expired',
    note: 'for a client to show; the listener tells',
  },
  { file: 'expired.pem', preset: 'expired', kind: 'cert-expired', note: '' },
  { file: 'not-yet-valid.pem', preset: 'notYetValid', kind: 'cert-not-yet-valid', note: '' },
  { file: 'wrong-host.pem', preset: 'wrongHost', kind: 'cert-host-mismatch', note: '' },
  { file: 'self-signed.pem', preset: 'selfSigned', kind: 'cert-self-signed', note: '' },
  { file: 'untrusted-root.pem', preset: 'untrustedRoot', kind: 'cert-untrusted', note: '' },
  { file: 'revoked.pem', preset: 'revoked', kind: 'cert-revoked', note: 'with crl.pem' },
  {
    file: 'pinned-expired.pem',
    kind: 'cert-expired',
    note: 'text around the PEM; accepted as a pin, and by `verify: ballerina`',
  },
];

/** Of what is encrypted in the folder. */
export const passwords = { modern: 'brine', legacy: 'ballerina' } as const;

/** Issues everything anew. The keys of the authorities are thrown away. */
export async function issueFiles(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const ca = await Authority.create({ name: 'Brine test authority', validity });
  const between = await ca.intermediate({ name: 'Brine test intermediate', validity });
  write(folder, 'ca.pem', ca.cert);
  write(folder, 'intermediate.pem', between.cert);
  const leaves: Readonly<Record<string, Promise<Certificate>>> = {
    server: ca.issue({ names, validity }),
    'server-rsa': ca.issue({ names, validity, key: 'rsa' }),
    'server-ed25519': ca.issue({ names, validity, key: 'ed25519' }),
    chain: between.issue({ names, validity }),
    client: ca.issueClient('alice', { validity }),
    'client-expired': ca.issueClient('alice', { preset: 'expired' }),
    expired: ca.issue({ names, preset: 'expired' }),
    'not-yet-valid': ca.issue({ names, preset: 'notYetValid' }),
    'wrong-host': ca.issue({ names, preset: 'wrongHost', validity }),
    'self-signed': ca.issue({ names, preset: 'selfSigned', validity }),
    'untrusted-root': ca.issue({ names, preset: 'untrustedRoot', validity }),
    revoked: ca.issue({ names, preset: 'revoked', validity }),
  };
  for (const [name, leaf] of Object.entries(leaves)) {
    const { chain, key } = await leaf;
    write(folder, `${name}.pem`, chain);
    write(folder, `${name}.key`, key);
  }
  write(folder, 'crl.pem', await ca.crl({ nextUpdate: validity }));
  await writeForms(folder, leaves);
  await writePinned(folder);
}

/** The same keys in the other forms that are read. */
async function writeForms(
  folder: string,
  leaves: Readonly<Record<string, Promise<Certificate>>>,
): Promise<void> {
  const rsa = await leaves['server-rsa'];
  const ec = await leaves['server'];
  if (rsa === undefined || ec === undefined) return;
  write(folder, 'server-rsa-encrypted.key', rsa.encryptedKey(passwords.modern));
  const form = (key: string, type: 'pkcs1' | 'sec1'): string =>
    createPrivateKey(key)
      .export({ type: type as 'pkcs1', format: 'pem' })
      .toString();
  write(folder, 'server-rsa-pkcs1.key', form(rsa.key, 'pkcs1'));
  write(folder, 'server-sec1.key', form(ec.key, 'sec1'));
}

/** What Ballerina's samples show: nobody's name, long expired, and text around the key. */
async function writePinned(folder: string): Promise<void> {
  const keys = await generateKey('rsa');
  const cert = await issue(
    {
      subject: 'Unknown',
      period: readValidity({ from: '2020-11-23T00:00:00Z', to: '2021-11-23T00:00:00Z' }),
      issuer: { privateKey: keys.privateKey },
      names: [],
      usages: ['server', 'client'],
      hash: 'sha256',
      identifiers: false,
      mustStaple: false,
    },
    keys,
  );
  const bag = 'Bag Attributes\n    friendlyName: ballerina\n';
  write(
    folder,
    'pinned-expired.pem',
    `${bag}subject=CN = Unknown\n\nissuer=CN = Unknown\n\n${cert}`,
  );
  write(
    folder,
    'pinned-expired.key',
    `${bag}Key Attributes: <No Attributes>\n${pkcs8Of(keys.privateKey)}`,
  );
}

/** Anew, since the mode counts only for a new file. */
function write(folder: string, name: string, text: string): void {
  const path = join(folder, name);
  rmSync(path, { force: true });
  writeFileSync(path, text, { mode: name.endsWith('.key') ? 0o600 : 0o644 });
}
