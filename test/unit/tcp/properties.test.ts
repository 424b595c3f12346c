/**
 * Laws of Client and Listener, for any bytes, any timing and any way to end.
 *
 * Each runs over sockets of this machine, and many times more on the simulated network, whose
 * latencies and cuts come from a seed. A failure prints the seed of fast-check that repeats it.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TcpError } from '../../../src/base/errors';
import type { World } from '../../../src/network/world';
import { planFromSeed } from '../../../src/simulation/seed-plan';
import { simulatedWorld } from '../../../src/simulation/world';
import type { Caller } from '../../../src/tcp/caller';
import { Client } from '../../../src/tcp/client';
import { Listener } from '../../../src/tcp/listener';
import type { ListenerConfiguration } from '../../../src/tcp/listener-configuration';
import type { ConnectionService } from '../../../src/tcp/service';
import { realNet, simulatedNet } from '../../support/both-networks';

const nets = [
  { ...simulatedNet, share: 1 },
  { ...realNet, share: 0.2 },
];

const seeds = fc.integer({ min: 0, max: 0x7fff_ffff });

/** Holds a law on both networks; after every run nothing may be open, wait or have failed unheard. */
function law<T>(
  title: string,
  runs: number,
  cases: fc.Arbitrary<T>,
  body: (world: World, values: T) => Promise<void>,
): void {
  for (const { name, share, run } of nets) {
    test(`${name}: ${title}`, { timeout: 20_000 }, async () => {
      await fc.assert(
        fc.asyncProperty(seeds, cases, (seed, values) =>
          run(seed, async (world) => {
            await body(world, values);
            const { clean, ...left } = world.scope.leaks();
            assert.ok(clean, `left behind: ${JSON.stringify(left)}`);
          }),
        ),
        { numRuns: Math.ceil(runs * share) },
      );
    });
  }
}

async function serve(
  world: World,
  make: (caller: Caller) => ConnectionService,
  config: ListenerConfiguration = {},
): Promise<Listener> {
  const listener = new Listener(0, { world, ...config }).attach(make);
  await listener.start();
  return listener;
}

const pieces = fc.array(fc.uint8Array({ maxLength: 3_000 }), { minLength: 1, maxLength: 6 });

law(
  'any bytes in any pieces come back the same, however they are read (I5, B2, B3)',
  80,
  fc.record({
    pieces,
    reads: fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 8 }),
    readHighWaterMark: fc.constantFrom(1, 100, 65_536),
    writeHighWaterMark: fc.constantFrom(1, 100, 65_536),
  }),
  async (world, { pieces: sent, reads, readHighWaterMark, writeHighWaterMark }) => {
    const marks = { readHighWaterMark, writeHighWaterMark };
    const listener = await serve(world, () => ({ onBytes: (data) => data }), marks);
    const client = await Client.connect(listener.address, { world, ...marks });

    const writing = Promise.all(sent.map((piece) => client.writeBytes(piece)));
    const all = Buffer.concat(sent);
    const received: Uint8Array[] = [];
    let rest = all.length;
    for (const length of [...reads.filter((most) => most <= all.length), Number.NaN]) {
      if (length > rest) continue;
      if (Number.isNaN(length)) received.push(await client.readBytes(rest));
      else received.push(await client.readBytes(length));
      rest = all.length - Buffer.concat(received).length;
    }

    await writing;
    assert.ok(Buffer.concat(received).equals(all));
    assert.equal(client.bytesFlushed, all.length);
    assert.equal(client.bytesRead, all.length);
    await client.close();
    await listener.gracefulStop();
  },
);

law(
  'clients that talk at the same time never get what belongs to another (I1, I4, D1)',
  50,
  fc.array(pieces, { minLength: 2, maxLength: 6 }),
  async (world, talks) => {
    const got = new Map<string, Buffer>();
    const listener = await serve(world, (caller) => {
      got.set(caller.id, Buffer.alloc(0));
      return {
        onBytes: (data) => {
          got.set(caller.id, Buffer.concat([got.get(caller.id) ?? Buffer.alloc(0), data]));
          return data;
        },
      };
    });

    const wanted = await Promise.all(
      talks.map(async (talk, number) => {
        const marked = talk.map((piece) => Buffer.concat([Buffer.of(number), piece]));
        const client = await Client.connect(listener.address, { world });
        for (const piece of marked) {
          await client.writeBytes(piece);
          assert.ok(Buffer.from(await client.readBytes(piece.length)).equals(piece));
        }
        await client.close();
        return Buffer.concat(marked).toString('hex');
      }),
    );
    await listener.gracefulStop();

    assert.deepEqual([...got.values()].map((all) => all.toString('hex')).sort(), wanted.sort());
  },
);

