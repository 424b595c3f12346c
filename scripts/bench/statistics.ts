/** The middle of several figures; of an even number, the mean of the two in the middle. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Ratios of what was measured in the same round, so that a slow moment of the machine cancels out. */
export interface PairedRatio {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** Compares each figure with the one of the baseline in the same round. */
export function pairedRatio(figures: readonly number[], baseline: readonly number[]): PairedRatio {
  if (figures.length !== baseline.length || figures.length === 0) {
    throw new Error(`${figures.length} figures cannot be paired with ${baseline.length}`);
  }
  const ratios = figures.map((figure, round) => figure / (baseline[round] ?? Number.NaN));
  return { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) };
}
