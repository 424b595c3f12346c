/** Mistakes that mock servers are known for, each shown not to be made here. */
import assert from 'node:assert/strict';
import { CaptureFile } from '../../../src/capture/capture-file';
import { writePcapng } from '../../../src/capture/write-pcapng';
import { send } from '../../../src/mock/builder-steps';
import { Compiling } from '../../../src/mock/compiling';
import type { JournalKind } from '../../../src/mock/journal-entry';
import { mock } from '../../../src/mock/mock-builder';
import type { Predicate } from '../../../src/mock/mock-model';
import type { MockServer } from '../../../src/mock/mock-server';
import { compilePredicate } from '../../../src/mock/predicates';
import { startMock } from '../../../src/mock/start-mock';
import type { Subject } from '../../../src/mock/subject';
import { exactly } from '../../../src/mock/times';
import { Proxy } from '../../../src/proxy/proxy';
import { simulatedWorld } from '../../../src/simulation/world';
import { Client } from '../../../src/tcp/client';
import { networks } from '../../support/networks';
import { shows } from './defect-list';

function _matches(predicate: Predicate, bytes: Uint8Array): boolean {
  const place = new Compiling('when', '.');
  const compiled = compilePredicate(predicate, place);
  assert.deepEqual(place.problems, []);
  const subject: Subject = {
    bytes,
    state: 'start',
    connection: 1,
    secured: false,
    clientCert: [],
    regexLimit: { limitMs: 50, exceeded: () => undefined },
    context: () => assert.fail('no handler is asked'),
  };
  return compiled.match(subject) !== undefined;
}

const _hexOf = (...bytes: readonly number[]): { hex: string } => ({
  hex: Buffer.from(bytes).toString('hex'),
});

function entryOf(server: MockServer, kind: JournalKind): Promise<unknown> {
  return new Promise((resolve) => {
    server.onEntry((entry) => entry.kind === kind && resolve(entry));
  });
}

for (const { network, run } of networks) {
  shows(
    [3, 4],
    `${network}: two requests in one segment, or cut anywhere, get two replies in order`,
    { timeout: 60_000 },
    () =>
      run(async (world) => {
        const server = await mock('m', { framing: 'crlf' })
          .when('A')
          .reply(send('1').after(2))
          .when('B')
          .reply('2')
          .start(world);
        const bytes = Buffer.from('A\r\nB\r\n');
        for (let cut = 0; cut < bytes.length; cut++) {
          const client = await Client.connect(server, { world });
          await client.writeBytes(bytes.subarray(0, cut));
          await client.writeBytes(bytes.subarray(cut));
          assert.equal(String(await client.readBytes(6)), '1\r\n2\r\n', `cut at ${cut}`);
          await client.close();
        }
        await server.stop();
        server.verify().received('A', exactly(6)).received('B', exactly(6)).all();
      }),
  );

  shows([5, 7], `${network}: each way to end is what the client sees`, { timeout: 20_000 }, () =>
    run(async (world) => {
      const server = await startMock(
        {
          name: 'ends',
          framing: 'line',
          rules: [
            { when: 'END', then: { send: 'bye', close: 'end' } },
            { when: 'HALF', then: { send: 'bye', close: 'half' } },
            { when: 'RESET', then: { send: 'bye', close: 'reset' } },
          ],
        },
        { world },
      );
      for (const [word, code] of [
        ['END', 'EPEERCLOSED'],
        ['HALF', 'EPEERCLOSED'],
        ['RESET', 'ECONNRESET'],
      ] as const) {
        const client = await Client.connect(server, { world });
        await client.writeBytes(Buffer.from(`${word}\n`));
        assert.equal(String(await client.readBytes(4)), 'bye\n');
        await assert.rejects(client.readBytes(), { code }, word);
        await client.close();
      }
      await server.stop();
    }),
  );

  shows([9], `${network}: all byte values pass through a mock unchanged`, { timeout: 20_000 }, () =>
    run(async (world) => {
      const server = await startMock(
        {
          name: 'echo',
          framing: { kind: 'length-prefix', type: 'u16be' },
          rules: [{ when: { any: true }, then: { echo: true, chunks: 7 } }],
        },
        { world },
      );
      const client = await Client.connect(server, { world });
      const all = Buffer.from([
        1,
        0,
        ...Array.from({ length: 256 }, (_, value) => (value * 167) & 0xff),
      ]);

      await client.writeBytes(all);

      assert.deepEqual(Buffer.from(await client.readBytes(258)), all);
      await client.close();
      await server.stop();
    }),
  );

  shows(
    [17],
    `${network}: an expectation that is not used fails, also in a lenient mock`,
    { timeout: 20_000 },
    () =>
      run(async (world) => {
        const server = await startMock(
          {
            name: 'm',
            mode: 'lenient',
            framing: 'line',
            rules: [{ name: 'quit', when: 'QUIT', then: { close: 'end' }, times: { min: 1 } }],
          },
          { world },
        );
        await server.stop();

        assert.throws(
          () => server.verify().all(),
          /rule "quit" matched 0 times, expected at least once/,
        );
      }),
  );

  shows(
    [23],
    `${network}: a frame cut by FIN and one cut by RST are told apart`,
    { timeout: 20_000 },
    () =>
      run(async (world) => {
        const server = await startMock(
          { name: 'm', framing: 'line', rules: [{ when: 'X', then: 'x' }] },
          { world },
        );
        for (const how of ['close', 'reset'] as const) {
          const client = await Client.connect(server, { world });
          await client.writeBytes(Buffer.from('X\nhal'));
          await client.readBytes(2);
          const seen = entryOf(server, how === 'close' ? 'end' : 'reset');
          await client[how]();
          await seen;
          await client.closed;
        }
        await server.waitFor('X', { times: 2 });
        await server.stop();

        const reasons = server
          .journal()
          .flatMap(({ kind, reason }) =>
            kind === 'end' || kind === 'reset' ? [`${kind}: ${reason}`] : [],
          );
        assert.deepEqual(reasons, [
          'end: incomplete frame at the end of stream (3 bytes)',
          'reset: incomplete frame at a reset (3 bytes)',
        ]);
        assert.throws(
          () => server.verify().nothingUnexpected(),
          /incomplete frame at the end of stream/,
        );
      }),
  );
}

shows([10], 'counts stay exact when the journal forgets', { timeout: 60_000 }, () =>
  networks[1]?.run(async (world) => {
    const server = await mock('m', { framing: 'line', limits: { journalEvents: 100 } })
      .when('A')
      .reply('a')
      .start(world);
    const client = await Client.connect(server, { world });
    for (let round = 0; round < 20; round++) {
      await client.writeBytes(Buffer.from('A\n'.repeat(100)));
      await client.readBytes(200);
    }
    await client.close();
    await server.stop();

    assert.ok(server.dropped > 5_000);
    server.verify().received('A', exactly(2_000));
    assert.throws(
      () => server.verify().inOrder('A'),
      /the journal dropped \d+ entries; raise limits\.journalEvents/,
    );
  }),
);

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
