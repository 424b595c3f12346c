import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { endIdleWorkers, type IsolatedCase, runIsolated } from '../../../src/simulation/worker';
import { simulatedWorld } from '../../../src/simulation/world';
import { echo } from './isolated-cases';

const limit = { timeout: 60_000 };
const cases = resolve('test/unit/simulation/isolated-cases.ts');

/** Starting a thread costs seconds where TypeScript is compiled on the way. */
const reused = { module: cases, reusable: true };

after(() => endIdleWorkers());

test('a case runs in a thread of its own, where captured timers are virtual', limit, async () => {
  const outcome = await runIsolated({ ...reused, input: 60_000 });

  assert.deepEqual(outcome.result, { calls: 1, nowUs: 60_000_000, date: 1_700_000_060_000 });
});

test('a case leaves the same trace in a thread as here', limit, async () => {
  const outcome = await runIsolated({ ...reused, export: 'echo', world: { seed: 9 } });
  const world = simulatedWorld({ seed: 9 });
  await world.run(echo);

  assert.equal(outcome.result, 'hello');
  assert.equal(outcome.hash, world.trace.hash());
  assert.deepEqual(outcome.events, world.trace.events);
});

test('a thread is used again only by cases that allow it', limit, async () => {
  const calls = async (reusable: boolean): Promise<number> => {
    const { result } = await runIsolated({ module: cases, input: 1, reusable });
    return (result as { calls: number }).calls;
  };

  const [first = 0, second, third] = [await calls(true), await calls(true), await calls(false)];
  assert.deepEqual([second, third], [first + 1, first + 2]);
  assert.equal(await calls(true), 1);
});

test('a case may be in an ECMAScript module, also one that waits at its top', limit, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'brine-worker-'));
  const module = join(folder, 'case.mjs');
  writeFileSync(
    module,
    'const word = await Promise.resolve("waited");\nexport const run = () => word;\n',
  );
  try {
    const { result } = await runIsolated({ module });

    assert.equal(result, 'waited');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the failure of a case comes back with its name, code and stack', limit, async () => {
  await assert.rejects(runIsolated({ ...reused, export: 'fail' }), (error: Error) => {
    assert.deepEqual(
      [error.name, error.message, (error as NodeJS.ErrnoException).code],
      ['TypeError', 'the case failed', 'ECASE'],
    );
    assert.match(error.stack ?? '', /isolated-cases\.ts/);
    return true;
  });
});

test('a case that loops without end is ended and called a busy loop', limit, async () => {
  const running = runIsolated({
    module: cases,
    export: 'loop',
    world: { budgets: { realTime: '2 s' } },
  });

  await assert.rejects(running, { name: 'BudgetError', code: 'BUSY_LOOP' });
});

for (const [claim, options, message] of [
  ['a result that cannot be copied', { export: 'uncopied' }, /could not be cloned/],
  ['a function that is not there', { export: 'nothing' }, /does not export a function nothing/],
  ['a thread that leaves', { export: 'leave' }, /ended with code 3/],
  ['a wrong option of the world', { world: { sed: 1 } }, /unknown key "sed"/],
  ['a wrong option of the case', { modul: 'x' }, /^case: unknown key "modul"/],
] as const) {
  test(`${claim} is a failure`, limit, async () => {
    await assert.rejects(runIsolated({ ...reused, ...options } as IsolatedCase), { message });
  });
}
