import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import type { Connection } from '../../../src/network/connection';
import { simulatedWorld } from '../../../src/simulation/world';
import { connectPair, dial } from '../../conformance/pair';

const limit = { timeout: 20_000 };

test('run gives back what its body returns, and the world has ended then', limit, async () => {
  const world = simulatedWorld();

  assert.equal(await world.run(async () => 'result'), 'result');

  await assert.rejects(
    world.run(async () => {}),
    { code: 'ESTATE', message: 'this simulated world has ended' },
  );
});

test('run throws what its body throws, also at once', limit, async () => {
  const error = new Error('from the body');

  await assert.rejects(
    simulatedWorld().run(() => Promise.reject(error)),
    error,
  );
  await assert.rejects(
    simulatedWorld().run(() => {
      throw error;
    }),
    error,
  );
});

test('a read that waits 300 s costs no real time', limit, async () => {
  const world = simulatedWorld({ budgets: { realTime: '5 s' } });

  await world.run(async (world) => {
    const { clock } = world;
    const { client } = await connectPair(world);
    client.setTimeout(300_000);
    await once(client, 'timeout');

    assert.equal(clock.now(), 300_001_500);
  });
});

test('run ends what its body left open, without a leak', limit, async () => {
  const world = simulatedWorld();
  let client: Connection | undefined;

  await world.run(async (driven) => {
    ({ client } = await connectPair(driven));
    driven.clock.after(3_600_000_000, () => {}, 'left');
  });

  assert.equal(client?.destroyed, true);
  assert.equal(world.scope.leaks().clean, true);
  assert.equal(world.snapshot(), 'no sockets');
});

test(
  'drive may be called again and again; between two calls time stands still',
  limit,
  async () => {
    const world = simulatedWorld();
    const { client, server } = await world.drive(() => connectPair(world));
    const afterFirst = world.clock.now();
    client.write('sent between two bodies');
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(world.clock.now(), afterFirst);

    const [chunk] = await world.drive(() => once(server, 'data'));
    assert.equal(String(chunk), 'sent between two bodies');
    assert.equal(world.clock.now(), afterFirst + 500);

    await world.drive(() => world.advance('5 minutes'));
    assert.equal(world.clock.now(), afterFirst + 500 + 300_000_000);
    await world[Symbol.asyncDispose]();
    assert.equal(client.destroyed, true);
  },
);

test('ending the scope of a world ends the world, inside a body and outside', limit, async () => {
  const outside = simulatedWorld();
  const { client } = await outside.drive(() => connectPair(outside));
  await outside.scope[Symbol.asyncDispose]();
  assert.equal(client.destroyed, true);

  const inside = simulatedWorld();
  const destroyed = await inside.drive(async ({ scope }) => {
    const pair = await connectPair(inside);
    await scope[Symbol.asyncDispose]();
    return pair.client.closed;
  });
  assert.equal(destroyed, true);
});

test('drives of one world do not nest', limit, async () => {
  await simulatedWorld().run(async (world) => {
    await assert.rejects(
      world.drive(async () => {}),
      { code: 'ESTATE', message: /^this world is driven already/ },
    );
  });
});

test('time cannot be moved outside of a drive', limit, async () => {
  const world = simulatedWorld();

  for (const move of [world.advance('1 s'), world.quiesce(), world.settle()]) {
    await assert.rejects(move, {
      code: 'ESTATE',
      message: 'time moves only inside run() or drive()',
    });
  }
});

test('several worlds run side by side in one process', limit, async () => {
  const times = await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      simulatedWorld().run(async (world) => {
        const { clock } = world;
        const { client, server } = await connectPair(world);
        server.pipe(server);
        for (let round = 0; round < index; round++) {
          client.write('ping');
          await once(client, 'data');
        }
        return clock.now();
      }),
    ),
  );

  assert.deepEqual(
    times,
    Array.from({ length: 10 }, (_, index) => 1_500 + index * 1_000),
  );
});

