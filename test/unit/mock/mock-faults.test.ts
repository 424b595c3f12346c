import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MockDefinition } from '../../../src/mock/mock-model';
import { planMock } from '../../../src/mock/mock-plan';
import { startMock } from '../../../src/mock/start-mock';
import type { World } from '../../../src/network/world';
import { Client } from '../../../src/tcp/client';
import { networks } from '../../support/networks';

const limit = { timeout: 20_000 };

/** A mock that echoes lines, with faults. */
function echo(...faults: NonNullable<MockDefinition['faults']>): MockDefinition {
  return {
    name: 'echo',
    framing: 'line',
    rules: [{ when: { any: true }, then: { echo: true } }],
    faults,
  };
}

/** Connects, sends, and reads until the other end is done. */
async function talk(world: World, port: number, text: string, ends = true): Promise<string> {
  const client = await Client.connect({ host: '127.0.0.1', port }, { world });
  await client.writeBytes(Buffer.from(text)).catch(() => undefined);
  if (ends) await client.end().catch(() => undefined);
  const chunks: Uint8Array[] = [];
  let how = '';
  try {
    for await (const chunk of client) chunks.push(Buffer.from(chunk));
  } catch (error) {
    how = ` ${(error as { code?: string }).code}`;
  }
  await client.close();
  return Buffer.concat(chunks).toString() + how;
}

const cases: readonly (readonly [
  title: string,
  faults: NonNullable<MockDefinition['faults']>,
  sent: string,
  received: string,
])[] = [
  ['no fault', [], 'a\nb\n', 'a\nb\n'],
  ['bytes that are changed on their way in', [replaced('a', 'X', 'upstream')], 'a\n', 'X\n'],
  ['bytes that are changed on their way out', [replaced('b', 'Y', 'downstream')], 'b\n', 'Y\n'],
  [
    'a stream that is cut after some bytes',
    [{ type: 'limit_data', attributes: { bytes: 3 } }],
    'abcdef\n',
    'abc',
  ],
  [
    'a reset after some bytes',
    [{ type: 'reset', attributes: { after: 2 } }],
    'abcdef\n',
    ' ECONNRESET',
  ],
  [
    'slices and a delay',
    [
      { type: 'slicer', attributes: { average_size: 1, delay: 100 } },
      { type: 'latency', attributes: { latency: 5 } },
    ],
    'abc\nd\n',
    'abc\nd\n',
  ],
  [
    'a delay of both directions',
    [{ type: 'latency', stream: 'both', attributes: { latency: 5 } }],
    'a\nb\n',
    'a\nb\n',
  ],
  [
    'a connection closed at accept',
    [{ type: 'close_at_accept', attributes: { how: 'fin' } }],
    'a\n',
    '',
  ],
  [
    'a connection reset at accept',
    [{ type: 'close_at_accept', attributes: { how: 'reset', delay: 5 } }],
    'a\n',
    ' ECONNRESET',
  ],
  ['a late accept', [{ type: 'slow_connect', attributes: { delay: 10 } }], 'a\n', 'a\n'],
  ['a fault of another connection', [{ type: 'reset', connections: { from: 2 } }], 'a\n', 'a\n'],
  ['a fault that hits nobody', [{ type: 'reset', toxicity: 0 }], 'a\n', 'a\n'],
  [
    'a fault behind a trigger',
    [{ type: 'reset', trigger: { pattern: '"STOP"', stream: 'upstream' } }],
    'a\n',
    'a\n',
  ],
  ['a fault whose time has not come', [{ type: 'reset', schedule: { start: '1h' } }], 'a\n', 'a\n'],
];

function replaced(from: string, to: string, stream: string) {
  return { type: 'replace', stream, attributes: { find: `"${from}"`, replace: `"${to}"` } };
}

