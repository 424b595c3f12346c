import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { TcpError } from '../../../src/base/errors';
import { seededRandom } from '../../../src/base/random';
import { Authority } from '../../../src/certs/authority';
import type { CertificatePlan } from '../../../src/certs/certificate-plan';
import { fitsSelfsigned, issueWithSelfsigned } from '../../../src/certs/issue-selfsigned';
import { issueWithX509 } from '../../../src/certs/issue-x509';
import { generateKey } from '../../../src/certs/key-types';
import { readValidity } from '../../../src/certs/validity';
import { createScope } from '../../../src/network/world/scope';
import { simulatedWorld } from '../../../src/simulation/world';

const hourMs = 3_600_000;

/** The refusal of a call. */
async function refusalOf(call: Promise<unknown>): Promise<{ code: string; message: string }> {
  try {
    await call;
  } catch (error) {
    assert.ok(TcpError.is(error), String(error));
    return { code: error.code, message: error.message };
  }
  throw new Error('it was not refused');
}

for (const identifiers of [true, false]) {
  const how = identifiers ? 'with' : 'without';
  for (const key of ['ec', 'ec-p384', 'ec-p521', 'rsa', 'ed25519'] as const) {
    test(`an authority of ${key} issues ${how} identifiers what Node verifies`, async () => {
      const ca = await Authority.create({ key, identifiers });
      const between = await ca.intermediate({ pathLen: 0 });
      for (const leafKey of ['ec', 'ec-p384', 'ec-p521', 'rsa', 'ed25519'] as const) {
        const leaf = await between.issue({
          names: ['localhost', '127.0.0.1', '::1'],
          key: leafKey,
        });

        const [root, middle, own] = [ca.cert, between.cert, leaf.cert].map(
          (pem) => new X509Certificate(pem),
        );
        assert.ok(root?.ca && middle?.ca && own?.ca === false);
        assert.ok(root.verify(root.publicKey) && middle.verify(root.publicKey));
        assert.ok(own.verify(middle.publicKey) && own.checkIssued(middle));
        assert.ok(own.checkPrivateKey(createPrivateKey(leaf.key)));
        assert.equal(own.checkHost('localhost'), 'localhost');
        assert.equal(own.checkIP('::1'), '::1');
        assert.equal(own.subject, 'CN=localhost');
        assert.equal(leaf.chain, leaf.cert + between.cert);
      }
    });
  }
}

test('a certificate is valid for a day, from an hour ago', async () => {
  const ca = await Authority.create();
  const leaf = await ca.issue('localhost');

  const length = Date.parse(leaf.notAfter) - Date.parse(leaf.notBefore);
  // Certificates count whole seconds.
  assert.ok(Math.abs(length - 25 * hourMs) <= 1_000, `${length} ms`);
  assert.ok(Date.parse(leaf.notBefore) < Date.now() && Date.parse(leaf.notAfter) > Date.now());
});

test('a validity may be a length, or two instants', async () => {
  const ca = await Authority.create({
    validity: { from: '2020-01-01T00:00:00Z', to: '2119-12-31T23:59:59Z' },
  });
  const short = await ca.issue({ names: ['localhost'], validity: '5 minutes' });

  const { validFrom, validTo } = new X509Certificate(ca.cert);
  assert.deepEqual([validFrom, validTo], ['Jan  1 00:00:00 2020 GMT', 'Dec 31 23:59:59 2119 GMT']);
  const length = Date.parse(short.notAfter) - Date.parse(short.notBefore);
  assert.ok(Math.abs(length - hourMs - 300_000) <= 1_000, `${length} ms`);
});

test('a certificate of a client is for clients, and any text may be its name', async () => {
  const ca = await Authority.create();
  const names = ['alice', 'Alice, "the first" + CN=root; <a>\\#', 'Ålice', 'a@example.org'];
  for (const name of names) {
    const { cert } = await ca.issueClient(name);

    const read = new X509Certificate(cert);
    assert.equal(read.toLegacyObject().subject['CN'], name);
    assert.deepEqual(read.keyUsage, ['1.3.6.1.5.5.7.3.2']);
  }
});

