/** Mistakes that mock servers are known for, each shown not to be made here. */
import assert from 'node:assert/strict';
import { CaptureFile } from '../../../src/capture/capture-file';
import { writePcapng } from '../../../src/capture/write-pcapng';
import type { JournalKind } from '../../../src/mock/journal-entry';
import { mock } from '../../../src/mock/mock-builder';
import type { MockServer } from '../../../src/mock/mock-server';
import { startMock } from '../../../src/mock/start-mock';
import { Proxy } from '../../../src/proxy/proxy';
import { simulatedWorld } from '../../../src/simulation/world';
import { Client } from '../../../src/tcp/client';
import { networks } from '../../support/networks';
import { shows } from './defect-list';

function entryOf(server: MockServer, kind: JournalKind): Promise<unknown> {
  return new Promise((resolve) => {
    server.onEntry((entry) => entry.kind === kind && resolve(entry));
  });
}

for (const { network, run } of networks) {
  shows(
    [6],
    `${network}: a client that says nothing is greeted and pushed to`,
    { timeout: 20_000 },
    () =>
      run(async (world) => {
        const server = await mock('m', { framing: 'line' }).onConnect('hello').start(world);
        const client = await Client.connect(server, { world });
        assert.equal(String(await client.readUntil(Buffer.from('\n'))), 'hello\n');
        assert.equal(await server.push('news'), 1);
        assert.equal(String(await client.readUntil(Buffer.from('\n'))), 'news\n');
        await client.close();
        await server.stop();
      }),
  );

  shows(
    [16],
    `${network}: a frame that no rule takes ends the wait, with the nearest rule`,
    { timeout: 20_000 },
    () =>
      run(async (world) => {
        const server = await mock('m', { framing: 'line' }).when('LIST').reply('a').start(world);
        const client = await Client.connect(server, { world });
        await client.writeBytes(Buffer.from('list\n'));
        await assert.rejects(
          server.waitFor('LIST', { within: '50ms' }),
          /nearest: rule 1 differs at byte 0/,
        );
        await client.close();
        await server.stop();
        assert.throws(
          () => server.verify().all(),
          /received "list" on connection 1, which no rule takes/,
        );
      }),
  );

  shows(
    [19],
    `${network}: TLS starts in the middle of a stream, and not over plain bytes`,
    { timeout: 20_000 },
    () =>
      run(async (world) => {
        const server = await startMock(
          {
            name: 'm',
            framing: 'crlf',
            mode: 'lenient',
            tls: { mode: 'starttls', cert: 'certs/server.pem', key: 'certs/server.key' },
            rules: [
              { when: 'STARTTLS', then: [{ send: 'go' }, { startTls: true }] },
              { when: { equals: 'SECRET', tls: true }, then: 'ok' },
            ],
          },
          { world },
        );
        const client = await Client.connect(server, { world });
        await client.writeBytes(Buffer.from('STARTTLS\r\n'));
        await client.readUntil(Buffer.from('\n'));
        await client.upgradeToTls({ cert: 'certs/ca.pem', servername: 'localhost' });
        await client.writeBytes(Buffer.from('SECRET\r\n'));
        assert.equal(String(await client.readUntil(Buffer.from('\n'))), 'ok\r\n');
        await client.close();

        const eager = await Client.connect(server, { world });
        await eager.writeBytes(Buffer.from('STARTTLS\r\nSECRET\r\n'));
        await eager.readUntil(Buffer.from('\n'));
        await assert.rejects(eager.readBytes(), { code: 'ECONNRESET' });
        await eager.close();
        await server.stop();
        assert.throws(() => server.verify().all(), /plain bytes left before the TLS upgrade/);
      }),
  );
}

shows([5], 'a reset is a RST in the capture, and an end a FIN', async () => {
  for (const [how, ended] of [
    ['reset', 'rst'],
    ['end', 'fin'],
  ] as const) {
    const world = simulatedWorld({ seed: 2, trace: 'full' });
    await world.run(async () => {
      const server = await mock('m', { framing: 'line' })
        .when('A')
        .reply('a', { close: how })
        .start(world);
      const client = await Client.connect(server, { world });
      await client.writeBytes(Buffer.from('A\n'));
      await client.readBytes(2);
      await client.readBytes().catch(() => undefined);
      await client.close();
      await server.stop();
    });
    const file = CaptureFile.from(writePcapng(world));
    for await (const connection of file.connections()) assert.equal(connection.ended, ended);
  }
});

shows(
  [9],
  'all byte values pass a proxy in front of a mock, whatever their order',
  { timeout: 20_000 },
  () =>
    simulatedWorld({ seed: 3 }).run(async (world) => {
      const server = await startMock(
        { name: 'm', rules: [{ when: { any: true }, then: { echo: true } }] },
        { world },
      );
      const proxy = await Proxy.start({ world, upstream: server.address });
      const client = await Client.connect(proxy.listen, { world });
      const all = Buffer.from(
        Array.from({ length: 512 }, (_, index) => (index * 167 + (index >> 8)) & 0xff),
      );
      await client.writeBytes(all);
      assert.deepEqual(Buffer.from(await client.readBytes(512)), all);
      await client.close();
      await proxy.close();
      await server.stop();
    }),
);

shows(
  [22],
  'an expression that would take for ever stops, and others are answered',
  { timeout: 30_000 },
  () =>
    networks[0]?.run(async (world) => {
      const server = await startMock(
        {
          name: 'm',
          framing: 'line',
          mode: 'lenient',
          rules: [
            { name: 'evil', when: { regex: '(a+)+$' }, then: 'never' },
            { name: 'ping', when: 'PING', then: 'PONG' },
          ],
        },
        { world },
      );
      const [evil, other] = await Promise.all([
        Client.connect(server, { world }),
        Client.connect(server, { world }),
      ]);
      const reported = entryOf(server, 'timeout');
      await evil.writeBytes(Buffer.from(`${'a'.repeat(65_536)}!\n`));
      await other.writeBytes(Buffer.from('PING\n'));
      assert.equal(String(await other.readBytes(5)), 'PONG\n');
      await reported;
      assert.match(
        String(server.warnings),
        /of rule "evil" took longer than 50 ms and counts as not matching/,
      );
      await Promise.all([evil.close(), other.close()]);
      await server.stop();
    }),
);