for (const { network, run } of networks) {
  for (const [title, faults, sent, received] of cases) {
    test(`${network}: a client meets ${title}`, limit, () =>
      run(async (world) => {
        const server = await startMock(echo(...faults), { world });

        const heard = await talk(world, server.port, sent, !received.endsWith('RESET'));
        // What came before a RST may be lost with it.
        assert.equal(heard.replace(/.* /s, ' '), received);

        await server.stop();
      }),
    );
  }

  test(`${network}: a trigger that looks at the client's bytes fires on its word`, limit, () =>
    run(async (world) => {
      const stop = { type: 'reset', trigger: { pattern: '"STOP"', stream: 'upstream' } };
      const server = await startMock(echo(stop), { world });

      assert.match(await talk(world, server.port, 'a\nSTOP\n', false), /ECONNRESET$/);
      assert.deepEqual(
        server.journal({ kind: 'fault' }).map(({ reason }) => reason),
        ['reset_downstream: ended'],
      );

      await server.stop();
    }),
  );

  test(`${network}: an age ends a connection that is silent`, limit, () =>
    run(async (world) => {
      for (const [attributes, end] of [
        [{ time: 5 }, 'EPEERCLOSED'],
        [{ time: 5, how: 'half' }, 'EPEERCLOSED'],
        [{ time: 5, how: 'reset' }, 'ECONNRESET'],
      ] as const) {
        const server = await startMock(echo({ type: 'limit_time', attributes }), { world });
        const client = await Client.connect({ host: '127.0.0.1', port: server.port }, { world });

        await assert.rejects(client.readBytes(), { code: end });

        await client.close();
        await server.stop();
      }
    }),
  );

  test(`${network}: a connection too many waits until another ends`, limit, () =>
    run(async (world) => {
      const server = await startMock(echo({ type: 'max_connections' }), { world });
      const first = await Client.connect({ host: '127.0.0.1', port: server.port }, { world });
      await first.writeBytes(Buffer.from('1\n'));
      assert.equal(Buffer.from(await first.readBytes()).toString(), '1\n');
      const second = await Client.connect({ host: '127.0.0.1', port: server.port }, { world });
      await second.writeBytes(Buffer.from('2\n'));

      assert.equal(server.journal({ kind: 'frame', connection: 2 }).length, 0);
      await first.close();
      assert.equal(Buffer.from(await second.readBytes()).toString(), '2\n');

      await second.close();
      await server.stop();
    }),
  );

  test(`${network}: a connection that is never accepted ends with its client`, limit, () =>
    run(async (world) => {
      const server = await startMock(echo({ type: 'never_connect' }), { world });
      const client = await Client.connect({ host: '127.0.0.1', port: server.port }, { world });
      await client.writeBytes(Buffer.from('a\n'));
      client.reset();
      await client.closed;

      await server.stop();
      assert.equal(server.journal({ kind: 'frame' }).length, 0);
    }),
  );
}

test(
  'a schedule wakes a fault on open connections, and puts it to sleep again',
  limit,
  async () => {
    const [, simulated] = networks;
    await simulated?.run(async (world) => {
      const schedule = { start: '100ms', duration: '100ms', expire: 'keep' };
      const late = { type: 'latency', attributes: { latency: 50 }, schedule };
      const server = await startMock(echo(late), { world });
      const client = await Client.connect({ host: '127.0.0.1', port: server.port }, { world });
      const tookMs = async (): Promise<number> => {
        const beganUs = world.clock.now();
        await client.writeBytes(Buffer.from('a\n'));
        await client.readBytes();
        return Math.floor((world.clock.now() - beganUs) / 10_000) * 10;
      };

      assert.equal(await tookMs(), 0);
      await world.clock.sleep(110);
      assert.equal(await tookMs(), 50);
      await world.clock.sleep(110);
      assert.equal(await tookMs(), 0);

      await client.close();
      await server.stop();
    });
  },
);

test('a fault that is wrong is refused with its path, one of a whole proxy too', () => {
  const problems = (...faults: NonNullable<MockDefinition['faults']>): string => {
    try {
      planMock(echo(...faults));
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };

  assert.match(
    problems({ type: 'latncy' }),
    /^echo\.faults\[0\]\.type: invalid toxic type .*"latency"/,
  );
  assert.match(
    problems({ type: 'latency', attributes: { latency: 'x' } }),
    /^echo\.faults\[0\]\.attributes\.latency: /,
  );
  assert.match(problems({ type: 'refuse' }), /faults\[0\]: refuse is of a whole proxy/);
  assert.match(
    problems({ type: 'noop' }, { type: 'noop' }),
    /faults\[1\]: there are two faults "noop_downstream"/,
  );
});
