import assert from 'node:assert/strict';
import { once } from 'node:events';
import { TcpError } from '../../src/base/errors';
import type { World } from '../../src/network/world';
import { type Claim, contract } from './maker';

/** @source SIMULATION.md 2.1 */
const timers = contract((claim) => {
  claim('a clock counts whole microseconds and never goes back', async ({ clock }) => {
    let last = clock.now();
    for (let turn = 0; turn < 200; turn++) {
      if (turn % 50 === 0) await clock.sleep(1);
      const now = clock.now();
      assert.equal(Number.isInteger(now), true);
      assert.equal(now >= last, true);
      last = now;
    }
    assert.equal(clock.wallTime() > 1_000_000_000_000, true);
  });

  claim('a timer runs once, and never early', async (world) => {
    const { clock } = world;
    const earliness: number[] = [];
    const delays = Array.from({ length: 60 }, (_, index) => index * 337);
    await Promise.all(
      delays.map(
        (delayUs) =>
          new Promise<void>((resolve) => {
            const startUs = clock.now();
            clock.after(
              delayUs,
              () => {
                earliness.push(startUs + delayUs - clock.now());
                resolve();
              },
              'probe',
              { hold: true },
            );
          }),
      ),
    );
    await clock.sleep(5);

    assert.equal(earliness.length, delays.length);
    assert.equal(Math.max(...earliness) <= 0, true);
    assert.deepEqual(world.scope.leaks().timers, []);
  });

  claim('timers run in the order in which they are due', async ({ clock }) => {
    const order: string[] = [];
    clock.after(9_000, () => order.push('9 ms'));
    clock.after(3_000, () => order.push('3 ms'));
    clock.after(6_000, () => order.push('6 ms'));

    await clock.sleep(12);

    assert.deepEqual(order, ['3 ms', '6 ms', '9 ms']);
  });

  claim('a negative delay counts as none', async ({ clock }) => {
    const before = clock.now();
    let ran = false;

    const timer = clock.after(-5, () => {
      ran = true;
    });
    assert.equal(timer.dueUs >= before, true);
    assert.equal(ran, false);
    await clock.sleep(3);

    assert.equal(ran, true);
  });

  claim('a cancelled timer does not run', async (world) => {
    let ran = false;
    const timer = world.clock.after(1_000, () => {
      ran = true;
    });

    timer.cancel();
    timer.cancel();
    await world.clock.sleep(5);

    assert.equal(ran, false);
    assert.equal(world.scope.leaks().clean, true);
  });

  claim('a restarted timer runs later, once', async ({ clock }) => {
    const runs: number[] = [];
    const timer = clock.after(4_000, () => runs.push(clock.now()));
    await clock.sleep(1);

    timer.restart(8_000);
    const { dueUs } = timer;
    await clock.sleep(20);

    assert.equal(runs.length, 1);
    assert.equal((runs[0] ?? 0) >= dueUs, true);
  });

  claim('a timer can be restarted to run sooner', async ({ clock }) => {
    let ran = false;
    const timer = clock.after(3_600_000_000, () => {
      ran = true;
    });

    timer.restart(1_000);
    await clock.sleep(6);

    assert.equal(ran, true);
  });

  claim('a timer can be restarted after it ran or was cancelled', async (world) => {
    let runs = 0;
    const timer = world.clock.after(1_000, () => runs++);
    await world.clock.sleep(4);
    timer.restart();
    assert.equal(world.scope.leaks().timers.length, 1);
    await world.clock.sleep(4);
    timer.cancel();
    timer.restart(2_000);
    await world.clock.sleep(6);

    assert.equal(runs, 3);
    assert.equal(world.scope.leaks().clean, true);
  });

  claim('a timer may restart itself', async ({ clock }) => {
    let runs = 0;
    const timer = clock.after(1_000, () => {
      runs++;
      if (runs < 3) timer.restart();
    });

    await clock.sleep(20);

    assert.equal(runs, 3);
  });

  claim('a delay beyond what Node takes does not run at once', async ({ clock }) => {
    let ran = false;
    const timer = clock.after(2 ** 31 * 1_000 + 1, () => {
      ran = true;
    });

    await clock.sleep(10);
    timer.cancel();

    assert.equal(ran, false);
  });

  claim('a timer is on the books of the scope while it waits', async (world) => {
    const timer = world.clock.after(60_000_000, () => undefined, 'read of client alice');

    const { timers: listed, clean } = world.scope.leaks();
    assert.deepEqual(listed, [{ label: 'read of client alice', dueUs: timer.dueUs }]);
    assert.equal(clean, false);
    assert.equal(timer.label, 'read of client alice');
    timer.cancel();

    assert.equal(world.scope.leaks().clean, true);
  });
});