test('names of all kinds end in the certificate as what they are', async () => {
  const ca = await Authority.create({ identifiers: false });
  const names = ['*.example.org', 'a@example.org', 'https://example.org/x', '10.0.0.1', 'fe80::1'];
  const both = [await ca.issue(...names), await (await Authority.create()).issue(...names)].map(
    ({ cert }) => new X509Certificate(cert).subjectAltName,
  );

  const expected =
    'DNS:*.example.org, email:a@example.org, URI:https://example.org/x, ' +
    'IP Address:10.0.0.1, IP Address:FE80:0:0:0:0:0:0:1';
  assert.deepEqual(both, [expected, expected]);
});

test('serial numbers come from the chance that was given, and are positive', async () => {
  const serials = async (seed: number): Promise<readonly string[]> => {
    const ca = await Authority.create({ random: seededRandom(seed) });
    const leaves = [await ca.issue('a.test'), await ca.issue('b.test'), await ca.issueClient('c')];
    return leaves.map(({ serial }) => serial);
  };

  const first = await serials(1);
  assert.deepEqual(await serials(1), first);
  assert.notDeepEqual(await serials(2), first);
  assert.equal(new Set(first).size, 3);
  for (const serial of first) assert.match(serial, /^[4-7][0-9A-F]{31}$/);
});

test('authorities that nobody named have names of their own', async () => {
  const [one, other] = [await Authority.create(), await Authority.create()];

  const names = [one, other].map(({ cert }) => new X509Certificate(cert).subject);
  assert.notEqual(names[0], names[1]);
  for (const name of names) assert.match(name, /^CN=Brine test authority [0-9a-f]{8}$/);
});

test('an authority is taken back from PEM, also with an encrypted key', async () => {
  const ca = await Authority.create({ name: 'kept' });
  const again = await Authority.fromPem({ cert: ca.cert, key: ca.key });
  const leaf = await again.issue('localhost');

  assert.ok(new X509Certificate(leaf.cert).checkIssued(new X509Certificate(ca.cert)));
  const key = createPrivateKey(ca.key)
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' })
    .toString();
  const locked = await Authority.fromPem({ cert: ca.cert, key, keyPassword: 'secret' });
  assert.equal(locked.key, ca.key);
});

test('what is no authority is refused as one', async () => {
  const ca = await Authority.create({ name: 'kept' });
  const other = await Authority.create({ name: 'other' });
  const leaf = await ca.issue('localhost');
  const { cert } = ca;

  const refused = async (options: { cert: string; key: string; keyPassword?: string }) =>
    await refusalOf(Authority.fromPem(options));
  assert.deepEqual(await refused({ cert: 'x', key: ca.key }), {
    code: 'ETLSCONFIG',
    message: 'cert: no certificate in PEM',
  });
  assert.deepEqual(await refused(leaf), {
    code: 'ECONFIG',
    message: 'options: unknown key "chain"',
  });
  assert.deepEqual(await refused({ cert: leaf.cert, key: leaf.key }), {
    code: 'ETLSCONFIG',
    message: 'cert: CN=localhost is no authority',
  });
  assert.deepEqual(await refused({ cert, key: other.key }), {
    code: 'ETLSCONFIG',
    message: 'key: it does not belong to the certificate of CN=kept',
  });
  assert.deepEqual(await refused({ cert, key: leaf.encryptedKey('a'), keyPassword: 'b' }), {
    code: 'ETLSCONFIG',
    message: 'key: no private key in PEM that opens',
  });
});

