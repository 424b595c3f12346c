import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Changes, waitFor } from '../../../src/steps/wait-for';
import { ManualClock } from '../../support/manual-clock';

test('a wait ends at once when what it looks for is there', async () => {
  const clock = new ManualClock();

  const wait = await waitFor(clock, new Changes(), () => 'here', 1_000, 'wait');

  assert.deepEqual(wait, { found: 'here', waitedMs: 0 });
  assert.deepEqual(clock.timers, []);
});

test('a wait looks again after each change and leaves no timer', async () => {
  const clock = new ManualClock();
  const changes = new Changes();
  let looks = 0;
  const waiting = waitFor(
    clock,
    changes,
    () => {
      looks++;
      return looks === 3 ? looks : undefined;
    },
    1_000,
    'wait',
  );

  clock.advance(10);
  changes.changed();
  clock.advance(10);
  changes.changed();
  changes.changed();

  assert.deepEqual(await waiting, { found: 3, waitedMs: 20 });
  assert.equal(looks, 3);
  assert.deepEqual(clock.timers, []);
});

test('a wait ends by the clock exactly at its limit', async () => {
  const clock = new ManualClock();
  const waiting = waitFor(clock, new Changes(), () => undefined, 1_000, 'wait');

  clock.advance(1_000);

  assert.deepEqual(await waiting, { waitedMs: 1_000 });
});

test('a change in the very moment of the limit still counts on a virtual clock', async () => {
  const clock = new ManualClock();
  const changes = new Changes();
  let there = false;
  const arrival = clock.after(1_000_000, () => {
    there = true;
    changes.changed();
  });
  const waiting = waitFor(clock, changes, () => there || undefined, 1_000, 'wait');

  clock.advance(1_000);

  assert.equal(arrival.dueUs, 1_000_000);
  assert.deepEqual(await waiting, { found: true, waitedMs: 1_000 });
});

test('a real clock gives a last turn to what came together with the limit', async () => {
  const clock = new ManualClock('real');
  const changes = new Changes();
  let there = false;
  const waiting = waitFor(clock, changes, () => there || undefined, 1_000, 'wait');
  clock.after(1_000_000, () => {
    there = true;
  });

  clock.advance(1_000);

  assert.deepEqual(await waiting, { found: true, waitedMs: 1_000 });
});

test('what a look throws ends the wait and leaves no timer', async () => {
  const clock = new ManualClock();
  const changes = new Changes();
  let broken = false;
  const look = (): undefined => {
    if (broken) throw new Error('broken look');
  };
  const waiting = waitFor(clock, changes, look, 1_000, 'wait');

  broken = true;
  changes.changed();

  await assert.rejects(waiting, /broken look/);
  assert.deepEqual(clock.timers, []);
});

test('a listener that was taken off is called no more', () => {
  const changes = new Changes();
  let calls = 0;
  const off = changes.onChange(() => calls++);

  changes.changed();
  off();
  changes.changed();

  assert.equal(calls, 1);
});