law(
  'callbacks of any length never overlap, and answers keep the order of what they answer (I3, I6, E9, E11)',
  60,
  fc.record({
    count: fc.integer({ min: 1, max: 40 }),
    // Below 0 it answers at once, without a promise.
    answers: fc.array(fc.record({ delay: fc.integer({ min: -1, max: 2 }), fails: fc.boolean() }), {
      minLength: 1,
      maxLength: 9,
    }),
  }),
  async (world, { count, answers }) => {
    let running = 0;
    let most = 0;
    let calls = 0;
    let failed: Uint8Array = Buffer.alloc(0);
    const take = async (delay: number): Promise<void> => {
      most = Math.max(most, ++running);
      await world.clock.sleep(delay);
      running--;
    };
    const answer = (data: Uint8Array, fails: boolean): Uint8Array => {
      if (!fails) return data;
      failed = data;
      throw new Error('onError answers in its place');
    };
    const listener = await serve(world, (caller) => ({
      onBytes: (data) => {
        most = Math.max(most, running + 1);
        const { delay, fails } = answers[calls++ % answers.length] ?? { delay: -1, fails: false };
        return delay < 0 ? answer(data, fails) : take(delay).then(() => answer(data, fails));
      },
      onError: async () => {
        await take(1);
        void caller.writeBytes(failed);
      },
    }));
    const client = await Client.connect(listener.address, { world });

    const numbers = Array.from({ length: count }, (_, number) => `${number};`);
    const writing = Promise.all(numbers.map((text) => client.writeBytes(Buffer.from(text))));
    const answered = Buffer.from(await client.readBytes(numbers.join('').length)).toString();

    await writing;
    assert.equal(answered, numbers.join(''));
    assert.ok(most <= 1, `${most} callbacks at once`);
    await client.close();
    await listener.gracefulStop();
  },
);

/** Ways in which a connection ends: what the client does, or what it asks the handler to do. */
const endings = {
  clientCloses: (client: Client) => client.close(),
  clientResets: (client: Client) => {
    client.reset();
    return Promise.resolve();
  },
  clientEnds: async (client: Client) => {
    await client.end();
    await drain(client);
  },
  callerCloses: (client: Client) => ask(client, 'c'),
  callerResets: (client: Client) => ask(client, 'r'),
  callerEnds: (client: Client) => ask(client, 'e'),
  handlerFails: (client: Client) => ask(client, 't'),
  idles: (client: Client) => drain(client),
  // Its scope ends, or whatever stop comes meets it open.
  aborts: () => Promise.resolve(),
  stays: () => Promise.resolve(),
} as const;

async function ask(client: Client, what: string): Promise<void> {
  await client.writeBytes(Buffer.from(what));
  await drain(client);
}

/** Reads until there is nothing more to read, however it ends. */
async function drain(client: Client): Promise<void> {
  try {
    for await (const chunk of client) assert.ok(chunk.length > 0);
  } catch (error) {
    if (!TcpError.is(error)) throw error;
  }
  await client.close();
}

function obey(data: Uint8Array, caller: Caller): void {
  const what = Buffer.from(data).toString();
  if (what === 'c') void caller.close();
  if (what === 'r') caller.reset();
  if (what === 'e') void caller.end();
  if (what === 't') throw new Error('as asked');
}

law(
  'a connection that began ends with exactly one onClose, last, whatever ends it (I7, I8, E13, D8)',
  80,
  fc.record({
    ways: fc.array(fc.constantFrom(...(Object.keys(endings) as (keyof typeof endings)[])), {
      minLength: 1,
      maxLength: 6,
    }),
    stop: fc.constantFrom('graceful', 'immediate', 'both'),
    onHandlerFailure: fc.constantFrom('close', 'reset'),
    allowHalfOpen: fc.boolean(),
    slow: fc.boolean(),
  }),
  async (world, { ways, stop, onHandlerFailure, allowHalfOpen, slow }) => {
    const events = new Map<string, string[]>();
    // A client that stays reads nothing, so its FIN is waited for in vain.
    const limits = { idleTimeout: '20ms', closeTimeout: '10ms', drainTimeout: '50ms' };
    const config = { ...limits, onHandlerFailure, allowHalfOpen };
    const listener = await serve(
      world,
      (caller) => {
        const seen: string[] = [];
        events.set(caller.id, seen);
        return {
          onBytes: (data) => obey(data, caller),
          onError: (error) => void seen.push(error.code),
          onEnd: () => void caller.end().catch(() => undefined),
          onClose: ({ reason }) => {
            seen.push(`close ${reason}`);
            return slow ? world.clock.sleep(1) : undefined;
          },
        };
      },
      config as ListenerConfiguration,
    );

    const clients = await Promise.all(
      ways.map(async (way) => {
        const scope = world.scope.child(way);
        const client = await scope.run(() => Client.connect(listener.address, { world }));
        await endings[way](client);
        if (way === 'aborts') await scope[Symbol.asyncDispose]();
        return client;
      }),
    );
    const reports = [];
    if (stop !== 'immediate') reports.push(listener.gracefulStop());
    if (stop !== 'graceful') reports.push(listener.immediateStop());
    await Promise.all(reports);
    await Promise.all(clients.map((client) => client.close()));

    assert.equal(listener.connections.size, 0);
    for (const [id, seen] of events) {
      const closes = seen.filter((event) => event.startsWith('close '));
      assert.equal(closes.length, 1, `${id}: ${seen.join(', ')}`);
      assert.equal(seen.at(-1), closes[0], `${id}: ${seen.join(', ')}`);
    }
  },
);

