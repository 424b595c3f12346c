/** Whether OpenSSL and we resume each other's sessions, choose by name, and hold the same secrets. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TlsOutcome } from '../../src/base/tls-outcome';
import type { Client } from '../../src/tcp/client';
import { SessionStore } from '../../src/tcp/session-store';
import { missingOpenssl, startClient, startServer, type Told, toldBy } from './openssl';
import { assertSameStory } from './same-story';
import { type OurListener, ownCertificates, withClient, withListener } from './tls-ends';

const interop = { skip: missingOpenssl, timeout: 30_000 };
const versions = ['TLSv1.2', 'TLSv1.3'] as const;
const flags = { 'TLSv1.2': '-tls1_2', 'TLSv1.3': '-tls1_3' } as const;
const issued = ownCertificates('sessions');

/** Says a line to a listener of ours and waits for its echo, then ends. */
async function dial(
  { port, next }: OurListener,
  ...args: readonly string[]
): Promise<{ told: Told; outcome: TlsOutcome; said: string }> {
  const client = startClient(port, '-CAfile', issued.caFile, ...args);
  client.type('hello');
  await client.says(/^hello$/m);
  client.endInput();
  const outcome = await next();
  await client.ended;
  const told = toldBy(client);
  assertSameStory(told, outcome);
  return { told, outcome, said: client.stdout };
}

/** A server of OpenSSL that shows a certificate for localhost, until the body is done. */
async function withServer<T>(
  args: readonly string[],
  body: (port: number, program: Awaited<ReturnType<typeof startServer>>['server']) => Promise<T>,
): Promise<T> {
  const own = await issued.files.args(issued.server);
  const { server: program, port } = await startServer(...own, ...args);
  try {
    return await body(port, program);
  } finally {
    await program.kill();
  }
}

for (const version of versions) {
  const protocol = { versions: [version] };

  for (const tickets of ['on', 'off', 'reject'] as const) {
    const does = tickets === 'on' ? 'resumes' : 'cannot resume';
    test(
      `s_client ${does} ${version} where tickets of the listener are ${tickets}`,
      interop,
      async () => {
        const session = join(issued.folder.path, `${version}-${tickets}.pem`);
        await withListener({ key: issued.server, protocol, tickets }, async (ours) => {
          const met = await dial(ours, '-sess_out', session);
          assert.deepEqual([met.told.resumed, met.outcome.resumed], [false, false]);
          const again = await dial(ours, '-sess_in', session);

          const expected = tickets === 'on';
          assert.deepEqual([again.told.resumed, again.outcome.resumed], [expected, expected]);
        });
      },
    );
  }

  test(`a client resumes ${version} with s_server`, interop, async () => {
    await withServer([flags[version], '-rev'], async (port) => {
      const session = new SessionStore();
      const resumed: (boolean | undefined)[] = [];
      for (let turn = 0; turn < 3; turn++) {
        const { outcome } = await withClient(port, { cert: issued.ca.trust(), session }, echoed);
        resumed.push(outcome.resumed);
      }

      assert.deepEqual(resumed, [false, true, true]);
    });
  });

  test(`s_client and a listener hold the same secrets of ${version}`, interop, async () => {
    const path = join(issued.folder.path, `${version}-client.keys`);
    const lines: string[] = [];
    const keylog = (line: Uint8Array) => lines.push(Buffer.from(line).toString());
    await withListener({ key: issued.server, protocol, keylog }, async (ours) => {
      await dial(ours, '-keylogfile', path);
    });

    assert.equal(lines.length, version === 'TLSv1.3' ? 5 : 1);
    assert.deepEqual(trimmed(lines), secretsIn(path));
  });

  test(`s_server and a client hold the same secrets of ${version}`, interop, async () => {
    const path = join(issued.folder.path, `${version}-server.keys`);
    const lines: string[] = [];
    const keylog = (line: Uint8Array) => lines.push(Buffer.from(line).toString());
    await withServer([flags[version], '-rev', '-keylogfile', path], async (port) => {
      await withClient(port, { cert: issued.ca.trust(), keylog }, echoed);
    });

    assert.equal(lines.length, version === 'TLSv1.3' ? 5 : 1);
    assert.deepEqual(trimmed(lines), secretsIn(path));
  });
}

