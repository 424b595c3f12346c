import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Connection } from '../../../src/network/connection';
import { readLinkOptions } from '../../../src/simulation/link-settings';
import type { PlannedLink } from '../../../src/simulation/plan';
import { type SimulatedWorld, simulatedWorld } from '../../../src/simulation/world';
import { connectPair, write } from '../../conformance/pair';

const limit = { timeout: 20_000 };

test('latency may differ in the two directions', limit, async () => {
  await onLinks(
    [
      { from: 'app', to: 'db', latency: '20 ms' },
      { from: 'db', to: 'app', latency: '5 ms' },
    ],
    async (world) => {
      const { client, server } = await fromAppToDb(world);
      assert.equal(world.clock.now(), 45_000);

      client.write('x');
      await once(server, 'data');
      assert.equal(world.clock.now(), 65_000);
      server.write('y');
      await once(client, 'data');
      assert.equal(world.clock.now(), 70_000);
    },
  );
});

test(
  'a range of latencies is sampled from the tape, and then stays in its middle',
  limit,
  async () => {
    const plan = {
      v: 1,
      links: [{ from: '*', to: '*', latency: { uniform: ['1 ms', '2 ms'] } }],
      tape: { latency: [0, 1_000, 1_001 + 500] },
    } as const;
    await simulatedWorld({ plan }).run(async (world) => {
      const { client, server } = await connectPair(world);
      assert.equal(world.clock.now(), 1_000 + 2_000 + 1_500);

      client.write('x');
      await once(server, 'data');
      assert.equal(world.clock.now(), 4_500 + 1_500);
    });
  },
);

test('a tape of latencies is used up in order, and order of bytes is kept', limit, async () => {
  await onLinks(
    [{ from: 'app', to: 'db', latency: { tape: [0, 0, 9_000, 1_000, 2_000] } }],
    async (world) => {
      const { client, server } = await fromAppToDb(world);
      const start = world.clock.now();
      const arrivals: string[] = [];
      server.on('data', (chunk) => arrivals.push(`${chunk} ${world.clock.now() - start}`));

      for (const text of ['a', 'b', 'c', 'd']) client.write(text);
      await world.advance('20 ms');

      assert.deepEqual(arrivals, ['a 9000', 'b 9000', 'c 9000', 'd 9000']);
    },
  );
});

test(
  'bandwidth is shared by all connections of a link, and each way has its own',
  limit,
  async () => {
    await onLinks([{ from: '*', to: '*', latency: 0, bandwidth: 1_000 }], async (world) => {
      const one = await fromAppToDb(world);
      const two = await fromAppToDb(world);
      const start = world.clock.now();
      const arrivals: string[] = [];
      const note = (name: string) => (chunk: Uint8Array) =>
        arrivals.push(`${name} ${chunk.length} after ${world.clock.now() - start}`);
      one.server.on('data', note('one'));
      two.server.on('data', note('two'));
      two.client.on('data', note('back'));

      one.client.write(Buffer.alloc(500));
      two.client.write(Buffer.alloc(500));
      two.server.write(Buffer.alloc(250));
      await world.advance('5 s');

      assert.deepEqual(arrivals, [
        'back 250 after 250000',
        'one 500 after 500000',
        'two 500 after 1000000',
      ]);
    });
  },
);

test(
  'a write waits once both buffers are full, and goes on as the reader takes bytes',
  limit,
  async () => {
    await onLinks(
      [{ from: '*', to: '*', sendBuffer: 1_000, receiveBuffer: 2_000 }],
      async (world) => {
        const { client, server } = await fromAppToDb(world, { pauseOnConnect: true });
        assert.equal(await write(client, Buffer.alloc(3_000)), undefined);
        let done = false;
        const more = write(client, Buffer.alloc(1)).then(() => {
          done = true;
        });
        await world.advance('1 s');
        assert.equal(done, false);
        assert.deepEqual(
          { unsent: client.info().unsent, unread: server.info().unreadInReceiveBuffer },
          { unsent: 1_001, unread: 2_000 },
        );
        const windows = () => world.trace.events.filter(({ kind }) => kind === 'window');
        assert.deepEqual(
          windows().map(({ detail }) => detail),
          [{ bytes: 0 }],
        );

        server.resume();
        await more;
        await world.settle();

        assert.equal(server.bytesRead, 3_001);
        assert.deepEqual(windows().map(({ detail }) => detail)[1], { bytes: 2_000 });
      },
    );
  },
);

test('in flight and unread together never exceed the receive buffer', limit, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5_000 }),
      fc.integer({ min: 1, max: 5_000 }),
      fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 8 }),
      async (receiveBuffer, sendBuffer, sizes) => {
        const link = { from: '*', to: '*', receiveBuffer, sendBuffer };
        await onLinks([link], async (world) => {
          const { client, server } = await fromAppToDb(world);
          world.trace.subscribe(() => {
            const { inFlight } = client.info();
            const { unreadInReceiveBuffer } = server.info();
            assert.ok(inFlight + unreadInReceiveBuffer <= receiveBuffer);
          });
          let total = 0;
          server.on('data', (chunk) => {
            total += chunk.length;
          });
          for (const size of sizes) client.write(Buffer.alloc(size));
          client.end();
          await once(server, 'end');
          assert.equal(
            total,
            sizes.reduce((sum, size) => sum + size, 0),
          );
        });
      },
    ),
    { numRuns: 40 },
  );
});

