import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Benchmark, reachesTarget, runBenchmark } from '../../../../scripts/bench/benchmark';
import { tableOf } from '../../../../scripts/bench/table';

/** A benchmark whose turns are known beforehand. */
function planned(of: 'rate' | 'time', ratio: number, order: string[] = []): Benchmark {
  const variant = (name: string, seconds: readonly number[], cpuUs: number) => {
    let turn = 0;
    return {
      name,
      run: async () => {
        order.push(name);
        return { units: 100, seconds: seconds[turn++] ?? Number.NaN, cpuUs };
      },
    };
  };
  return {
    name: 'planned',
    title: 'turns that are known',
    unit: 'turns',
    target: { ratio, of },
    variants: [variant('bare', [9, 1, 2, 1], 50), variant('ours', [9, 2, 4, 1], 100)],
    stop: async () => {},
  };
}

const rounds = { warmUp: 1, measured: 3 };
const quiet = () => {};

test('variants take turns, and what warms up does not count', async () => {
  const order: string[] = [];

  const result = await runBenchmark(planned('rate', 0.5, order), rounds, quiet);

  assert.deepEqual(order, ['bare', 'ours', 'bare', 'ours', 'bare', 'ours', 'bare', 'ours']);
  assert.deepEqual(
    result.variants[1]?.turns.map(({ seconds }) => seconds),
    [2, 4, 1],
  );
});

test('a rate must reach its target, a time must stay below', async () => {
  for (const { of, ratio, reached } of [
    { of: 'rate', ratio: 0.5, reached: true },
    { of: 'rate', ratio: 0.6, reached: false },
    { of: 'time', ratio: 2, reached: true },
    { of: 'time', ratio: 1.9, reached: false },
  ] as const) {
    const result = await runBenchmark(planned(of, ratio), rounds, quiet);

    const verdicts = result.variants.map((variant) => reachesTarget(result, variant));
    assert.deepEqual(verdicts, [true, reached], `${of} ${ratio}`);
  }
});

test('the table shows rates, paired ratios with their range, and processor time', async () => {
  const result = await runBenchmark(planned('rate', 0.6), rounds, quiet);

  assert.deepEqual(tableOf(result).split('\n'), [
    'planned: turns that are known',
    '          turns/s  rate, × baseline (≥ 0.6)  CPU µs/turns      CPU, × baseline',
    '    bare    100.0                         1          0.50                    1',
    '  ✗ ours     50.0       0.50 (0.50 to 1.00)          1.00  2.00 (2.00 to 2.00)',
    '',
  ]);
});
