/** Faults of a plan that act on the bytes of a stream. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Connection } from '../../../src/network/connection';
import type { PlannedAction, PlannedFault, PlannedTrigger } from '../../../src/simulation/plan';
import { printPlan, readPlan } from '../../../src/simulation/plan-reader';
import { type SimulatedWorld, simulatedWorld } from '../../../src/simulation/world';
import { connectPair, dial, failureOf, journalOf } from '../../conformance/pair';
import { streamFault } from './plan-arbitraries';

const limit = { timeout: 20_000 };
const established = { connection: 1, state: 'established' } as const;

/** What a side got, and when. */
interface Arrival {
  readonly text: string;
  readonly atMs: number;
}

/** A connection under a fault; `listen` may stay half open. */
function faulted(
  claim: string,
  fault: PlannedAction | PlannedFault,
  body: (world: SimulatedWorld, client: Connection, server: Connection) => Promise<void>,
): void {
  test(claim, limit, async () => {
    const faults = 'on' in fault ? [fault] : [{ on: established, do: fault }];
    const world = simulatedWorld({ plan: readPlan({ v: 1, faults }), trace: 'full' });
    await world.run(async () => {
      const { client, server } = await connectPair(world, { listen: { allowHalfOpen: true } });
      client.on('error', () => {});
      server.on('error', () => {});
      await body(world, client, server);
      client.destroy();
      server.destroy();
    });
    assert.deepEqual(world.neverFired(), []);
  });
}

/** Collects what arrives at one end. */
function arrivalsAt(world: SimulatedWorld, connection: Connection): Arrival[] {
  const arrivals: Arrival[] = [];
  connection.on('data', (chunk: Buffer) => {
    arrivals.push({ text: chunk.toString('latin1'), atMs: world.clock.now() / 1_000 });
  });
  return arrivals;
}

faulted(
  'delay lets bytes arrive later, in order, and FIN behind them',
  { type: 'delay', duration: '20 ms', direction: 'out' },
  async (world, client, server) => {
    const arrivals = arrivalsAt(world, server);
    const back = arrivalsAt(world, client);
    const startMs = world.clock.now() / 1_000;
    client.write('one');
    await world.clock.sleep(5);
    client.end('two');
    server.write('back');
    await once(server, 'end');

    assert.deepEqual(arrivals, [
      { text: 'one', atMs: startMs + 20.5 },
      { text: 'two', atMs: startMs + 25.5 },
    ]);
    assert.equal(back[0]?.atMs, startMs + 5.5);
  },
);

faulted(
  'a delay counts as work of the network, which is at rest once the bytes are there',
  { type: 'delay', duration: '1 h' },
  async (world, client, server) => {
    client.write('x');
    await world.settle();

    assert.equal(server.info().unreadInStream, 1);
    assert.equal(world.clock.now() > 3_600_000_000, true);
  },
);

faulted(
  'stall lets so many bytes pass, and keeps the rest on its way',
  { type: 'stall', after: 3, direction: 'out' },
  async (world, client, server) => {
    const arrivals = arrivalsAt(world, server);
    client.end('hello');
    await world.advance('1 h');

    assert.deepEqual(
      arrivals.map(({ text }) => text),
      ['hel'],
    );
    assert.equal(client.info().inFlight, 2);
    assert.equal(server.readyState, 'open');
  },
);

faulted(
  'a stalled sender stops where the receiver could take no more',
  { type: 'stall', direction: 'out' },
  async (world, client) => {
    client.write(Buffer.alloc(1_000_000));
    await world.settle();

    assert.deepEqual([client.info().inFlight, client.writableNeedDrain], [65_536, true]);
  },
);

faulted(
  'split writes pieces of one size with a gap between them',
  { type: 'split', size: 2, gap: '3 ms', direction: 'out' },
  async (world, client, server) => {
    const arrivals = arrivalsAt(world, server);
    const startMs = world.clock.now() / 1_000;
    client.end('abcde');
    await once(server, 'end');

    assert.deepEqual(
      arrivals.map(({ text, atMs }) => [text, atMs - startMs]),
      [
        ['ab', 0.5],
        ['cd', 3.5],
        ['e', 6.5],
      ],
    );
  },
);

faulted(
  'coalesce joins writes until there is enough, or time is over',
  { type: 'coalesce', size: 4, time: '10 ms' },
  async (world, client, server) => {
    const arrivals = arrivalsAt(world, server);
    const startMs = world.clock.now() / 1_000;
    for (const text of ['a', 'bc', 'd', 'e']) {
      client.write(text);
      await world.clock.sleep(1);
    }
    await once(server, 'data');
    await world.settle();

    assert.deepEqual(arrivals, [
      { text: 'abcd', atMs: startMs + 2.5 },
      { text: 'e', atMs: startMs + 13.5 },
    ]);
  },
);

