/** Mistakes that mock servers are known for, each shown not to be made here. */
import assert from 'node:assert/strict';
import { send } from '../../../src/mock/builder-steps';
import type { JournalKind } from '../../../src/mock/journal-entry';
import { mock } from '../../../src/mock/mock-builder';
import type { MockServer } from '../../../src/mock/mock-server';
import { startMock } from '../../../src/mock/start-mock';
import { exactly } from '../../../src/mock/times';
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
