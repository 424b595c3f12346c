import { type Random, seededRandom } from '../base/random';
import type { Plan, PlannedCut } from './plan';

/**
 * How much a seed may change: `calm` varies latencies where links have a range, and the order of
 * events of one instant; `rough` also gives every link a range of latencies and cuts streams into
 * small pieces.
 */
export type SeedProfile = 'calm' | 'rough';

/** Entries of each tape. */
const tapeLength = 256;

/** Cuts of a rough plan, and how far into a stream and how many connections they reach. */
const cutCount = 48;
const cutReach = 4_096;
const cutConnections = 8;

/**
 * The plan that a seed stands for.
 *
 * The same for the same seed, profile and version of the format.
 *
 * @param seed - any safe integer
 */
export function planFromSeed(seed: number, profile: SeedProfile = 'calm'): Plan {
  const random = seededRandom(seed);
  const tape = {
    latency: numbers(random.fork('plan/latency'), 1_000_000),
    tieBreak: numbers(random.fork('plan/tieBreak'), 16),
  };
  if (profile === 'calm') return { v: 1, seed, tape };
  return {
    v: 1,
    seed,
    links: [{ from: '*', to: '*', latency: { uniform: ['100us', '5ms'] } }],
    cuts: cuts(random.fork('plan/cuts')),
    tape,
  };
}

function numbers(random: Random, limit: number): readonly number[] {
  return Array.from({ length: tapeLength }, () => random.below(limit));
}

function cuts(random: Random): readonly PlannedCut[] {
  return Array.from({ length: cutCount }, () => ({
    connection: 1 + random.below(cutConnections),
    direction: random.below(2) === 0 ? 'out' : 'in',
    at: 1 + random.below(cutReach),
  }));
}
