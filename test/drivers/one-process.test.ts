/**
 * Every driver, one after the other in this process. They were loaded before any virtual function
 * was put in place, so what passes here does not need the preload.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Plan } from '../../src/simulation/plan';
import { planFromSeed } from '../../src/simulation/seed-plan';
import { simulatedWorld } from '../../src/simulation/world';
import { allCases } from './all-cases';
import type { DriverCase } from './driver-case';

const limit = { timeout: 60_000 };

const plans: readonly Plan[] = [
  { v: 1 },
  // Segments of one byte, and then in pieces and with latencies that seeds choose.
  { v: 1, links: [{ from: '*', to: '*', segmenter: { each: 1 } }] },
  planFromSeed(1, 'rough'),
  planFromSeed(2, 'rough'),
];

/** Runs a case, and looks whether the driver is done when it says so. @returns the hash of its trace */
async function play(
  plan: Plan,
  body: DriverCase['answered' | 'waited'],
): Promise<{ readonly result: unknown; readonly hash: string }> {
  const world = simulatedWorld({ plan, globals: 'installed', seedCrypto: true });
  const result = await world.run(async () => {
    const given = await body(world);
    await world.advance('10 s');
    const events = world.trace.events.length;
    await world.advance('1 h');
    assert.equal(world.trace.events.length, events, 'something still happens');
    assert.deepEqual(world.scope.leaks().connections, []);
    return given;
  });
  assert.deepEqual(world.escapes, []);
  return { result, hash: world.trace.hash() };
}

for (const { row, answered, waited } of allCases.values()) {
  const name = row.part ?? row.name;
  const [atLeast, lessThan] = row.seconds;

  test(`${name} gets its answers: ${row.answered}`, limit, async () => {
    for (const plan of plans) await play(plan, answered);
  });

  test(`${name} waits in virtual time: ${row.waited}`, limit, async () => {
    for (const plan of plans) {
      const seconds = Number((await play(plan, waited)).result) / 1_000_000;

      assert.ok(seconds >= atLeast && seconds < lessThan, `${seconds} s`);
    }
  });
}

for (const { row, answered, waited } of allCases.values()) {
  if (row.ownWorker) continue;

  test(`${row.part ?? row.name} leaves the same trace for the same seed`, limit, async () => {
    for (const body of [answered, waited]) {
      const hashes: string[] = [];
      for (const seed of [3, 3, 4]) {
        hashes.push((await play(planFromSeed(seed, 'rough'), body)).hash);
      }

      assert.equal(hashes[0], hashes[1]);
      assert.notEqual(hashes[0], hashes[2]);
    }
  });
}