faulted(
  'corrupt changes one byte',
  { type: 'corrupt', byte: 1, xor: 0x20, direction: 'out' },
  async (world, client, server) => {
    const arrivals = arrivalsAt(world, server);
    client.write('abc');
    await world.settle();

    assert.equal(arrivals[0]?.text, 'aBc');
    const kinds = world.trace.events.filter(({ kind }) => kind === 'fault');
    assert.deepEqual(
      kinds.map(({ connection, direction, detail }) => ({ connection, direction, detail })),
      [
        {
          connection: 'c1',
          direction: 'out',
          detail: { fault: 'corrupt', action: 'changed', bytes: 3 },
        },
      ],
    );
  },
);

faulted(
  'the place of a trigger is where a fault of its direction begins to count',
  {
    on: { connection: 1, direction: 'in', message: 1, offset: -2 },
    do: { type: 'corrupt', byte: 1, xor: 255 },
  },
  async (world, client, server) => {
    const arrivals = arrivalsAt(world, client);
    server.write('first');
    server.write('other');
    await world.settle();

    assert.equal(arrivals.map(({ text }) => text).join(''), 'firstothe\x8d');
  },
);

faulted(
  'duplicate sends the message of its trigger twice, however it is cut',
  {
    on: { connection: 1, direction: 'out', message: 1 },
    do: { type: 'duplicate' },
  },
  async (world, client, server) => {
    world.simulation.link('*', '*').set({ segmenter: { each: 2 } });
    const arrivals = arrivalsAt(world, server);
    client.write('one,');
    client.write('two,');
    client.end('three');
    await once(server, 'end');

    assert.equal(arrivals.map(({ text }) => text).join(''), 'one,two,two,three');
  },
);

test('a fault does not see what was on its way before its trigger', limit, async () => {
  const faults: PlannedFault[] = [
    { on: established, do: { type: 'delay', duration: '1 s', direction: 'out' } },
    {
      on: { connection: 1, direction: 'out', message: 0, offset: -1 },
      do: { type: 'corrupt', byte: 0, xor: 0x20 },
    },
  ];
  await simulatedWorld({ plan: { v: 1, faults } }).run(async (world) => {
    const { client, server } = await connectPair(world);
    const arrivals = arrivalsAt(world, server);
    client.write('hello');
    await world.settle();

    assert.equal(arrivals.map(({ text }) => text).join(''), 'hellO');
  });
});

test('bytes that faults add or take away leave the accounts right', limit, async () => {
  const faults: PlannedFault[] = [
    { on: established, do: { type: 'duplicate', messages: 1_000, direction: 'out' } },
    { on: established, do: { type: 'blackhole', direction: 'in' } },
  ];
  await simulatedWorld({ plan: { v: 1, faults }, budgets: { memory: 400_000 } }).run(
    async (world) => {
      const { client, server } = await connectPair(world);
      let got = 0;
      server.on('data', (chunk: Buffer) => {
        got += chunk.length;
      });
      for (let index = 0; index < 40; index++) {
        client.write(Buffer.alloc(30_000));
        server.write(Buffer.alloc(30_000));
        await world.settle();
      }

      assert.equal(got, 2 * 40 * 30_000);
      assert.equal(client.bytesRead, 0);
      assert.equal(client.info().inFlight + server.info().inFlight, 0);
    },
  );
});

faulted(
  'truncate ends a direction after so many bytes, and the sender does not know',
  { type: 'truncate', after: 4, direction: 'out' },
  async (world, client, server) => {
    const arrivals = arrivalsAt(world, server);
    const journal = journalOf(server);
    client.write('hello');
    await once(server, 'end');
    client.write('more');
    server.write('still there');
    await world.settle();

    assert.deepEqual(
      arrivals.map(({ text }) => text),
      ['hell'],
    );
    assert.deepEqual(journal, ['end']);
    assert.equal(client.readyState, 'open');
    assert.equal(client.info().unreadInStream, 11);
  },
);

faulted(
  'halfClose after so many bytes of its side lets the other direction live on',
  { type: 'halfClose', after: 2, side: 'listener' },
  async (world, client, server) => {
    const over = once(client, 'end');
    const arrivals = arrivalsAt(world, client);
    server.write('abc');
    await over;

    assert.deepEqual(
      arrivals.map(({ text }) => text),
      ['ab'],
    );
    assert.equal(server.destroyed, false);
  },
);

for (const [side, told] of [
  [undefined, ['c', 's']],
  ['dialler', ['c']],
  ['listener', ['s']],
] as const) {
  faulted(
    `reset after so many bytes is told to ${side ?? 'both sides'}`,
    { type: 'reset', after: 4, direction: 'in', ...(side && { side }) },
    async (world, client, server) => {
      server.write('abcdef');
      await world.settle();

      const failed = [client, server].filter(({ errored }) => errored !== null);
      assert.deepEqual(
        failed.map(({ id }) => id.slice(0, 1)),
        told,
      );
      if (side !== 'listener') assert.equal(client.bytesRead, 4);
    },
  );
}

