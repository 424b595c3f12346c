import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LazyTimer } from '../../../src/tcp/lazy-timer';
import { ManualClock } from '../../support/manual-clock';

function setUp(kind: 'real' | 'virtual'): { clock: ManualClock; timer: LazyTimer; ran: number[] } {
  const clock = new ManualClock(kind);
  const ran: number[] = [];
  const timer = new LazyTimer(clock, 'c1', {
    due: (nowUs) => {
      ran.push(nowUs);
      return ran.length === 1 ? nowUs + 5_000 : Number.POSITIVE_INFINITY;
    },
  });
  return { clock, timer, ran };
}

test('the timer runs at the earliest deadline it was told, and then at the one it is given', () => {
  const { clock, timer, ran } = setUp('real');

  timer.wantBy(30_000);
  timer.wantBy(10_000);
  timer.wantBy(20_000);
  clock.advance('1s');

  assert.deepEqual(ran, [10_000, 15_000]);
  assert.deepEqual(clock.timers, []);
});

test('a timer at rest stays on a real clock, where it is cheaper to let it run', () => {
  const { clock, timer } = setUp('real');

  timer.wantBy(10_000);
  timer.rest();

  assert.deepEqual(clock.timers, ['limits of c1']);
});

test('a timer at rest leaves a virtual clock, where time would pass for it', () => {
  const { clock, timer, ran } = setUp('virtual');

  timer.wantBy(10_000);
  timer.rest();
  clock.advance('1s');

  assert.deepEqual(clock.timers, []);
  assert.deepEqual(ran, []);
});

test('a cancelled timer can be used again', () => {
  const { clock, timer, ran } = setUp('real');

  timer.wantBy(10_000);
  timer.cancel();
  timer.wantBy(20_000);
  clock.advance('21ms');

  assert.deepEqual(ran, [20_000]);
});