for (const [claim, settings, chunks] of [
  ['one write is one segment', {}, [10, 20]],
  ['a write is cut at the largest segment', { mss: 8 }, [8, 2, 8, 8, 4]],
  ['segments of one size cut within writes', { segmenter: { each: 9 } }, [9, 1, 9, 9, 2]],
  ['coalescing joins small writes', { segmenter: { coalesce: '1 ms' } }, [30]],
  ['coalescing sends full segments at once', { segmenter: { coalesce: '1 ms' }, mss: 25 }, [25, 5]],
] as const) {
  test(`${claim}`, limit, async () => {
    await onLinks([{ from: '*', to: '*', ...settings }], async (world) => {
      const { client, server } = await fromAppToDb(world);
      const lengths: number[] = [];
      server.on('data', (chunk) => lengths.push(chunk.length));

      client.write(Buffer.alloc(10));
      client.write(Buffer.alloc(20));
      await world.advance('1 s');

      assert.deepEqual(lengths, chunks);
    });
  });
}

test('the largest segment is 1,460 between hosts and 65,483 within one', limit, async () => {
  await onLinks([], async (world) => {
    const between = await fromAppToDb(world);
    const within = await connectPair(world);
    for (const { client, server } of [between, within]) {
      client.write(Buffer.alloc(70_000));
      server.resume();
      await world.settle();
    }

    const sizes = (id: string): number[] =>
      world.trace.events
        .filter(({ kind, connection }) => kind === 'data' && connection === id)
        .map(({ length }) => length ?? 0);
    assert.equal(Math.max(...sizes('s1')), 1_460);
    assert.equal(Math.max(...sizes('s2')), 65_483);
  });
});

test(
  'with Nagle, the second of two small writes waits for a delayed acknowledgement',
  limit,
  async () => {
    await onLinks([{ from: '*', to: '*', nagle: true }], async (world) => {
      const { client, server } = await fromAppToDb(world);
      assert.equal(await secondWriteTakes(world, client, server), 500 + 40_000 + 500 + 500);

      client.setNoDelay(true);
      assert.equal(await secondWriteTakes(world, client, server), 500);
    });
  },
);

test('with Nagle, a reply carries the acknowledgement along', limit, async () => {
  await onLinks([{ from: '*', to: '*', nagle: true }], async (world) => {
    const { client, server } = await fromAppToDb(world);
    server.once('data', () => server.write('a reply'));

    assert.equal(await secondWriteTakes(world, client, server), 1_500);
  });
});

test('settings of a link may be changed while it is used', limit, async () => {
  await onLinks([], async (world) => {
    const { client, server } = await fromAppToDb(world);
    world.simulation.link('app', 'db').set({ latency: '1 s' });
    const start = world.clock.now();

    client.write('x');
    await once(server, 'data');

    assert.equal(world.clock.now() - start, 1_000_000);
  });
});

for (const [options, message] of [
  [{ latncy: 1 }, /^link: unknown key "latncy" \(did you mean "latency"\?\)$/],
  [{ latency: -1 }, /^link\.latency must be a duration/],
  [
    { latency: { uniform: ['2 ms', '1 ms'] } },
    /^link\.latency\.uniform must be two durations, the shorter first/,
  ],
  [{ latency: { uniform: ['2 ms'] } }, /^link\.latency\.uniform must be two durations/],
  [{ latency: { tape: [1.5] } }, /^link\.latency\.tape\[0\] must be a whole number/],
  [{ latency: Number.POSITIVE_INFINITY }, /^link\.latency must be a finite duration/],
  [{ bandwidth: 0 }, /^link\.bandwidth must be a whole number of 1 or more/],
  [{ mss: 0 }, /^link\.mss must be a whole number of 1 or more/],
  [{ segmenter: 'random' }, /^link\.segmenter must be "write", \{ each: bytes \} or/],
  [{ segmenter: { each: 0 } }, /^link\.segmenter\.each must be/],
  [{ nagle: 1 }, /^link\.nagle must be true or false/],
] as const) {
  test(`the link option ${JSON.stringify(options)} is refused`, () => {
    assert.throws(() => readLinkOptions('link', options), { code: 'ECONFIG', message });
  });
}

async function onLinks(
  links: readonly PlannedLink[],
  body: (world: SimulatedWorld) => Promise<void>,
): Promise<void> {
  const plan = { v: 1, hosts: { app: {}, db: {} }, links } as const;
  await simulatedWorld({ plan }).run(body);
}

function fromAppToDb(
  world: SimulatedWorld,
  listen: { pauseOnConnect?: boolean } = {},
): Promise<{ client: Connection; server: Connection }> {
  return world.simulation.on('db', () => connectPair(world, { connect: { from: 'app' }, listen }));
}

/** Microseconds between a second small write and its arrival. */
async function secondWriteTakes(
  world: SimulatedWorld,
  client: Connection,
  server: Connection,
): Promise<number> {
  client.resume();
  const start = world.clock.now();
  let bytes = 0;
  let arrivedUs = 0;
  server.on('data', (chunk) => {
    bytes += chunk.length;
    if (bytes === 8) arrivedUs = world.clock.now();
  });
  client.write('four');
  client.write('more');
  await world.advance('1 s');
  server.removeAllListeners('data');
  return arrivedUs - start;
}
