import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createSecureContext } from 'node:tls';
import { TcpError } from '../../../src/base/errors';
import { Authority } from '../../../src/certs/authority';
import { der as encode, integer, oid, tags } from '../../../src/certs/der';
import { pemBlocks } from '../../../src/certs/pem';
import { readPkcs12 } from '../../../src/certs/pkcs12';

const bytesOf = (store: string): Buffer => readFileSync(`certs/${store}.p12`);
const text = (file: string): string => readFileSync(`certs/${file}`, 'utf8');
const der = (pem: string): string => new X509Certificate(pem).raw.toString('hex');
const certificates = (pem: string): readonly string[] => pemBlocks('CERTIFICATE', pem).map(der);
const keyBytes = (pem: string): string =>
  createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' }).toString('hex');

interface Expected {
  readonly store: string;
  readonly password: string;
  readonly keys: readonly (readonly [alias: string, name: string])[];
  readonly trusted: readonly (readonly [alias: string, file: string])[];
}

const stores: readonly Expected[] = [
  {
    store: 'legacy/keystore',
    password: 'ballerina',
    keys: [['ballerina', 'server-rsa']],
    trusted: [],
  },
  { store: 'legacy/keystore-3des', password: 'ballerina', keys: [['chain', 'chain']], trusted: [] },
  {
    store: 'legacy/pinned',
    password: 'ballerina',
    keys: [['ballerina', 'pinned-expired']],
    trusted: [],
  },
  {
    store: 'legacy/truststore',
    password: 'ballerina',
    keys: [],
    trusted: [['root', 'ca.pem']],
  },
  {
    store: 'legacy/truststore-ec',
    password: 'ballerina',
    keys: [],
    trusted: [
      ['root', 'ca.pem'],
      ['rsa', 'server-rsa.pem'],
      ['pinned', 'pinned-expired.pem'],
    ],
  },
  { store: 'modern/keystore', password: 'brine', keys: [['server', 'server']], trusted: [] },
  { store: 'modern/truststore', password: 'brine', keys: [], trusted: [['root', 'ca.pem']] },
  {
    store: 'modern/java-keystore',
    password: 'ballerina',
    keys: [['server', 'server']],
    trusted: [['root', 'ca.pem']],
  },
];

for (const { store, password, keys, trusted } of stores) {
  test(`${store} gives the keys and certificates that went in, byte for byte`, async () => {
    const content = await readPkcs12(bytesOf(store), password);

    assert.deepEqual(
      content.keys.map(({ alias, key, chain }) => [alias, keyBytes(key), certificates(chain)]),
      keys.map(([alias, name]) => [
        alias,
        keyBytes(text(`${name}.key`)),
        certificates(text(`${name}.pem`)),
      ]),
    );
    assert.deepEqual(
      content.trusted.map(({ alias, cert }) => [alias, der(cert)]),
      trusted.map(([alias, file]) => [alias, certificates(text(file))[0]]),
    );
  });
}

