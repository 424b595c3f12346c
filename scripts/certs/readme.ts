/** The table of certs/: what its files say themselves. */
import 'reflect-metadata';
import { createHash, createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { X509Crl } from '@peculiar/x509';
import { printIsoTime } from '../../src/base/iso-time';
import { pemBlocks } from '../../src/certs/pem';
import { readPkcs12 } from '../../src/certs/pkcs12';
import { type CertificateRow, certificateRows, passwords } from './files';
import { type Makers, type StoreRecipe, storeRecipes } from './stores';

export const folder = 'certs';

const header = `# Test keys, public, never to be trusted

Files for tests, examples and scenarios that need files; a test that does not issues what it needs with [brine/certs](../docs/certificates.md). Nothing below \`src/\` reads this folder. What is good here is valid until the end of 2119.

\`npm run certs\` makes everything anew and writes this page; \`npm run certs:check\` compares the files with it, as the tests do.
`;

/** The page for the files that are there. */
export async function readmeOf(place: string, makers: Makers): Promise<string> {
  const certificates = certificateRows.map((row) => certificateCells(place, row));
  const stores: string[][] = [];
  for (const recipe of storeRecipes) stores.push(await storeCells(place, recipe));
  return `${header}
## Certificates

Kind: what a client tells that trusts \`ca.pem\` and dials \`localhost\`, or \`none\` when it accepts.

${table(
  [
    'File',
    'Subject',
    'Names',
    'Issuer',
    'Key',
    'Valid from',
    'Valid to',
    'SHA-256',
    'Preset',
    'Kind',
    'Note',
  ],
  certificates,
)}

## Keys

${table(
  ['File', 'Of', 'Key', 'Form', 'Password'],
  keyRows.map((row) => keyCells(place, row)),
)}

## Revocation list

${table(['File', 'Issuer', 'Valid from', 'Valid to', 'SHA-256', 'Takes back'], [listCells(place)])}

## Stores

PKCS#12, for programs and for compatibility: those of \`legacy/\` are encrypted as Java 8 and OpenSSL 1.1 did it.

${table(['File', 'Password', 'Keys', 'Trusted', 'Encryption', 'Made by', 'SHA-256'], stores)}

| Program | Version |
| --- | --- |
| openssl | ${makers.openssl} |
| keytool | ${makers.keytool} |
`;
}

/** The versions that a page names. */
export function makersIn(readme: string): Makers {
  const text = readText(readme);
  const version = (program: string): string =>
    new RegExp(`^\\| ${program} \\| (.+) \\|$`, 'm').exec(text)?.[1] ?? 'unknown';
  return { openssl: version('openssl'), keytool: version('keytool') };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

const keyRows = [
  ...certificateRows
    .filter(({ kind }) => kind !== undefined)
    .map(({ file }) => ({ file: file.replace('.pem', '.key'), of: file, form: 'PKCS#8' })),
  {
    file: 'server-rsa-encrypted.key',
    of: 'server-rsa.pem',
    form: 'PKCS#8',
    password: passwords.modern,
  },
  { file: 'server-rsa-pkcs1.key', of: 'server-rsa.pem', form: 'PKCS#1' },
  { file: 'server-sec1.key', of: 'server.pem', form: 'SEC1' },
].sort((left, right) => (left.file < right.file ? -1 : 1));

const forms: Readonly<Record<string, string>> = {
  'PRIVATE KEY': 'PKCS#8',
  'ENCRYPTED PRIVATE KEY': 'PKCS#8',
  'RSA PRIVATE KEY': 'PKCS#1',
  'EC PRIVATE KEY': 'SEC1',
};

function certificateCells(place: string, { file, preset, kind, note }: CertificateRow): string[] {
  const [leaf = ''] = pemBlocks('CERTIFICATE', readFileSync(join(place, file), 'utf8'));
  const read = new X509Certificate(leaf);
  return [
    `\`${file}\``,
    oneLine(read.subject),
    read.subjectAltName ?? '',
    oneLine(read.issuer),
    keyKind(read.publicKey),
    instant(read.validFrom),
    instant(read.validTo),
    `\`${read.fingerprint256}\``,
    preset ?? '',
    kind ?? '',
    note,
  ];
}

function keyCells(
  place: string,
  { file, of, password }: { file: string; of: string; password?: string },
): string[] {
  const text = readFileSync(join(place, file), 'utf8');
  const key = createPrivateKey({
    key: text,
    ...(password !== undefined && { passphrase: password }),
  });
  const label = /-----BEGIN ([A-Z ]+)-----/.exec(text)?.[1] ?? '';
  const [leaf = ''] = pemBlocks('CERTIFICATE', readFileSync(join(place, of), 'utf8'));
  const owner = new X509Certificate(leaf).checkPrivateKey(key) ? `\`${of}\`` : 'nobody';
  return [`\`${file}\``, owner, keyKind(key), forms[label] ?? label, password ?? ''];
}

function listCells(place: string): string[] {
  const text = readFileSync(join(place, 'crl.pem'), 'utf8');
  const der = Buffer.from(text.replace(/-----.+-----|\s/g, ''), 'base64');
  const inside = certificateRows
    .filter(({ kind }) => kind !== undefined)
    .filter(({ file }) => {
      const [leaf = ''] = pemBlocks('CERTIFICATE', readFileSync(join(place, file), 'utf8'));
      return der.includes(Buffer.from(new X509Certificate(leaf).serialNumber, 'hex'));
    })
    .map(({ file }) => `\`${file}\``);
  const { issuer, thisUpdate, nextUpdate } = new X509Crl(der);
  return [
    '`crl.pem`',
    issuer,
    printIsoTime(thisUpdate.getTime()),
    printIsoTime(nextUpdate?.getTime() ?? Number.POSITIVE_INFINITY),
    `\`${fingerprintOf(der)}\``,
    inside.join(', '),
  ];
}

async function storeCells(place: string, recipe: StoreRecipe): Promise<string[]> {
  const { file, password, form, by } = recipe;
  const bytes = readFileSync(join(place, file));
  const { keys, trusted } = await readPkcs12(bytes, password, file);
  const entry = (alias: string, pem: string): string =>
    `${alias}: ${oneLine(new X509Certificate(pem).subject)}`;
  return [
    `\`${file}\``,
    password,
    keys.map(({ alias, chain }) => entry(alias, chain)).join('; '),
    trusted.map(({ alias, cert }) => entry(alias, cert)).join('; '),
    form,
    `\`${by}\``,
    `\`${fingerprintOf(bytes)}\``,
  ];
}

function fingerprintOf(bytes: Uint8Array): string {
  const hex = createHash('sha256').update(bytes).digest('hex').toUpperCase();
  return (hex.match(/../g) ?? []).join(':');
}

function keyKind({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string {
  if (asymmetricKeyType === 'rsa') return `RSA ${asymmetricKeyDetails?.modulusLength}`;
  if (asymmetricKeyType === 'ec') {
    const curve = asymmetricKeyDetails?.namedCurve ?? '';
    return `EC ${curve === 'prime256v1' ? 'P-256' : curve}`;
  }
  return asymmetricKeyType === 'ed25519' ? 'Ed25519' : String(asymmetricKeyType);
}

function instant(text: string): string {
  return printIsoTime(Date.parse(text));
}

function oneLine(name: string): string {
  return name.replaceAll('\n', ', ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
