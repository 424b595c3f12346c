import assert from 'node:assert/strict';
import crypto, { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import { promisify } from 'node:util';
import { installGlobals } from '../../../src/simulation/globals';
import { type SimulatedWorld, simulatedWorld } from '../../../src/simulation/world';
import type { SimulationOptions } from '../../../src/simulation/world-options';

/** A test in a world whose globals are installed. */
function virtual(
  claim: string,
  body: (world: SimulatedWorld) => Promise<void>,
  options: SimulationOptions = {},
): void {
  test(claim, { timeout: 20_000 }, () =>
    simulatedWorld({ globals: 'installed', ...options }).run(body),
  );
}

virtual('setTimeout runs on virtual time, in order, with its arguments', async ({ clock }) => {
  const seen: unknown[] = [];
  await new Promise<void>((resolve) => {
    setTimeout((...values: unknown[]) => seen.push(...values, clock.now()), 300_000, 'a', 'b');
    timers.setTimeout(() => seen.push('first', clock.now()), 5);
    setTimeout(resolve, 400_000);
  });

  assert.deepEqual(seen, ['first', 5_000, 'a', 'b', 300_000_000]);
});

virtual('a delay of 0, or one that makes no sense, is 1 ms', async ({ clock }) => {
  const times: number[] = [];
  for (const ms of [0, -5, Number.NaN, 2 ** 31, undefined]) {
    setTimeout(() => times.push(clock.now()), ms);
  }
  await timersPromises.setTimeout(2);

  assert.deepEqual(times, [1_000, 1_000, 1_000, 1_000, 1_000]);
});

virtual('setInterval repeats until it is cleared', async ({ clock }) => {
  const times: number[] = [];
  await new Promise<void>((resolve) => {
    const interval = setInterval(() => {
      times.push(clock.now());
      if (times.length === 3) {
        clearInterval(interval);
        resolve();
      }
    }, 60_000);
  });
  await clock.sleep('1 h');

  assert.deepEqual(times, [60_000_000, 120_000_000, 180_000_000]);
});

virtual('timers are objects as Node gives them', async ({ clock }) => {
  let runs = 0;
  const timer = setTimeout(() => runs++, 1_000);
  assert.equal(timer.hasRef(), true);
  assert.equal(timer.unref().hasRef(), false);
  assert.equal(timer.ref().hasRef(), true);
  await clock.sleep(500);
  assert.equal(timer.refresh(), timer);
  await clock.sleep(999);
  assert.equal(runs, 0);
  await clock.sleep(1);
  assert.equal(runs, 1);

  const byNumber = setTimeout(() => runs++, 1_000);
  clearTimeout(+byNumber);
  const closed = setTimeout(() => runs++, 1_000);
  closed.close();
  const disposed = setTimeout(() => runs++, 1_000);
  disposed[Symbol.dispose]();
  clearTimeout(undefined);
  clearTimeout('nonsense' as never);
  await clock.sleep(2_000);
  assert.equal(runs, 1);
});

virtual('promised timers wait in virtual time, and can be aborted', async ({ clock }) => {
  assert.equal(await timersPromises.setTimeout(60_000, 'value'), 'value');
  assert.equal(await promisify(setTimeout)(60_000, 'promised'), 'promised');
  await timersPromises.scheduler.wait(60_000);
  assert.equal(clock.now(), 180_000_000);

  const controller = new AbortController();
  setTimeout(() => controller.abort(), 10);
  await assert.rejects(timersPromises.setTimeout(60_000, null, { signal: controller.signal }), {
    name: 'AbortError',
    code: 'ABORT_ERR',
  });
  assert.equal(clock.now(), 180_010_000);

  const ticks: number[] = [];
  for await (const value of timersPromises.setInterval(1_000, 7)) {
    ticks.push(value);
    if (ticks.length === 3) break;
  }
  assert.deepEqual([ticks, clock.now()], [[7, 7, 7], 183_010_000]);
});

virtual('Date tells virtual time and is a Date in everything else', async ({ clock }) => {
  assert.equal(Date.now(), 1_700_000_000_000);
  assert.equal(new Date().toISOString(), '2023-11-14T22:13:20.000Z');
  await clock.sleep('1 h');
  assert.equal(Date.now(), 1_700_003_600_000);
  assert.equal(new Date(5).getTime(), 5);
  assert.equal(new Date() instanceof Date, true);
  assert.equal(Date.UTC(1970, 0, 1), 0);
  assert.equal(Date(), new Date().toString());
  class Stamp extends Date {}
  assert.equal(new Stamp().getTime(), Date.now());
});

virtual('performance.now tells the time of the world', async ({ clock }) => {
  assert.equal(performance.now(), 0);
  await clock.sleep(1.5);
  assert.equal(performance.now(), 1.5);
});

virtual('AbortSignal.timeout aborts in virtual time', async ({ clock }) => {
  const signal = AbortSignal.timeout(30_000);
  await clock.sleep('30 s');
  await clock.sleep(0);

  assert.equal(signal.reason.name, 'TimeoutError');
});

virtual(
  'Math.random comes from the seed',
  async () => {
    const numbers = Array.from({ length: 100 }, () => Math.random());
    assert.ok(numbers.every((number) => number >= 0 && number < 1));
    assert.equal(new Set(numbers).size, 100);
    const again = await simulatedWorld({ globals: 'installed', seed: 5 }).drive(() =>
      Array.from({ length: 100 }, () => Math.random()),
    );
    assert.deepEqual(again, numbers);
  },
  { seed: 5 },
);

virtual(
  'crypto comes from the seed when that is asked for',
  async () => {
    const uuid = randomUUID();
    assert.match(uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(crypto.randomBytes(20).length, 20);
    const bytes = await promisify(crypto.randomBytes)(8);
    assert.equal(bytes.length, 8);
    const values = globalThis.crypto.getRandomValues(new Uint16Array(4));
    const web = globalThis.crypto.randomUUID();
    const again = await simulatedWorld({ globals: 'installed', seedCrypto: true }).drive(
      async () => [
        crypto.randomUUID(),
        crypto.randomBytes(20).length,
        (await promisify(crypto.randomBytes)(8)).toString('hex'),
        [...globalThis.crypto.getRandomValues(new Uint16Array(4))],
        globalThis.crypto.randomUUID(),
      ],
    );
    assert.deepEqual(again, [uuid, 20, bytes.toString('hex'), [...values], web]);
  },
  { seedCrypto: true },
);

test('outside of a world everything is real, also what was captured inside', async () => {
  const before = [setTimeout, Date, Math.random, performance.now, timersPromises.setTimeout];
  const captured = await simulatedWorld({ globals: 'installed' }).run(async () => {
    assert.notEqual(setTimeout, before[0]);
    return { setTimeout, now: Date.now, random: Math.random };
  });

  assert.deepEqual(
    [setTimeout, Date, Math.random, performance.now, timersPromises.setTimeout],
    before,
  );
  // Real time on purpose: the claim is about it.
  await new Promise<void>((resolve) => captured.setTimeout(resolve, 1));
  assert.ok(Math.abs(captured.now() - Date.now()) < 60_000);
  assert.ok(captured.random() < 1);
});

test('a world without installed globals leaves programs their real ones', async () => {
  const release = installGlobals();
  try {
    await simulatedWorld().run(async () => {
      assert.notEqual(Date.now(), 1_700_000_000_000);
    });
  } finally {
    release();
  }
});

test('globals that somebody else replaced on top are not put back over them', () => {
  const release = installGlobals();
  const ours = globalThis.setTimeout;
  globalThis.setTimeout = (() => {}) as never;

  assert.throws(release, /setTimeout was replaced meanwhile; put things back in reverse order$/);

  globalThis.setTimeout = ours;
  installGlobals()();
  assert.notEqual(globalThis.setTimeout, ours);
});

test('timers that a driver keeps for the whole process move on to the next world', async () => {
  const ticks: string[] = [];
  let ticker: NodeJS.Timeout | undefined;
  const first = simulatedWorld({ globals: 'installed' });
  await first.run(async ({ clock }) => {
    ticker = setTimeout(() => ticks.push(`tick at ${Date.now() - 1_700_000_000_000}`), 500);
    await clock.sleep(200);
  });
  assert.deepEqual(ticks, []);

  await simulatedWorld({ globals: 'installed' }).run(async ({ clock }) => {
    await clock.sleep(400);
    ticker?.refresh();
    await clock.sleep(600);
  });

  assert.deepEqual(ticks, ['tick at 300', 'tick at 900']);
});

test('a timer of an ended world that is started again runs in the world of the caller', async () => {
  const ticks: number[] = [];
  let ticker: NodeJS.Timeout | undefined;
  await simulatedWorld({ globals: 'installed' }).run(async ({ clock }) => {
    ticker = setTimeout(() => ticks.push(Date.now() - 1_700_000_000_000), 500);
    await clock.sleep(600);
  });

  await simulatedWorld({ globals: 'installed' }).run(async ({ clock }) => {
    await clock.sleep(1_000);
    ticker?.refresh();
    await clock.sleep(600);
  });
  assert.deepEqual(ticks, [500, 1_500]);

  // Between worlds nothing moves: it waits for the next one.
  ticker?.refresh();
  ticker?.refresh();
  await simulatedWorld({ globals: 'installed' }).run(({ clock }) => clock.sleep(600));
  assert.deepEqual(ticks, [500, 1_500, 500]);
});

test('a timer that is cleared between two worlds does not move on', async () => {
  const ticks: string[] = [];
  const timers: NodeJS.Timeout[] = [];
  await simulatedWorld({ globals: 'installed' }).run(async () => {
    timers.push(setTimeout(() => ticks.push('cleared'), 500));
    timers.push(setTimeout(() => ticks.push('kept'), 500));
  });
  timers[0]?.close();

  await simulatedWorld({ globals: 'installed' }).run(({ clock }) => clock.sleep('1 s'));

  assert.deepEqual(ticks, ['kept']);
});

test('what AbortSignal.timeout has pending ends with its world', async () => {
  const signals: AbortSignal[] = [];
  await simulatedWorld({ globals: 'installed' }).run(async () => {
    signals.push(AbortSignal.timeout(30_000));
  });

  await simulatedWorld({ globals: 'installed' }).run(async ({ clock }) => {
    signals.push(AbortSignal.timeout(30_000));
    await clock.sleep('1 min');
  });

  assert.deepEqual(
    signals.map(({ aborted }) => aborted),
    [false, true],
  );
});

test('the preload gives code that captures its timers early virtual time in every world', async () => {
  const release = installGlobals();
  const { setTimeout: captured, Date: Captured } = globalThis;
  try {
    for (let round = 0; round < 2; round++) {
      await simulatedWorld({ globals: 'installed' }).run(async ({ clock }) => {
        await new Promise<void>((resolve) => captured(resolve, 60_000));
        assert.equal(clock.now(), 60_000_000);
        assert.equal(Captured.now(), 1_700_000_060_000);
      });
    }
  } finally {
    release();
  }
});