test('s_client that connects again and again resumes every time', interop, async () => {
  const protocol = { versions: ['TLSv1.2'] } as const;
  await withListener({ key: issued.server, protocol }, async ({ port, next }) => {
    const client = startClient(port, '-CAfile', issued.caFile, '-reconnect');
    const outcomes: TlsOutcome[] = [];
    for (let turn = 0; turn < 5; turn++) outcomes.push(await next());
    client.type('hello');
    await client.says(/^hello$/m);
    client.endInput();
    outcomes.push(await next());
    await client.ended;

    const told = [...client.stdout.matchAll(/^(New|Reused), /gm)].map(
      ([, how]) => how === 'Reused',
    );
    assert.deepEqual(told, [false, true, true, true, true, true]);
    assert.deepEqual(
      outcomes.map(({ resumed }) => resumed),
      told,
    );
  });
});

test('s_client is shown the certificate of the name that it asks for', interop, async () => {
  const [own, shop, any] = await Promise.all([
    issued.ca.issue('localhost'),
    issued.ca.issue('shop.test'),
    issued.ca.issue('any.test'),
  ]);
  const subject = ({ said }: { said: string }) => /^subject=CN = (\S+)$/m.exec(said)?.[1];
  await withListener({ key: own, sni: { 'shop.test': shop } }, async (ours) => {
    const asked = await dial(ours, '-servername', 'shop.test', '-verify_hostname', 'shop.test');
    assert.deepEqual([subject(asked), asked.outcome.servername], ['shop.test', 'shop.test']);
    const loud = await dial(ours, '-servername', 'SHOP.test');
    assert.equal(subject(loud), 'shop.test');
    const other = await dial(ours, '-servername', 'other.test');
    assert.deepEqual([subject(other), other.outcome.servername], ['localhost', 'other.test']);
    const silent = await dial(ours, '-noservername');
    assert.deepEqual([subject(silent), silent.outcome.servername], ['localhost', undefined]);
  });
  await withListener({ key: own, sni: { '*': any, 'no.test': 'refuse' } }, async (ours) => {
    assert.equal(subject(await dial(ours, '-servername', 'other.test')), 'any.test');
    assert.equal(subject(await dial(ours, '-noservername')), 'localhost');
    const refused = startClient(ours.port, '-servername', 'no.test');
    assert.equal((await ours.next()).error?.kind, 'sni-rejected');
    assert.notEqual(await refused.ended, 0);
    assert.equal(toldBy(refused).secured, false);
  });
});

test(
  'a client is shown the certificate of the name that it asks s_server for',
  interop,
  async () => {
    const shop = await issued.files.paths(await issued.ca.issue('shop.test'));
    const names = ['-servername', 'shop.test', '-cert2', shop.certFile, '-key2', shop.keyFile];
    await withServer(['-rev', ...names], async (port) => {
      const cert = issued.ca.trust();
      const asked = await withClient(port, { cert, servername: 'shop.test' }, echoed);
      const other = await withClient(port, { cert }, echoed);
      const silent = await withClient(port, { cert, servername: '' }, echoed);

      assert.equal(asked.tls?.peerCertificate?.subject, 'CN=shop.test');
      assert.equal(other.tls?.peerCertificate?.subject, 'CN=localhost');
      assert.equal(silent.outcome.servername, undefined);
      // Without a name it is the address that must stand in the certificate.
      assert.equal(silent.error?.kind, 'cert-host-mismatch');
    });
  },
);

/** A line that `s_server -rev` turns round; what comes with it has come. */
async function echoed(client: Client): Promise<void> {
  await client.writeBytes(Buffer.from('hello\n'));
  assert.equal(Buffer.from(await client.readUntil(Buffer.from('\n'))).toString(), 'olleh\n');
}

function secretsIn(path: string): string[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return trimmed(lines.filter((line) => line !== '' && !line.startsWith('#')));
}

function trimmed(lines: readonly string[]): string[] {
  return lines.map((line) => line.trim()).sort();
}