law(
  'a read times out not before its deadline, and what comes later is for the next read (I9, I10, D6)',
  80,
  fc.record({
    timeoutMs: fc.integer({ min: 1, max: 8 }),
    bursts: fc.array(
      fc.record({
        afterMs: fc.integer({ min: 0, max: 12 }),
        bytes: fc.uint8Array({ minLength: 1, maxLength: 50 }),
      }),
      { minLength: 1, maxLength: 5 },
    ),
  }),
  async (world, { timeoutMs, bursts }) => {
    const listener = new Listener(0, { world });
    const accepted = listener.accept();
    await listener.start();
    const client = await Client.connect(listener.address, { world, timeout: timeoutMs });
    const caller = await accepted;

    const sent = Buffer.concat(bursts.map(({ bytes }) => bytes));
    const sending = (async () => {
      for (const { afterMs, bytes } of bursts) {
        await world.clock.sleep(afterMs);
        await caller.writeBytes(bytes);
      }
    })();
    const received: Uint8Array[] = [];
    let length = 0;
    while (length < sent.length) {
      const startUs = world.clock.now();
      try {
        const chunk = await client.readBytes();
        received.push(chunk);
        length += chunk.length;
      } catch (error) {
        assert.ok(TcpError.is(error) && error.code === 'EREADTIMEOUT', String(error));
        const tookUs = world.clock.now() - startUs;
        assert.ok(tookUs >= timeoutMs * 1_000, `after ${tookUs} us of ${timeoutMs} ms`);
        // Where time is virtual, nothing can come between the deadline and its report.
        if (world.kind === 'simulated') assert.equal(tookUs, timeoutMs * 1_000);
      }
    }

    await sending;
    assert.ok(Buffer.concat(received).equals(sent));
    // Who holds a Caller and reads no more must end it too.
    await Promise.all([client.close(), caller.close()]);
    await listener.gracefulStop();
  },
);

test('a byte 1 us before the deadline is delivered, and 1 us behind it is for the next read (I9, I10)', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2_000, max: 500_000 }), async (timeoutUs) => {
      await simulatedWorld().run(async (world) => {
        const listener = new Listener(0, { world });
        const accepted = listener.accept();
        await listener.start();
        const client = await Client.connect(listener.address, { world });
        const caller = await accepted;
        const { clock } = world;
        const startUs = clock.now();
        await caller.writeBytes(Buffer.from('-'));
        await client.readBytes();
        const travelUs = clock.now() - startUs;

        for (const [offset, outcome] of [
          [-1, 'x'],
          [1, 'EREADTIMEOUT'],
        ] as const) {
          const send = (): void => void caller.writeBytes(Buffer.from('x'));
          clock.after(timeoutUs - travelUs + offset, send, 'writes');
          const beginUs = clock.now();
          const read = client.readBytes({ timeout: timeoutUs / 1_000 }).then(
            (bytes) => Buffer.from(bytes).toString(),
            (error: TcpError) => error.code,
          );

          assert.equal(await read, outcome);
          assert.equal(clock.now() - beginUs, timeoutUs + Math.min(offset, 0));
        }
        assert.equal(Buffer.from(await client.readBytes()).toString(), 'x');
        await client.close();
        await listener.gracefulStop();
      });
    }),
    { numRuns: 20 },
  );
});

test('two runs of one plan are the same, event by event (I29)', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, pieces, async (seed, sent) => {
      // `verify` runs the body twice and compares every event.
      const world = simulatedWorld({ plan: planFromSeed(seed, 'rough'), verify: 1, trace: 'full' });
      await world.run(async (run) => {
        const listener = await serve(run, (caller) => ({
          onBytes: async (data) => {
            await run.clock.sleep(run.random.below(3));
            if (run.random.below(20) === 0) caller.reset();
            return data;
          },
          onError: () => undefined,
        }));
        await Promise.all(
          [1, 2, 3].map(async () => {
            const client = await Client.connect(listener.address, { world: run });
            const writing = sent.map((piece) => client.writeBytes(piece));
            await Promise.allSettled([...writing, client.readBytes(1, { timeout: '20ms' })]);
            await client.close();
          }),
        );
        await listener.gracefulStop();
      });
    }),
    { numRuns: 15 },
  );
});