test('wrong wishes are refused by name', async () => {
  const ca = await Authority.create();
  const wishes: readonly [Promise<unknown>, string][] = [
    [ca.issue(), 'names must be at least one name, got an array of 0'],
    [
      ca.issue('a b'),
      'names[0] must be a DNS name, an IP address, a mail address or a URI, got "a b" (string)',
    ],
    [
      ca.issue({ names: ['a'], preset: 'expird' as 'expired' }),
      'preset must be one of "valid", "expired", "notYetValid", "expiresIn", "wrongHost", ' +
        '"ipMissing", "noSan", "noCommonName", "noSubject", "wildcard", "manySans", "selfSigned", "untrustedRoot", ' +
        '"missingIntermediate", "expiredIntermediate", "expiredRoot", "revoked", ' +
        '"clientOnlyUsage", "serverOnlyUsage", "notACa", "pathLenExceeded", "weakKey", "sha1", ' +
        '"md5", "mustStaple", "ed25519", got "expird" (string)',
    ],
    [
      ca.issue({ names: ['a'], validity: { from: '2020', to: '2021-01-01T00:00:00Z' } }),
      'validity.from must be an instant such as "2020-01-01T00:00:00Z", got "2020" (string)',
    ],
    [
      ca.issue({
        names: ['a'],
        validity: { from: '2021-01-01T00:00:00Z', to: '2020-01-01T00:00:00Z' },
      }),
      'validity must be a time that ends after it began, got Object (object)',
    ],
    [
      Authority.create({ key: 'dsa' as 'rsa' }),
      'key must be one of "ec", "ec-p384", "ec-p521", "rsa", "ed25519", got "dsa" (string)',
    ],
    [
      Authority.create({ nam: 'x' } as object),
      'AuthorityOptions: unknown key "nam" (did you mean "name"?)',
    ],
    [ca.writeTo(undefined as unknown as string), 'folder must be a path or a scope, got undefined'],
  ];
  for (const [wish, message] of wishes) {
    assert.deepEqual(await refusalOf(wish), { code: 'ECONFIG', message });
  }
});

