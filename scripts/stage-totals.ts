/** How many checks of one kind passed and failed. */
export interface Totals {
  readonly passed: number;
  readonly failed: number;
}

const none: Totals = { passed: 0, failed: 0 };

/**
 * Reads the totals that a runner printed: the line `N passed, N failed` of scripts/test.ts, or the
 * line `N scenarios (N failed, N passed)` of either Cucumber, where what was neither passed nor
 * skipped has failed.
 *
 * @returns `undefined` when the output holds neither, as with a compiler
 */
export function readTotals(output: string): Totals | undefined {
  const own = [...output.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1);
  if (own !== undefined) return { passed: Number(own[1]), failed: Number(own[2]) };
  const scenarios = [...output.matchAll(/^(\d+) scenarios?(?: \((.+)\))?$/gm)].at(-1);
  if (scenarios === undefined) return undefined;
  const count = (verdict: string) =>
    Number(new RegExp(`(\\d+) ${verdict}`).exec(scenarios[2] ?? '')?.[1] ?? 0);
  const passed = count('passed');
  return { passed, failed: Number(scenarios[1]) - passed - count('skipped') };
}

/** The sum of several totals. */
export function addTotals(all: readonly Totals[]): Totals {
  return all.reduce(
    (sum, totals) => ({
      passed: sum.passed + totals.passed,
      failed: sum.failed + totals.failed,
    }),
    none,
  );
}
