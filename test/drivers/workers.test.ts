/** Every driver, each run in a worker thread of its own, behind the preload. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planFromSeed } from '../../src/simulation/seed-plan';
import { type IsolatedOutcome, runIsolated } from '../../src/simulation/worker';
import { simulatedWorld } from '../../src/simulation/world';
import { allCases } from './all-cases';

const options = {
  plan: planFromSeed(5, 'rough'),
  globals: 'installed',
  seedCrypto: true,
} as const;

for (const [module, { row, waited }] of allCases) {
  const name = row.part ?? row.name;

  test(`${name} does in a worker what it does anywhere else`, { timeout: 60_000 }, async () => {
    const isolated = (): Promise<IsolatedOutcome> =>
      runIsolated({ module, export: 'waited', world: options });
    const outcome = await isolated();
    const seconds = Number(outcome.result) / 1_000_000;
    const [atLeast, lessThan] = row.seconds;
    assert.ok(seconds >= atLeast && seconds < lessThan, `${seconds} s`);

    if (row.ownWorker) {
      assert.equal((await isolated()).hash, outcome.hash);
      return;
    }
    const world = simulatedWorld(options);
    await world.run(waited);
    assert.equal(world.trace.hash(), outcome.hash);
  });
}
