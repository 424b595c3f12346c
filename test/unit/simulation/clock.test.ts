import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulatedWorld } from '../../../src/simulation/world';

test('virtual time stands still until something is due, and moves exactly there', async () => {
  await simulatedWorld().run(async ({ clock }) => {
    assert.equal(clock.kind, 'virtual');
    assert.equal(clock.now(), 0);

    await clock.sleep('300 s');
    assert.equal(clock.now(), 300_000_000);

    await clock.sleep(0.25);
    assert.equal(clock.now(), 300_000_250);
  });
});

test('the wall clock starts at the epoch and follows', async () => {
  const world = simulatedWorld({ epoch: '2030-01-01T00:00:00Z' });
  await world.run(async ({ clock }) => {
    const start = Date.parse('2030-01-01T00:00:00Z');
    assert.equal(clock.wallTime(), start);

    await clock.sleep('1.5 s');

    assert.equal(clock.wallTime(), start + 1_500);
  });
  assert.equal(simulatedWorld().clock.wallTime(), 1_700_000_000_000);
});

test('timers run at most once, in order of their times, and can be cancelled and restarted', async () => {
  await simulatedWorld().run(async ({ clock }) => {
    const seen: string[] = [];
    const note = (name: string) => () => seen.push(`${name} ${clock.now()}`);
    clock.after(300, note('third'));
    clock.after(100, note('first'));
    const cancelled = clock.after(150, note('cancelled'));
    const restarted = clock.after(50, note('restarted'));
    clock.after(-5, note('negative'));
    cancelled.cancel();
    restarted.restart(200);

    await clock.sleep(1);
    restarted.restart();
    await clock.sleep(1);

    assert.deepEqual(seen, [
      'negative 0',
      'first 100',
      'restarted 200',
      'third 300',
      'restarted 1200',
    ]);
  });
});

test('a timer that runs or is cancelled is no leak, one that waits is', async () => {
  const world = simulatedWorld();
  await world.run(async ({ clock, scope }) => {
    clock.after(10, () => {}, 'short');
    clock.after(10, () => {}, 'cancelled').cancel();
    const long = clock.after(1_000_000, () => {}, 'long');
    await clock.sleep(1);

    assert.deepEqual(scope.leaks().timers, [{ label: 'long', dueUs: 1_000_000 }]);
    long.cancel();
    assert.equal(scope.leaks().clean, true);
  });
});

test('a sleep rejects with the reason of its signal and leaves no timer', async () => {
  await simulatedWorld().run(async ({ clock, scope }) => {
    const controller = new AbortController();
    const sleeping = clock.sleep('1 h', { signal: controller.signal });
    clock.after(500, () => controller.abort(new Error('enough')));

    await assert.rejects(sleeping, { message: 'enough' });

    assert.equal(clock.now(), 500);
    assert.deepEqual(scope.leaks().timers, []);
    await assert.rejects(clock.sleep(1, { signal: controller.signal }), { message: 'enough' });
  });
});

test('a deadline aborts its signal with EDEADLINE', async () => {
  await simulatedWorld().run(async ({ clock }) => {
    const deadline = clock.deadline('2 s', 'the answer');
    assert.equal(deadline.dueUs, 2_000_000);

    await clock.sleep('2 s');
    await clock.sleep(0);

    assert.equal(deadline.signal.aborted, true);
    assert.equal(deadline.signal.reason.code, 'EDEADLINE');
    assert.match(deadline.signal.reason.message, /^the answer of 2 s passed$/);
  });
});

test('a deadline that was cleared never comes', async () => {
  await simulatedWorld().run(async ({ clock }) => {
    const deadline = clock.deadline('1 s');
    deadline.clear();
    deadline.clear();

    await clock.sleep('2 s');

    assert.equal(deadline.signal.aborted, false);
  });
});

test('what a timer throws ends the run with exactly that', async () => {
  const thrown = new Error('thrown in a timer');
  const world = simulatedWorld();

  const running = world.run(async ({ clock }) => {
    clock.after(100, () => {
      throw thrown;
    });
    await clock.sleep('1 s');
  });

  await assert.rejects(running, (error) => error === thrown);
});

test('a sleep without end waits until its world ends, and then rejects', async () => {
  const world = simulatedWorld();
  let sleeping: Promise<void> = Promise.resolve();
  await world.drive(async ({ clock }) => {
    sleeping = clock.sleep(Number.POSITIVE_INFINITY);
    await clock.sleep('23 h');
  });

  const rejected = assert.rejects(sleeping, { code: 'ABORT_ERR' });
  await world[Symbol.asyncDispose]();

  await rejected;
});
