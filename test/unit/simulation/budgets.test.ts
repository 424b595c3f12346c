import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulatedWorld } from '../../../src/simulation/world';
import { connectPair } from '../../conformance/pair';

const limit = { timeout: 20_000 };

test('a run with too many events ends with EVENTS', limit, async () => {
  const running = simulatedWorld({ budgets: { events: 100 } }).run(({ clock }) =>
    tickFor(clock, 1),
  );

  await assert.rejects(running, {
    name: 'BudgetError',
    code: 'EVENTS',
    message: 'the run had more than 100 events',
  });
});

test('a run that takes too much virtual time ends with VIRTUAL_TIME', limit, async () => {
  const running = simulatedWorld({ budgets: { virtualTime: '1 h' } }).run(({ clock }) =>
    clock.sleep('2 h'),
  );

  await assert.rejects(running, { code: 'VIRTUAL_TIME', message: /more than 1 h of virtual time/ });
});

test('a day of virtual time is the default, and 0 means no limit', limit, async () => {
  await assert.rejects(
    simulatedWorld().run(({ clock }) => clock.sleep('25 h')),
    { code: 'VIRTUAL_TIME' },
  );

  await simulatedWorld({ budgets: { virtualTime: 0 } }).run(({ clock }) => clock.sleep('2500 h'));
});

test('a run in which time does not move names the labels that fired most', limit, async () => {
  const running = simulatedWorld({ budgets: { sameInstant: 1_000 } }).run(({ clock }) => {
    const again = (): void => {
      clock.after(0, again, 'hot timer');
    };
    again();
    return clock.sleep('1 s');
  });

  await assert.rejects(running, {
    code: 'TIME_NOT_MOVING',
    message: /^1000 events at 0 s and time does not move; the most frequent: hot timer \(\d+\)$/,
  });
});

test('a run that takes too much real time ends with REAL_TIME', limit, async () => {
  const running = simulatedWorld({ budgets: { realTime: '20 ms' } }).run(({ clock }) =>
    tickFor(clock, 1),
  );

  await assert.rejects(running, { code: 'REAL_TIME', message: /more than 20 ms of real time/ });
});

test('real time between two drives is not counted', limit, async () => {
  const world = simulatedWorld({ budgets: { realTime: '1 s' } });
  for (let round = 0; round < 4; round++) {
    await world.drive(({ clock }) => clock.sleep('1 ms'));
    // Real time on purpose: the claim is about it.
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  await world.drive(async ({ clock }) => {
    for (let round = 0; round < 100; round++) await clock.sleep('1 ms');
  });

  await world[Symbol.asyncDispose]();
});

test('buffers that hold too much end the run with MEMORY', limit, async () => {
  const world = simulatedWorld({ budgets: { memory: 200_000 } });
  const running = world.run(async ({ simulation, clock }) => {
    simulation.link('*', '*').set({ sendBuffer: 1_000_000, receiveBuffer: 1_000_000 });
    const { client } = await connectPair(world, { listen: { pauseOnConnect: true } });
    client.write(Buffer.alloc(300_000));
    await clock.sleep('1 s');
  });

  await assert.rejects(running, {
    code: 'MEMORY',
    message: 'simulated buffers hold more than 200000 bytes',
  });
});

test('a program that never comes to rest ends with SimulationStalled', limit, async () => {
  let running = true;
  const stalled = simulatedWorld({ budgets: { turns: 200 } }).run(async () => {
    const again = (): void => {
      if (running) setImmediate(again);
    };
    again();
    await new Promise(() => {});
  });
  const rejected = assert.rejects(stalled, { name: 'SimulationStalled' });
  await assert.rejects(Promise.race([stalled, rejected]), { name: 'SimulationStalled' });
  running = false;
  await rejected;
});

async function tickFor(
  clock: { sleep(duration: string): Promise<void> },
  hours: number,
): Promise<void> {
  for (let tick = 0; tick < hours * 3_600_000; tick++) await clock.sleep('1 ms');
}
