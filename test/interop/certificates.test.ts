/** What other programs make of our certificates and of the stores that we read. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { storeRecipes } from '../../scripts/certs/stores';
import { Authority } from '../../src/certs/authority';
import type { Certificate } from '../../src/certs/certificate';
import { keyTypes } from '../../src/certs/key-types';
import { readPkcs12 } from '../../src/certs/pkcs12';
import type { PresetName } from '../../src/certs/preset-names';
import type { World } from '../../src/network/world';
import { Listener } from '../../src/tcp/listener';
import { inRealWorld } from '../support/tcp-world';
import { runTool } from './wireshark';

const folder = mkdtempSync(join(tmpdir(), 'brine-interop-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

/** Left out, with a line that says so, on machines without the program. */
function needing(
  program: string,
  probe: string,
): { readonly skip: string | false; readonly timeout: number } {
  const missing = spawnSync(program, [probe]).error !== undefined;
  return { skip: missing ? `${program} is not here` : false, timeout: 60_000 };
}

function fileOf(text: string): string {
  const path = join(folder, `${++files}.pem`);
  writeFileSync(path, text);
  return path;
}

/** What `openssl verify` says of a certificate with what was sent along. */
async function verified(certificate: Certificate, ...more: readonly string[]): Promise<string> {
  const { stdout, stderr } = await runTool('openssl', [
    ...['verify', '-x509_strict', '-CAfile', fileOf(certificate.trust().pem)],
    ...['-untrusted', fileOf(certificate.chain), ...more, fileOf(certificate.cert)],
  ]);
  return (
    /error \d+ at \d+ depth lookup: (.+)/.exec(stdout + stderr)?.[1] ?? stdout.trim().slice(-2)
  );
}

for (const key of keyTypes) {
  test(
    `openssl finds nothing strict to say against what an authority of ${key} issues`,
    needing('openssl', 'version'),
    async () => {
      const ca = await Authority.create({ key });
      const between = await ca.intermediate({ key, pathLen: 0 });
      for (const leafKey of keyTypes) {
        const leaf = await between.issue({ names: ['localhost', '::1'], key: leafKey });

        assert.equal(
          await verified(leaf, '-purpose', 'sslserver', '-verify_hostname', 'localhost'),
          'OK',
        );
      }
      const client = await ca.issueClient('alice');
      assert.equal(await verified(client, '-purpose', 'sslclient'), 'OK');
    },
  );
}

const objections: readonly (readonly [PresetName, string, ...(readonly string[])])[] = [
  ['valid', 'OK'],
  ['expired', 'certificate has expired'],
  ['notYetValid', 'certificate is not yet valid'],
  ['wrongHost', 'hostname mismatch', '-verify_hostname', 'localhost'],
  ['noCommonName', 'OK', '-verify_hostname', 'localhost'],
  ['noSubject', 'OK', '-verify_hostname', 'localhost'],
  ['selfSigned', 'self-signed certificate'],
  ['untrustedRoot', 'unable to get local issuer certificate'],
  ['missingIntermediate', 'unable to get local issuer certificate'],
  ['expiredIntermediate', 'certificate has expired'],
  ['expiredRoot', 'certificate has expired'],
  ['clientOnlyUsage', 'unsuitable certificate purpose', '-purpose', 'sslserver'],
  ['serverOnlyUsage', 'unsuitable certificate purpose', '-purpose', 'sslclient'],
  ['pathLenExceeded', 'path length constraint exceeded'],
  ['weakKey', 'EE certificate key too weak', '-auth_level', '2'],
  ['sha1', 'CA signature digest algorithm too weak', '-auth_level', '2'],
  ['md5', 'CA signature digest algorithm too weak', '-auth_level', '2'],
];

for (const [preset, objection, ...how] of objections) {
  test(
    `openssl says of the preset ${preset}: ${objection}`,
    needing('openssl', 'version'),
    async () => {
      const ca = await Authority.create();

      assert.equal(
        await verified(await ca.issue({ names: ['localhost'], preset }), ...how),
        objection,
      );
    },
  );
}

test(
  'openssl finds what was revoked in the list, and nothing else',
  needing('openssl', 'version'),
  async () => {
    for (const key of keyTypes) {
      const ca = await Authority.create({ key });
      const [good, bad] = [await ca.issue('a.test'), await ca.issue('b.test')];
      await ca.revoke(bad);
      const list = ['-crl_check', '-CRLfile', fileOf(await ca.crl())];

      assert.equal(await verified(good, ...list), 'OK');
      assert.equal(await verified(bad, ...list), 'certificate revoked');
    }
  },
);

test(
  'an authority is taken from a store that openssl made of it',
  needing('openssl', 'version'),
  async () => {
    const ca = await Authority.create({ key: 'rsa', name: 'stored' });
    const store = join(folder, 'authority.p12');
    const { status, stderr } = await runTool('openssl', [
      ...['pkcs12', '-export', '-out', store, '-passout', 'pass:secret', '-name', 'ca'],
      ...['-in', fileOf(ca.cert), '-inkey', fileOf(ca.key)],
    ]);
    assert.equal(status, 0, stderr);
    const again = await Authority.fromPkcs12(readFileSync(store), 'secret');

    assert.equal(again.cert, ca.cert);
    assert.equal(await verified(await again.issue('localhost')), 'OK');
  },
);