/** @source SIMULATION.md 2.1 */
const waiting = contract((claim) => {
  claim('sleep takes text and numbers, and is never short', async ({ clock }) => {
    for (const [duration, us] of [
      ['2ms', 2_000],
      [1.5, 1_500],
      ['0.003 s', 3_000],
      [0, 0],
    ] as const) {
      const startUs = clock.now();
      await clock.sleep(duration);
      assert.equal(clock.now() - startUs >= us, true);
    }
  });

  claim('sleep refuses what is no duration', async ({ clock }) => {
    await assert.rejects(clock.sleep('soon'), { code: 'ECONFIG' });
    await assert.rejects(clock.sleep(-1), { code: 'ECONFIG' });
  });

  claim('an aborted sleep rejects with the reason and leaves no timer', async (world) => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const sleeping = world.clock.sleep('1 h', { signal: controller.signal });

    controller.abort(reason);

    await assert.rejects(sleeping, (error) => error === reason);
    assert.equal(world.scope.leaks().clean, true);
    await assert.rejects(
      world.clock.sleep('1 h', { signal: controller.signal }),
      (error) => error === reason,
    );
  });

  claim('a sleep ends with its scope', async (world) => {
    const scope = world.scope.child('scenario');
    const sleeping = scope.run(() => world.clock.sleep('1 h', { label: 'long sleep' }));
    const rejected = assert.rejects(sleeping, { code: 'ABORT_ERR' });
    assert.deepEqual(
      scope.leaks().timers.map(({ label }) => label),
      ['long sleep'],
    );

    await scope[Symbol.asyncDispose]();

    await rejected;
  });

  claim('a deadline aborts its signal with EDEADLINE', async (world) => {
    const deadline = world.clock.deadline('3ms', 'limit of the scenario');
    assert.equal(deadline.signal.aborted, false);

    await Promise.all([once(deadline.signal, 'abort'), keepRunning(world)]);

    const { reason } = deadline.signal;
    assert.equal(TcpError.is(reason), true);
    assert.deepEqual([reason.code, reason.phase], ['EDEADLINE', 'deadline']);
    assert.match(reason.message, /limit of the scenario/);
    assert.equal(world.clock.now() >= deadline.dueUs, true);
  });

  claim('a cleared deadline never aborts; one that is not cleared is a leak', async (world) => {
    const deadline = world.clock.deadline(4);
    assert.equal(world.scope.leaks().timers.length, 1);

    deadline.clear();
    deadline.clear();
    await world.clock.sleep(12);

    assert.equal(deadline.signal.aborted, false);
    assert.equal(world.scope.leaks().clean, true);
  });

  claim('a deadline refuses what is no duration', async ({ clock }) => {
    assert.throws(() => clock.deadline('soon'), { code: 'ECONFIG' });
  });
});

/** What a clock promises. */
export const clockContract: readonly Claim[] = [...timers, ...waiting];

/** A deadline alone does not keep the process alive. */
function keepRunning(world: World): Promise<void> {
  return world.clock.sleep(5);
}
