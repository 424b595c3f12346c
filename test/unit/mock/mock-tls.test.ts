import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { CaptureFile } from '../../../src/capture/capture-file';
import { Authority } from '../../../src/certs/authority';
import type { MockDefinition } from '../../../src/mock/mock-model';
import { planMock } from '../../../src/mock/mock-plan';
import { type MockOptions, startMock } from '../../../src/mock/start-mock';
import type { World } from '../../../src/network/world';
import { Client } from '../../../src/tcp/client';
import type { ClientSecureSocket } from '../../../src/tcp/secure-socket';
import { networks } from '../../support/networks';

const limit = { timeout: 20_000 };
const folder = mkdtempSync(join(tmpdir(), 'brine-mock-tls-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function shop(more: Partial<MockDefinition>): MockDefinition {
  return { name: 'shop', framing: 'line', rules: [{ when: 'PING', then: 'PONG' }], ...more };
}

async function dial(
  world: World,
  port: number,
  secureSocket: ClientSecureSocket,
): Promise<{ readonly client?: Client; readonly kind?: string }> {
  try {
    return { client: await Client.connect('127.0.0.1', port, { world, secureSocket }) };
  } catch (error) {
    return { kind: (error as { kind?: string }).kind ?? String(error) };
  }
}

async function withShop(
  world: World,
  more: Partial<MockDefinition>,
  body: (port: number) => Promise<void>,
  options: MockOptions = {},
): Promise<void> {
  const server = await startMock(shop(more), { world, folder, ...options });
  await body(server.port);
  await server.stop();
}

const broken: readonly (readonly [NonNullable<MockDefinition['tls']>, string])[] = [
  [{ fault: { on: 'clientHello', do: 'fin' } }, 'closed-in-handshake'],
  [{ fault: { on: 'accept', do: 'rst' } }, 'reset-in-handshake'],
  [{ fault: { on: 'clientHello', do: 'plaintextHttp' } }, 'not-tls'],
  [{ fault: { on: 'clientHello', do: { alert: 'handshake_failure' } } }, 'alert'],
  [{ selfSigned: { preset: 'expired' } }, 'cert-'],
  [{ selfSigned: { hosts: ['localhost'], preset: 'not-yet-valid' } }, 'cert-'],
];

for (const { network, run } of networks) {
  for (const [tls, kind] of broken) {
    test(`${network}: a client meets ${JSON.stringify(tls)}`, limit, () =>
      run((world) =>
        withShop(world, { tls }, async (port) => {
          const { kind: met = 'nothing' } = await dial(world, port, { servername: 'localhost' });
          assert.ok(met.startsWith(kind) || kind === 'alert', met);
          assert.notEqual(met, 'nothing');
        }),
      ),
    );
  }

  test(`${network}: a mock that says no close_notify leaves a truncated stream`, limit, () =>
    run(async (world) => {
      const authority = await Authority.create({ key: 'ec' });
      const key = await authority.issue({ names: ['localhost'], key: 'ec' });
      const rude: Partial<MockDefinition> = {
        tls: { closeNotify: false },
        onConnect: { close: 'end' },
      };
      await withShop(
        world,
        rude,
        async (port) => {
          const { client } = await dial(world, port, {
            cert: authority.trust(),
            servername: 'localhost',
            closeNotify: 'require',
          });
          await assert.rejects(client?.readBytes() ?? Promise.resolve(), { code: 'ETLSRECORD' });
          await client?.close();
        },
        { tls: { socket: { key } } },
      );
    }),
  );

  test(
    `${network}: a mock that greets and closes says close_notify behind its greeting`,
    limit,
    () =>
      run(async (world) => {
        const authority = await Authority.create({ key: 'ec' });
        const key = await authority.issue({ names: ['localhost'], key: 'ec' });
        const brief: Partial<MockDefinition> = { onConnect: ['hello', { close: 'end' }] };
        await withShop(
          world,
          brief,
          async (port) => {
            const { client } = await dial(world, port, {
              cert: authority.trust(),
              servername: 'localhost',
              closeNotify: 'require',
            });
            assert.equal(String(await client?.readBytes()), 'hello\n');
            await assert.rejects(client?.readBytes() ?? Promise.resolve(), { code: 'EPEERCLOSED' });
            await client?.close();
          },
          { tls: { socket: { key } } },
        );
      }),
  );

  test(`${network}: what connects to a mock is in the capture that it names`, limit, () =>
    run(async (world) => {
      const capture = `${world.kind}.pcapng`;
      await withShop(world, { capture, redact: [{ regex: 'P[IO]NG' }] }, async (port) => {
        const client = await Client.connect('127.0.0.1', port, { world });
        await client.writeBytes(Buffer.from('PING\n'));
        assert.equal(Buffer.from(await client.readBytes()).toString(), 'PONG\n');
        await client.close();
      });

      await using file = await CaptureFile.open(join(folder, capture));
      const captured = [];
      for await (const connection of file.connections()) captured.push(connection);
      assert.equal(captured.length, 1);
      const bytes = readFileSync(join(folder, capture));
      assert.equal(bytes.includes('PING'), false);
      assert.ok(bytes.includes('****\n'));
    }),
  );
}

for (const { network, run } of networks) {
  test(
    `${network}: certificates come from files, by name too, and clients show theirs`,
    limit,
    () =>
      run(async (world) => {
        const authority = await Authority.create({ key: 'ec' });
        for (const name of ['localhost', 'other.test', 'alice']) {
          const { cert, key } = await authority.issue({ names: [name], key: 'ec' });
          writeFileSync(join(folder, `${name}.pem`), cert);
          writeFileSync(join(folder, `${name}-key.pem`), key);
        }
        writeFileSync(join(folder, 'ca.pem'), authority.trust().pem);
        const keyLog = `${world.kind}-keys.log`;
        const tls: NonNullable<MockDefinition['tls']> = {
          cert: 'localhost.pem',
          key: 'localhost-key.pem',
          sni: { 'other.test': { cert: 'other.test.pem', key: 'other.test-key.pem' } },
          ca: 'ca.pem',
          requireClientCert: true,
          minVersion: '1.2',
          maxVersion: '1.2',
          ciphers: 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
          alpn: ['shop/1'],
          handshakeTimeout: '5s',
          rejectTickets: true,
          keyLog,
        };
        const rules = [
          { when: { equals: 'WHO', clientCert: 'alice', tls: true }, then: 'alice' },
          { when: { equals: 'WHO', tls: true }, then: 'somebody' },
        ];
        const key = {
          certFile: join(folder, 'alice.pem'),
          keyFile: join(folder, 'alice-key.pem'),
        };
        await withShop(world, { tls, rules }, async (port) => {
          for (const servername of ['localhost', 'other.test']) {
            const { client, kind } = await dial(world, port, {
              cert: authority.trust(),
              servername,
              alpn: ['shop/1'],
              key,
            });
            assert.equal(kind, undefined);
            assert.equal(client?.tls?.protocol, 'TLSv1.2');
            await client?.writeBytes(Buffer.from('WHO\n'));
            assert.equal(String(await client?.readBytes()), 'alice\n');
            await client?.close();
          }
          const { client, kind } = await dial(world, port, {
            cert: authority.trust(),
            servername: 'localhost',
          });
          assert.ok(kind !== undefined || client !== undefined);
          await client?.close();
        });
        assert.match(readFileSync(join(folder, keyLog), 'utf8'), /^CLIENT_RANDOM /m);
      }),
  );

  test(
    `${network}: a named certificate is asked for when TLS starts, and one that is not there told`,
    limit,
    () =>
      run(async (world) => {
        const authority = await Authority.create({ key: 'ec' });
        const leaf = await authority.issue({ names: ['localhost'], key: 'ec' });
        const rules = ['leaf', 'none'].map((name) => ({
          when: name,
          then: [{ send: 'go' }, { startTls: name }],
        }));
        for (const certificates of [
          { leaf },
          (name: string) => (name === 'leaf' ? leaf : undefined),
        ]) {
          const server = await startMock(shop({ rules }), { world, certificates });
          const client = await Client.connect('127.0.0.1', server.port, { world });
          await client.writeBytes(Buffer.from('leaf\n'));
          assert.equal(String(await client.readBytes()), 'go\n');
          await client.upgradeToTls({ cert: authority.trust(), servername: 'localhost' });
          await client.close();

          const other = await Client.connect('127.0.0.1', server.port, { world });
          await other.writeBytes(Buffer.from('none\n'));
          assert.equal(String(await other.readBytes()), 'go\n');
          await other.close();
          await server.stop();
          assert.throws(() => server.verify().promisesKept(), { message: /no certificate "none"/ });
        }
      }),
  );
}

test('a mock whose capture cannot be written does not start', limit, async () => {
  writeFileSync(join(folder, 'file'), '');

  await assert.rejects(startMock(shop({ capture: 'file/x.pcapng' }), { folder }), {
    code: 'ECAPTUREFILE',
  });
});

test('what cannot be said about TLS is refused', () => {
  const refused = (tls: NonNullable<MockDefinition['tls']>, message: RegExp): void => {
    assert.throws(() => planMock(shop({ tls })), { message });
  };

  refused(
    { selfSigned: { preset: 'expird' } },
    /selfSigned\.preset: unknown preset "expird" .*"expired"/,
  );
  refused({ fault: { on: 'hello', do: 'fin' } }, /^shop\.tls\.fault/);
  refused({ fault: { on: 'accept', do: 'fin' }, closeNotify: false }, /exclude each other/);
  refused(
    { cert: 'a.pem', key: 'b.pem', selfSigned: {} },
    /cert and selfSigned exclude each other/,
  );
  refused({ cert: 'a.pem' }, /cert and key belong together/);
  refused({ minVersion: '1.3', maxVersion: '1.2' }, /minVersion 1\.3 is above maxVersion 1\.2/);
  refused({ requireClientCert: true }, /only with ca/);
});