test('advance comes behind everything else of its instant', limit, async () => {
  await simulatedWorld().run(async (world) => {
    const seen: string[] = [];
    const advanced = world.advance('1 ms').then(() => seen.push('advance'));
    world.clock.after(1_000, () => seen.push('timer'));

    await advanced;

    assert.deepEqual(seen, ['timer', 'advance']);
  });
});

test('settle moves time until nothing is on its way, and no further', limit, async () => {
  await simulatedWorld().run(async (world) => {
    const { client, server } = await connectPair(world);
    server.resume();
    const connectedAt = world.clock.now();
    client.write('x');

    await world.settle();
    assert.equal(world.clock.now(), connectedAt + 500);
    assert.equal(server.bytesRead, 1);

    await world.settle();
    assert.equal(world.clock.now(), connectedAt + 500);
  });
});

test('quiesce waits for work of the loop without moving time', limit, async () => {
  await simulatedWorld().run(async (world) => {
    let text = '';
    void readFile(__filename, 'utf8').then((read) => {
      text = read;
    });

    await world.quiesce();

    assert.ok(text.includes('quiesce waits for work'));
    assert.equal(world.clock.now(), 0);
  });
});

test('time stands still while a file is read', limit, async () => {
  await simulatedWorld().run(async ({ clock }) => {
    const times: number[] = [];
    clock.after(1_000, () => times.push(clock.now()));

    await readFile(__filename);

    assert.deepEqual([times, clock.now()], [[], 0]);
  });
});

test('external keeps time still for work that the loop does not show', limit, async () => {
  await simulatedWorld().run(async (world) => {
    // Real time on purpose: it stands for native work that the event loop does not list.
    const work = new Promise<string>((resolve) => {
      setTimeout(resolve, 30, 'done');
    });
    world.clock.after(1_000, () => {});

    assert.equal(await world.simulation.external(work, 'native work'), 'done');
    assert.equal(world.clock.now(), 0);
  });
});

test('a body that waits for nothing is a deadlock, which names what there is', limit, async () => {
  const world = simulatedWorld();

  const running = world.run(async () => {
    const { client } = await connectPair(world);
    client.resume();
    await once(client, 'end');
  });

  await assert.rejects(running, (error: Error) => {
    assert.equal(error.name, 'DeadlockError');
    assert.match(
      error.message,
      /^nothing can happen any more, and the body still waits, at 0\.001500 s after \d+ events\n/,
    );
    assert.match(
      error.message,
      /\nsockets:\n {2}id +host +local .*\n(.*\n)* {2}c1 +local +127\.0\.0\.1:\d+ +127\.0\.0\.1:\d+ +established/,
    );
    assert.match(error.message, /\nlast events:\n(.*\n)* {2}0\.001500 s {2}s1 accepted/);
    assert.match(error.message, /\nhints:\n {2}both sides wait to read/);
    return true;
  });
});

test('a deadlock hints at a real timer, which virtual time does not wait for', limit, async () => {
  let timer: NodeJS.Timeout | undefined;
  const running = simulatedWorld().run(
    () =>
      new Promise((resolve) => {
        timer = setTimeout(resolve, 60_000);
      }),
  );

  await assert.rejects(running, {
    message: /\n {2}a real timer is pending: time it with world\.clock/,
  });
  clearTimeout(timer);
});

test('a deadlock names held links, waiting writes and pending operations', limit, async () => {
  const world = simulatedWorld();

  const running = world.run(async ({ simulation, scope }) => {
    simulation.host('db');
    const { client } = await simulation.on('db', () =>
      connectPair(world, { connect: { from: 'local' } }),
    );
    simulation.link('local', 'db').hold();
    client.write(Buffer.alloc(1_000_000));
    scope.own(
      { kind: 'read', dispose: () => {}, describe: () => 'client: readBytes, no timeout' },
      'read',
    );
    await once(client, 'drain');
  });

  await assert.rejects(running, (error: Error) => {
    assert.match(error.message, /\npending:\n {2}client: readBytes, no timeout\n/);
    assert.match(error.message, /\nlinks:\n {2}link local→db is held, \d+ bytes waiting\n/);
    assert.match(error.message, /\n {2}the read has no timeout\n/);
    assert.match(error.message, /\n {2}link local→db is held\n/);
    assert.match(error.message, /\n {2}a write of c1 waits for room/);
    return true;
  });
});