faulted(
  'a RST of the sender is stopped by a stall as bytes are',
  { type: 'stall', direction: 'out' },
  async (world, client, server) => {
    client.write('x');
    client.resetAndDestroy();
    await world.advance('1 s');

    assert.equal(server.errored, null);
  },
);

faulted(
  'a RST of the sender passes a fault that does not hold it back',
  { type: 'split', size: 1 },
  async (_world, client, server) => {
    const failure = failureOf(server);
    client.resetAndDestroy();

    assert.equal((await failure).code, 'ECONNRESET');
  },
);

faulted(
  'a fault that is met before its connection stands acts from the first byte on',
  { on: { at: 0 }, do: { type: 'truncate', connection: 1, direction: 'out' } },
  async (world, client, server) => {
    const arrivals = arrivalsAt(world, server);
    client.write('never');
    await once(server, 'end');

    assert.deepEqual(arrivals, []);
  },
);

test('a partition that ends a connection drops what a fault holds back', limit, async () => {
  const fault = { on: established, do: { type: 'stall' } } as const;
  await simulatedWorld({ plan: { v: 1, hosts: { db: {} }, faults: [fault] } }).run(
    async (world) => {
      const { client, server } = await world.simulation.on('db', () =>
        connectPair(world, { connect: { from: 'local' } }),
      );
      const failures = Promise.all([failureOf(client), failureOf(server)]);
      client.write('x');
      await world.settle();
      assert.equal(client.info().inFlight, 1);
      world.simulation.partition('local', 'db', { how: 'reset' });
      await failures;

      assert.equal(client.info().inFlight, 0);
    },
  );
});

test(
  'slowAccept keeps what was accepted from the program, which the dialler does not notice',
  limit,
  async () => {
    const fault = {
      on: { host: 'local', accepts: 2 },
      do: { type: 'slowAccept', delay: '2 s' },
    } as const;
    const world = simulatedWorld({ plan: { v: 1, faults: [fault] } });
    await world.run(async () => {
      const accepted: number[] = [];
      const endpoint = await world.network.listen({ port: 0 }, (connection) => {
        accepted.push(Math.floor(world.clock.now() / 1_000));
        connection.resume();
      });
      const clients = [dial(world, endpoint), dial(world, endpoint), dial(world, endpoint)];
      await Promise.all(clients.map((client) => once(client, 'connect')));
      clients[1]?.write('early');
      await world.settle();

      assert.deepEqual(accepted, [1, 1, 2_001]);
    });
    assert.deepEqual(world.neverFired(), []);
  },
);

test('who is killed while a slow accept waits gets no connection', limit, async () => {
  const trigger: PlannedTrigger = { connection: 1, state: 'connecting' };
  const faults = [{ on: trigger, do: { type: 'slowAccept' } }] as const;
  const world = simulatedWorld({ plan: { v: 1, hosts: { db: {} }, faults } });
  await world.run(async () => {
    let accepted = 0;
    const endpoint = await world.simulation.on('db', () =>
      world.network.listen({ port: 0 }, () => {
        accepted++;
      }),
    );
    const client = dial(world, endpoint);
    client.on('error', () => {});
    await once(client, 'connect');
    await world.clock.sleep(10);
    world.simulation.host('db').kill();
    await world.advance('2 s');

    assert.equal(accepted, 0);
  });
});

test('a plan with faults of streams that is printed and read again gives the same run', {
  timeout: 60_000,
}, async () => {
  const faults = fc.array(streamFault, { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(faults, fc.nat({ max: 40 }), async (actions, byte) => {
      const plan = readPlan({
        v: 1,
        faults: actions.map((action, index) => ({
          on: index === 0 ? established : { connection: 1, direction: 'out', byte },
          do: { ...action, connection: 1 },
        })),
      });
      const text = printPlan(plan);

      assert.equal(await hashOf(text), await hashOf(printPlan(readPlan(JSON.parse(text)))));
    }),
    { numRuns: 40 },
  );
});

/** An echo of some writes under a plan, as long as it goes. */
async function hashOf(plan: string): Promise<string> {
  const world = simulatedWorld({ plan: readPlan(JSON.parse(plan)) });
  await world.run(async () => {
    const endpoint = await world.network.listen({ port: 0 }, (server) => {
      server.on('error', () => {});
      server.pipe(server);
    });
    const client = dial(world, endpoint);
    client.on('error', () => {});
    client.resume();
    for (let round = 0; round < 4; round++) {
      client.write(Buffer.alloc(30, round));
      await world.clock.sleep(20);
    }
    client.end();
    await world.clock.sleep('1 min');
  });
  return world.trace.hash();
}