test('Node itself opens no store with RC2, and none without a key', () => {
  const open = (store: string): string => {
    try {
      createSecureContext({ pfx: bytesOf(store), passphrase: 'ballerina' });
      return 'opened';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };

  assert.match(open('legacy/keystore'), /Unsupported PKCS12 PFX data/);
  assert.match(open('legacy/truststore'), /Unsupported|Unable to load private key/);
  assert.equal(open('legacy/keystore-3des'), 'opened');
});

async function refusalOf(bytes: Uint8Array, password = 'ballerina'): Promise<string> {
  try {
    await readPkcs12(bytes, password, 'keys.p12');
  } catch (error) {
    assert.ok(TcpError.is(error), String(error));
    assert.deepEqual([error.code, error.kind, error.phase], ['ETLSCONFIG', 'config', 'config']);
    return error.message;
  }
  return 'opened';
}

test('a wrong password is told as one, whatever the encryption', async () => {
  for (const { store } of stores) {
    for (const password of ['wrong', '', 'bällerina']) {
      const message = await refusalOf(bytesOf(store), password);
      assert.equal(message, 'the password of keys.p12 is wrong', `${store} with ${password}`);
    }
  }
});

test('what is no PKCS#12 store is told as that', async () => {
  const jks = Buffer.from('feedfeed0000000200000001', 'hex');

  assert.equal(
    await refusalOf(Buffer.from(text('ca.pem'))),
    'keys.p12 is not a PKCS#12 store, but PEM',
  );
  assert.equal(
    await refusalOf(Buffer.from(text('pinned-expired.pem'))),
    'keys.p12 is not a PKCS#12 store, but PEM',
  );
  assert.equal(
    await refusalOf(jks),
    'keys.p12 is not a PKCS#12 store; JKS is not supported; convert with keytool -importkeystore',
  );
  assert.equal(await refusalOf(Buffer.from('hello')), 'keys.p12 is not a PKCS#12 store');
  assert.equal(await refusalOf(Buffer.alloc(0)), 'keys.p12 is not a PKCS#12 store');
  const certificate = new X509Certificate(text('ca.pem')).raw;
  assert.match(await refusalOf(certificate), /^keys.p12 is not a PKCS#12 store: /);
});

test('a store that was cut off or changed anywhere is refused', async () => {
  const whole = bytesOf('legacy/truststore');
  for (let at = 0; at < whole.length; at += 37) {
    assert.notEqual(await refusalOf(whole.subarray(0, at)), 'opened', `cut at ${at}`);
    const changed = Buffer.from(whole);
    changed[at] = (changed[at] ?? 0) ^ 0x40;
    const message = await refusalOf(changed);
    // The MAC covers the content, not the names of its own parts.
    if (message === 'opened') assert.ok(at > whole.length - 80, `changed at ${at}`);
  }
});

test('a store of the text form of a password is refused as wrong, not as unreadable', async () => {
  await assert.rejects(readPkcs12(bytesOf('modern/keystore'), undefined as never), {
    code: 'ETLSCONFIG',
  });
});

test('an authority is taken from a store that has one', async () => {
  await assert.rejects(Authority.fromPkcs12(bytesOf('modern/keystore'), 'brine'), {
    message: 'the store has no authority with its key',
  });
});

for (const key of ['ec', 'rsa', 'ed25519'] as const) {
  test(`a store with a key of ${key} is read back as it was written, by us and by Node`, async () => {
    const between = await (await Authority.create()).intermediate();
    const leaf = await between.issue({ names: ['localhost'], key });
    const store = leaf.toPkcs12('a päss \u{1f511}', 'mine äöü');
    const { keys, trusted } = await readPkcs12(store, 'a päss \u{1f511}');

    assert.deepEqual(trusted, []);
    assert.deepEqual(
      keys.map(({ alias }) => alias),
      ['mine äöü'],
    );
    assert.deepEqual(certificates(keys[0]?.chain ?? ''), certificates(leaf.chain));
    assert.equal(keyBytes(keys[0]?.key ?? ''), keyBytes(leaf.key));
    await assert.rejects(readPkcs12(store, 'another'), {
      message: /password of the store is wrong/,
    });
    createSecureContext({ pfx: leaf.toPkcs12('secret'), passphrase: 'secret' });
  });
}

test('a store is written beside other files, for its owner alone, and opens as a key', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'brine-store-'));
  try {
    const leaf = await (await Authority.create()).issue('localhost');
    const store = await leaf.writeStoreTo(folder, 'brine', 'shop');

    assert.deepEqual(store, { path: join(folder, 'shop.p12'), password: 'brine' });
    assert.equal(statSync(store.path).mode & 0o777, 0o600);
    const { keys } = await readPkcs12(readFileSync(store.path), 'brine');
    assert.equal(keys[0]?.alias, 'shop');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('DER has long lengths, numbers that look negative, and identifiers of many digits', () => {
  assert.equal(encode(tags.octets, Buffer.alloc(0x80)).toString('hex', 0, 3), '048180');
  assert.equal(encode(tags.octets, Buffer.alloc(0x1234)).toString('hex', 0, 4), '04821234');
  assert.equal(integer(0x80).toString('hex'), '02020080');
  assert.equal(integer(2_048).toString('hex'), '02020800');
  assert.equal(oid('1.2.840.113549').toString('hex'), '06062a864886f70d');
});
