/**
 * What a benchmark is, and how it is run.
 *
 * The variants take turns, A B C A B C …, first in rounds that only warm up, then in rounds that
 * count. The first variant is the baseline: the same work on bare Node. What is compared are
 * ratios within a round; absolute figures depend on the machine.
 */
import { median, type PairedRatio, pairedRatio } from './statistics';

/** One turn of one variant. */
export interface Turn {
  /** How many units of work were done. */
  readonly units: number;
  readonly seconds: number;
  /** Processor time of the process that is compared, in µs; absent where it cannot be told. */
  readonly cpuUs?: number;
}

/** A way of doing the work. */
export interface Variant {
  readonly name: string;
  /** Does the work once. Throws when the content was not what it had to be. */
  readonly run: () => Promise<Turn>;
}

/** A benchmark with its processes running. */
export interface Benchmark {
  readonly name: string;
  /** What is compared, in a few words. */
  readonly title: string;
  /** What is counted: `round trips`, `GB`. */
  readonly unit: string;
  /** Ratio to the baseline that each other variant must reach; of rates at least, of times at most. */
  readonly target: { readonly ratio: number; readonly of: 'rate' | 'time' };
  readonly variants: readonly Variant[];
  /** Ends its processes. */
  readonly stop: () => Promise<void>;
}

/** What came out for one variant. */
export interface VariantResult {
  readonly name: string;
  /** Units per second, the median of the rounds. */
  readonly rate: number;
  /** µs of processor time per unit, the median; absent where it cannot be told. */
  readonly cpuUsPerUnit?: number;
  /** To the baseline: of rates or of times, as the target says. */
  readonly ratio: PairedRatio;
  /** Processor time per unit, to the baseline. */
  readonly cpuRatio?: PairedRatio;
  readonly turns: readonly Turn[];
}

/** What came out of a benchmark. */
export interface BenchmarkResult {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly target: Benchmark['target'];
  readonly node: string;
  readonly rounds: number;
  readonly variants: readonly VariantResult[];
}

/** Called before every turn. */
export type Progress = (benchmark: string, round: number, rounds: number, variant: string) => void;

/** Runs the rounds and compares; the processes of the benchmark are stopped by the caller. */
export async function runBenchmark(
  benchmark: Benchmark,
  rounds: { readonly warmUp: number; readonly measured: number },
  progress: Progress,
): Promise<BenchmarkResult> {
  const turns = new Map<Variant, Turn[]>(benchmark.variants.map((variant) => [variant, []]));
  for (let round = 1; round <= rounds.warmUp + rounds.measured; round++) {
    for (const variant of benchmark.variants) {
      progress(benchmark.name, round - rounds.warmUp, rounds.measured, variant.name);
      const turn = await variant.run();
      if (round > rounds.warmUp) turns.get(variant)?.push(turn);
    }
  }
  const measured = [...turns].map(([{ name }, list]) => ({ name, turns: list }));
  const baseline = measured[0]?.turns ?? [];
  const { name, title, unit, target } = benchmark;
  return {
    name,
    title,
    unit,
    target,
    node: process.version,
    rounds: rounds.measured,
    variants: measured.map((variant) => compare(variant, baseline, target.of)),
  };
}

function compare(
  { name, turns }: { readonly name: string; readonly turns: readonly Turn[] },
  baseline: readonly Turn[],
  of: 'rate' | 'time',
): VariantResult {
  const figure = of === 'rate' ? rate : time;
  const cpu = turns.map(cpuPerUnit);
  const baselineCpu = baseline.map(cpuPerUnit);
  return {
    name,
    turns,
    rate: median(turns.map(rate)),
    ratio: pairedRatio(turns.map(figure), baseline.map(figure)),
    ...(cpu.every(isKnown) && baselineCpu.every(isKnown)
      ? { cpuUsPerUnit: median(cpu), cpuRatio: pairedRatio(cpu, baselineCpu) }
      : {}),
  };
}

function rate({ units, seconds }: Turn): number {
  return units / seconds;
}

function time({ units, seconds }: Turn): number {
  return seconds / units;
}

function cpuPerUnit({ units, cpuUs }: Turn): number | undefined {
  return cpuUs === undefined ? undefined : cpuUs / units;
}

function isKnown(value: number | undefined): value is number {
  return value !== undefined;
}

/** Whether a variant reaches the target; the baseline always does. */
export function reachesTarget(result: BenchmarkResult, variant: VariantResult): boolean {
  const { ratio, of } = result.target;
  const reached = variant.ratio.median;
  return variant === result.variants[0] || (of === 'rate' ? reached >= ratio : reached <= ratio);
}
