import { type Duration, readDuration } from '../base/duration';
import { configError } from '../base/errors';
import { readCount, readOneOf, refuseUnknownKeys } from '../base/option-reader';
import { freshSeed } from '../network/real/entropy';
import type { World } from '../network/world';

/** How long and how hard a campaign looks. */
export type Profile = 'smoke' | 'default' | 'thorough' | 'nightly';

/** How a property is run. */
export interface CampaignOptions {
  /** What every case follows from; default fresh, and told in the result. */
  readonly seed?: number;
  /** At most so many cases; default by profile. */
  readonly runs?: number;
  /** For at most so long; default by profile. */
  readonly time?: Duration;
  /** Default: the first that the property names. */
  readonly world?: World['kind'];
  /** Part `index` (from 1) of `count`; all parts together are the whole campaign. */
  readonly shard?: { readonly index: number; readonly count: number };
  /** Runs this one case: a token, or the path of a stored case. */
  readonly replay?: string;
  /** Folder of failures, which are tried first; `false` for none. Default `.brine/failures`. */
  readonly database?: string | false;
  readonly profile?: Profile;
  /** How long a failure may be made smaller; default 10 s. */
  readonly minimizeTime?: Duration;
  /** How often the smallest case is run again; default 10 on each network. */
  readonly stability?: { readonly simulated: number; readonly real: number };
  /** Called after each batch, and while a failure is made smaller. */
  readonly onProgress?: (progress: Progress) => void;
}

/** How far a campaign is. */
export interface Progress {
  readonly property: string;
  readonly runs: number;
  /** From 0 to 1: of the cases or of the time, whichever is further. */
  readonly share: number;
  readonly runsPerSecond: number;
  /** Cases whose events no case had before. */
  readonly traces: number;
  /** Set while a failure is made smaller. */
  readonly shrinking?: { readonly steps: number };
}

/** Options, read. */
export interface CampaignSettings {
  readonly seed: number;
  /** At least so many, whatever the time. */
  readonly leastRuns: number;
  readonly runs: number;
  readonly timeMs: number;
  readonly world: World['kind'];
  readonly shard: { readonly index: number; readonly count: number };
  readonly replay: string | undefined;
  readonly database: string | undefined;
  readonly minimizeMs: number;
  readonly stability: { readonly simulated: number; readonly real: number };
  readonly onProgress: (progress: Progress) => void;
}

interface Limits {
  readonly leastRuns: number;
  readonly runs: number;
  readonly timeMs: number;
}

const never = Number.POSITIVE_INFINITY;

/** What a profile means on each network. */
const profiles: Readonly<Record<Profile, Readonly<Record<World['kind'], Limits>>>> = {
  smoke: {
    simulated: { leastRuns: 0, runs: 200, timeMs: 1_000 },
    real: { leastRuns: 0, runs: 20, timeMs: 5_000 },
  },
  default: {
    simulated: { leastRuns: 500, runs: never, timeMs: 2_000 },
    real: { leastRuns: 0, runs: 100, timeMs: 20_000 },
  },
  thorough: {
    simulated: { leastRuns: 500, runs: never, timeMs: 30_000 },
    real: { leastRuns: 0, runs: 1_000, timeMs: 120_000 },
  },
  nightly: {
    simulated: { leastRuns: 500, runs: never, timeMs: 600_000 },
    real: { leastRuns: 0, runs: never, timeMs: 600_000 },
  },
};

const keys = [
  'seed',
  'runs',
  'time',
  'world',
  'shard',
  'replay',
  'database',
  'profile',
  'minimizeTime',
  'stability',
  'onProgress',
];

/** @throws TcpError `ECONFIG` */
export function readCampaignOptions(
  options: CampaignOptions,
  worlds: readonly World['kind'][],
): CampaignSettings {
  refuseUnknownKeys('campaign', options, keys);
  const [first] = worlds;
  if (first === undefined) throw configError('worlds', 'at least one network', worlds);
  const world = readOneOf('world', options.world ?? first, worlds);
  const profile = readOneOf('profile', options.profile ?? 'default', [
    'smoke',
    'default',
    'thorough',
    'nightly',
  ]);
  const limits = profiles[profile][world];
  const { runs, time, shard = { index: 1, count: 1 }, database, stability } = options;
  readCount('shard.count', shard.count, 1);
  if (readCount('shard.index', shard.index, 1) > shard.count) {
    throw configError('shard.index', `at most ${shard.count}, the count`, shard.index);
  }
  // One of the two limits alone is the limit; the other is then not looked at.
  const given = runs !== undefined || time !== undefined;
  return {
    seed: options.seed === undefined ? freshSeed() : readCount('seed', options.seed),
    leastRuns: given ? 0 : limits.leastRuns,
    runs: runs === undefined ? (given ? never : limits.runs) : readCount('runs', runs, 1),
    timeMs: time === undefined ? (given ? never : limits.timeMs) : readDuration('time', time),
    world,
    shard,
    replay: options.replay,
    database: database === false ? undefined : (database ?? '.brine/failures'),
    minimizeMs: readDuration('minimizeTime', options.minimizeTime ?? '10s'),
    stability: stability ?? { simulated: 10, real: 10 },
    onProgress: options.onProgress ?? (() => undefined),
  };
}