test(
  'work that the loop does not show gets a grace before a deadlock is called',
  limit,
  async () => {
    const value = await simulatedWorld().run(async () => {
      const { createHash } = await import('node:crypto');
      return createHash('sha256').update('x').digest('hex').length;
    });

    assert.equal(value, 64);
  },
);

test('a failure that nobody listens to ends the run and names the connection', limit, async () => {
  const world = simulatedWorld();

  const running = world.run(async ({ network, clock }) => {
    network.connect({ host: '127.0.0.1', port: 1, label: 'client alice' });
    await clock.sleep('1 s');
  });

  await assert.rejects(running, (error: Error) => {
    assert.equal(error.name, 'UnheardError');
    assert.match(
      error.message,
      /^connection c1 \(client alice\) failed and had no error listener: connect ECONNREFUSED 127\.0\.0\.1:1$/,
    );
    assert.equal((error.cause as NodeJS.ErrnoException).code, 'ECONNREFUSED');
    return true;
  });
});

test('something that does not end is a leak, told by name', limit, async () => {
  const running = simulatedWorld().run(async ({ scope }) => {
    scope.own({ kind: 'other', dispose: () => new Promise(() => {}) }, 'a stubborn thing');
  });

  await assert.rejects(running, (error: Error) => {
    assert.equal(error.name, 'LeakError');
    assert.match(error.message, /which does not end,.*\n.*a stubborn thing/);
    return true;
  });
});

test('what a listener of a connection throws ends the run with exactly that', limit, async () => {
  const thrown = new Error('thrown in a data listener');

  const running = simulatedWorld().run(async (world) => {
    const { clock } = world;
    const { client, server } = await connectPair(world);
    server.on('data', () => {
      throw thrown;
    });
    client.write('x');
    await clock.sleep('1 s');
  });

  await assert.rejects(running, (error) => error === thrown);
});

test('what the accept function throws ends the run with exactly that', limit, async () => {
  const thrown = new Error('thrown at accept');

  const world = simulatedWorld();

  const running = world.run(async ({ network }) => {
    const endpoint = await network.listen({ port: 0 }, () => {
      throw thrown;
    });
    dial(world, endpoint);
    await world.clock.sleep('1 s');
  });

  await assert.rejects(running, (error) => error === thrown);
});

test('a snapshot is a table of all sockets', limit, async () => {
  await simulatedWorld().run(async (world) => {
    const { client } = await connectPair(world, { listen: { label: 'mail' } });
    client.write('12345');

    assert.equal(
      world.snapshot(),
      [
        'id  host   local            remote           state        unread  unsent  flight  label',
        '-   local  127.0.0.1:49152  *                listen                               mail',
        'c1  local  127.0.0.1:49153  127.0.0.1:49152  established  0       0       5       c1',
        's1  local  127.0.0.1:49152  127.0.0.1:49153  established  0       0       0       mail',
      ].join('\n'),
    );
  });
});

test('options are read, and wrong ones refused', limit, () => {
  for (const [options, message] of [
    [{ sed: 1 }, /^simulatedWorld: unknown key "sed" \(did you mean "seed"\?\)$/],
    [{ seed: 1.5 }, /^seed must be a whole number, got 1\.5 \(number\)$/],
    [{ epoch: 'yesterday' }, /^epoch must be a date and time/],
    [{ trace: 'all' }, /^trace must be one of "full", "events", "off"/],
    [{ budgets: { events: 0 } }, /^budgets\.events must be a whole number of 1 or more/],
    [{ budgets: { evnts: 5 } }, /^budgets: unknown key "evnts" \(did you mean "events"\?\)$/],
    [{ plan: { v: 2 } }, /^plan\.v must be 1/],
  ] as const) {
    assert.throws(() => simulatedWorld(options as object), { code: 'ECONFIG', message });
  }
});
