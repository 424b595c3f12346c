import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addTotals, readTotals } from '../../../scripts/stage-totals';

for (const { runner, output, totals } of [
  {
    runner: 'our own runner',
    output: 'x\n12 passed, 1 failed\n',
    totals: { passed: 12, failed: 1 },
  },
  {
    runner: 'a Cucumber run that passed',
    output: '3 scenarios (3 passed)\n9 steps (9 passed)\n',
    totals: { passed: 3, failed: 0 },
  },
  {
    runner: 'a Cucumber run with failures',
    output: '5 scenarios (1 failed, 1 undefined, 3 passed)\n',
    totals: { passed: 3, failed: 2 },
  },
  {
    runner: 'a Cucumber run without a program it needs',
    output: '5 scenarios (2 skipped, 3 passed)\n',
    totals: { passed: 3, failed: 0 },
  },
  {
    runner: 'a Cucumber run without scenarios',
    output: '0 scenarios\n',
    totals: { passed: 0, failed: 0 },
  },
  { runner: 'one scenario', output: '1 scenario (1 passed)\n', totals: { passed: 1, failed: 0 } },
]) {
  test(`totals of ${runner} are read`, () => {
    assert.deepEqual(readTotals(output), totals);
  });
}

test('totals of a program that counts nothing are undefined', () => {
  assert.equal(readTotals('src/a.ts(1,1): error TS1005\n'), undefined);
});

test('totals of several runners are summed', () => {
  const sum = addTotals([
    { passed: 1, failed: 2 },
    { passed: 30, failed: 40 },
  ]);

  assert.deepEqual(sum, { passed: 31, failed: 42 });
});