const opensslStores: readonly (readonly [title: string, ...words: readonly string[]])[] = [
  ['with AES'],
  ['with RC2 and 3DES', '-legacy'],
  ['without a seal', '-nomac'],
  ['without encryption', '-keypbe', 'NONE', '-certpbe', 'NONE'],
  ['sealed with SHA-512', '-macalg', 'sha512', '-iter', '5000'],
];

const manyWrong = ['ü', ...Array.from({ length: 100 }, (_, index) => `-${index}`)];

for (const [title, ...words] of opensslStores) {
  test(
    `stores of openssl ${title} open with any password, and names keep their letters`,
    needing('openssl', 'version'),
    async () => {
      for (const password of ['secret', '', 'pässwörd€']) {
        const store = join(folder, `${++files}.p12`);
        const { status, stderr } = await runTool('openssl', [
          ...['pkcs12', '-export', '-out', store, '-passout', `pass:${password}`, ...words],
          ...['-in', 'certs/chain.pem', '-inkey', 'certs/chain.key', '-name', 'Schlüssel 鍵'],
        ]);
        assert.equal(status, 0, stderr);
        const { keys } = await readPkcs12(readFileSync(store), password);

        assert.deepEqual(
          keys.map(({ alias, key }) => [alias, key]),
          [['Schlüssel 鍵', readFileSync('certs/chain.key', 'utf8')]],
        );
        if (title === 'without encryption') continue;
        // Without a seal one in some hundred wrong passwords decrypts to what looks whole at first.
        for (const wrong of title === 'without a seal' ? manyWrong : ['ü']) {
          await assert.rejects(readPkcs12(readFileSync(store), `${password}${wrong}`), {
            message: 'the password of the store is wrong',
          });
        }
      }
    },
  );
}

/** Answers every request over TLS with a word. */
async function answering(world: World, key: Certificate): Promise<number> {
  const listener = new Listener(0, { world, secureSocket: { key } });
  const reply = Buffer.from('HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello');
  listener.attach(() => ({ onBytes: () => reply, onError: () => undefined }));
  return (await listener.start()).port;
}

/** Runs a program with and without being told whom to trust; what it printed. */
async function told(
  program: string,
  words: (port: number) => readonly string[],
): Promise<readonly string[]> {
  const lines: string[] = [];
  await inRealWorld(async (world) => {
    const ca = await Authority.create();
    const between = await ca.intermediate();
    const port = await answering(world, await between.issue('localhost'));
    const scope = world.scope.child('files');
    for (const variables of [await ca.env(scope), {}]) {
      const env = Object.entries({ ...variables }).map(([name, value]) => `${name}=${value}`);
      const run = await runTool('env', [...env, program, ...words(port)]);
      lines.push(run.status === 0 ? run.stdout.trim() : run.stderr.trim());
    }
    await scope[Symbol.asyncDispose]();
    await world.scope[Symbol.asyncDispose]();
  });
  return lines;
}

test(
  'curl trusts what the environment of an authority names, and nothing without it',
  needing('curl', '--version'),
  async () => {
    const [with_, without = ''] = await told('curl', (port) => [
      ...['-sS', '--noproxy', '*', `https://localhost:${port}/`],
    ]);

    assert.equal(with_, 'hello');
    assert.match(without, /^curl: \(60\) SSL certificate problem/);
  },
);

test('Python trusts it as well, at its strictest', needing('python3', '--version'), async () => {
  const program = (port: number): string => `
import socket, ssl
context = ssl.create_default_context()
context.verify_flags |= ssl.VERIFY_X509_STRICT
with socket.create_connection(("localhost", ${port})) as raw:
    with context.wrap_socket(raw, server_hostname="localhost") as secured:
        secured.sendall(b"GET / HTTP/1.0\\r\\n\\r\\n")
        print(secured.recv(4096).decode().split("\\r\\n")[-1])
`;
  const [with_, without = ''] = await told('python3', (port) => ['-c', program(port)]);

  assert.equal(with_, 'hello');
  assert.match(without, /CERTIFICATE_VERIFY_FAILED/);
});

for (const { file, password, by } of storeRecipes) {
  test(`keytool sees in ${file} what readPkcs12 sees`, needing('keytool', '-help'), async () => {
    const { keys, trusted } = await readPkcs12(readFileSync(join('certs', file)), password);
    const { stdout } = await runTool('keytool', [
      ...['-J-Duser.language=en', '-list', '-storetype', 'PKCS12'],
      ...['-keystore', join('certs', file), '-storepass', password],
    ]);

    const seen = [...stdout.matchAll(/^([^,\n]+), .+, (\w+Entry),/gm)].map((match) =>
      match.slice(1),
    );
    // Java trusts only what bears a mark of its own, which no other program writes.
    const marked = by.startsWith('keytool') ? trusted : [];
    assert.deepEqual(
      seen.sort(),
      [
        ...keys.map(({ alias }) => [alias, 'PrivateKeyEntry']),
        ...marked.map(({ alias }) => [alias, 'trustedCertEntry']),
      ].sort(),
    );
  });
}