test('files are written where they are wanted, and nobody else may read the key', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'brine-test-'));
  try {
    const ca = await Authority.create();
    const leaf = await ca.issue('localhost');
    const deep = join(folder, 'a', 'b');
    const path = await ca.writeTo(deep);
    const { certFile, keyFile } = await leaf.writeTo(deep, 'web');
    await leaf.writeTo(deep, 'web');

    assert.deepEqual(
      [path, certFile, keyFile],
      ['ca.pem', 'web.pem', 'web.key'].map((name) => join(deep, name)),
    );
    assert.equal(readFileSync(path, 'utf8'), ca.cert);
    assert.equal(readFileSync(certFile, 'utf8'), leaf.chain);
    assert.equal(readFileSync(keyFile, 'utf8'), leaf.key);
    if (process.platform !== 'win32') assert.equal(statSync(keyFile).mode & 0o777, 0o600);
    const variables = await ca.env(deep);
    assert.deepEqual(Object.entries(variables), [
      ['NODE_EXTRA_CA_CERTS', path],
      ['SSL_CERT_FILE', path],
      ['REQUESTS_CA_BUNDLE', path],
      ['CURL_CA_BUNDLE', path],
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('files of a scope lie in one temporary folder, which goes with the scope', async () => {
  const scope = createScope('test');
  const ca = await Authority.create();
  const leaf = await ca.issue('localhost');
  const [path, { certFile, keyFile }] = await Promise.all([ca.writeTo(scope), leaf.writeTo(scope)]);
  const folder = dirname(path);

  assert.deepEqual([dirname(certFile), dirname(keyFile)], [folder, folder]);
  if (process.platform !== 'win32') assert.equal(statSync(folder).mode & 0o777, 0o700);
  await scope[Symbol.asyncDispose]();
  assert.equal(existsSync(folder), false);
});

test('nothing is written for a scope that has ended', async () => {
  const scope = createScope('test');
  await scope[Symbol.asyncDispose]();
  const ca = await Authority.create();

  assert.deepEqual(await refusalOf(ca.writeTo(scope)), {
    code: 'ABORT_ERR',
    message: 'writing into a folder of a scope that is over aborted',
  });
});

test('a revocation list names what was revoked, each once, under the header that Node reads', async () => {
  const ca = await Authority.create({ key: 'ed25519' });
  const [good, bad] = [await ca.issue('a.test'), await ca.issue('b.test')];
  await ca.revoke(bad);
  await ca.revoke(bad);

  const list = await ca.crl();
  assert.match(list, /^-----BEGIN X509 CRL-----\n[^-]+-----END X509 CRL-----\n$/);
  const hex = Buffer.from(list.replace(/-----.+-----|\n/g, ''), 'base64').toString('hex');
  const count = (serial: string): number => hex.split(serial.toLowerCase()).length - 1;
  assert.deepEqual([count(bad.serial), count(good.serial)], [1, 0]);
});

test('virtual time does not move the dates of certificates', async () => {
  const world = simulatedWorld({ globals: 'installed' });
  const [virtual, leaf] = await world.run(async () => {
    await world.advance('1h');
    const ca = await Authority.create();
    return [Date.now(), await ca.issue('localhost')] as const;
  });

  assert.ok(Math.abs(virtual - Date.now()) > 24 * hourMs);
  assert.ok(Date.parse(leaf.notBefore) < Date.now() && Date.parse(leaf.notAfter) > Date.now());
});

test('both issuers say the same in a certificate that both can make', async () => {
  const keys = await generateKey('ec');
  const plan: CertificatePlan = {
    subject: 'localhost',
    publicKey: keys.publicKey,
    period: readValidity({ from: '2020-01-01T00:00:00Z', to: '2119-12-31T23:59:59Z' }),
    issuer: { privateKey: keys.privateKey },
    names: [
      { type: 'dns', value: 'localhost' },
      { type: 'ip', value: '127.0.0.1' },
    ],
    usages: ['server'],
    hash: 'sha256',
    identifiers: false,
    mustStaple: false,
  };
  assert.ok(fitsSelfsigned(plan));
  const both = [await issueWithSelfsigned(plan, keys.privateKey), await issueWithX509(plan)].map(
    (pem) => new X509Certificate(pem),
  );

  const [one, other] = both.map((read) => ({
    subject: read.subject,
    issuer: read.issuer,
    names: read.subjectAltName,
    usage: read.keyUsage,
    from: read.validFrom,
    to: read.validTo,
    ca: read.ca,
    key: read.publicKey.export({ type: 'spki', format: 'pem' }),
    own: read.verify(keys.publicKey),
  }));
  assert.deepEqual(one, other);
  assert.equal(one?.own, true);
});

test('what selfsigned would say wrongly, or not at all, goes to the other issuer', async () => {
  const [ec, rsa] = [await generateKey('ec'), await generateKey('ed25519')];
  const fits = (change: Partial<CertificatePlan>): boolean =>
    fitsSelfsigned({
      subject: 'a',
      publicKey: ec.publicKey,
      period: readValidity(),
      issuer: { privateKey: ec.privateKey },
      names: [],
      usages: [],
      hash: 'sha256',
      identifiers: false,
      mustStaple: false,
      ...change,
    });

  assert.equal(fits({}), true);
  for (const subject of [
    'a, b',
    'a+b',
    'a"b',
    'a\\b',
    'a;b',
    '<a>',
    '#a',
    'a=b',
    ' a',
    'a\u0007',
  ]) {
    assert.equal(fits({ subject }), false, subject);
  }
  assert.equal(fits({ publicKey: rsa.publicKey }), false);
  assert.equal(fits({ hash: 'sha1' }), false);
  assert.equal(fits({ identifiers: true }), false);
  assert.equal(fits({ mustStaple: true }), false);
  assert.equal(fits({ random: seededRandom(1) }), false);
});
