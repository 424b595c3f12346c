import { configError } from '../base/errors';
import { readCount, readFlag, readOneOf, refuseUnknownKeys } from '../base/option-reader';
import type { TraceMode } from '../network/trace';
import { createTrace, type TraceOptions, type WorldTrace } from '../network/world/trace';
import { type BudgetSettings, type Budgets, readBudgets } from './budgets';
import type { EscapeMode } from './escapes';
import type { Plan } from './plan';
import { readEpoch, readPlan } from './plan-reader';
import { planFromSeed } from './seed-plan';
import type { SurroundingsSettings } from './surroundings';

/**
 * How a simulated world is made.
 *
 * @source docs/simulation.md
 */
export interface SimulationOptions {
  /** Chooses a plan, which is what is printed. Beside a plan it is that plan's seed, unless it has one. */
  readonly seed?: number;
  /** Everything chance would decide. Default: nothing varies. */
  readonly plan?: Plan;
  /** Wall clock at the start, before what the plan says; default `2023-11-14T22:13:20Z`. */
  readonly epoch?: string;
  readonly budgets?: Budgets;
  /** What the trace keeps; default `events`. */
  readonly trace?: TraceMode | TraceOptions;
  /**
   * `run` runs one of so many cases twice and compares their traces, event by event; 1 = all,
   * default 0 = none. The body of such a case is called twice, each time with a fresh world.
   */
  readonly verify?: number;
  /**
   * `installed` gives code of the world virtual `setTimeout`, `setInterval`, `Date`,
   * `performance.now`, `Math.random`, `AbortSignal.timeout` and `node:timers` while it is driven.
   * Default `none`.
   */
  readonly globals?: 'none' | 'installed';
  /** With installed globals, also takes `crypto.randomUUID`, `randomBytes` and `getRandomValues` from the seed. Default false. */
  readonly seedCrypto?: boolean;
  /** Real sockets, names, processes and threads inside the world: `throw` (default), `warn` keeps them in `escapes`, `allow`. */
  readonly escapes?: EscapeMode;
  /** Watches native work, for `audit()`; a run takes up to twice as long. Default false. */
  readonly audit?: boolean;
}

/** Options as the world reads them. */
export interface SimulationSettings {
  readonly plan: Plan;
  readonly seed: number;
  readonly epochMs: number;
  readonly budgets: BudgetSettings;
  readonly trace: WorldTrace;
  readonly verify: number;
  readonly surroundings: SurroundingsSettings;
}

const optionKeys = [
  'seed',
  'plan',
  'epoch',
  'budgets',
  'trace',
  'verify',
  'globals',
  'seedCrypto',
  'escapes',
  'audit',
];

/** Wall clock of a world that says nothing else: 2023-11-14T22:13:20Z. */
const defaultEpochMs = 1_700_000_000_000;

/** @throws TcpError `ECONFIG` */
export function readSimulationOptions(options: SimulationOptions): SimulationSettings {
  refuseUnknownKeys('simulatedWorld', options, optionKeys);
  const { seed } = options;
  if (seed !== undefined && !Number.isSafeInteger(seed)) {
    throw configError('seed', 'a whole number', seed);
  }
  const plan = choosePlan(options);
  const { trace = 'events' } = options;
  return {
    plan,
    seed: plan.seed ?? 0,
    epochMs: chooseEpochMs(options.epoch ?? plan.epoch),
    budgets: readBudgets(options.budgets),
    verify: readCount('verify', options.verify ?? 0),
    surroundings: {
      globals: readOneOf('globals', options.globals ?? 'none', ['none', 'installed']),
      seedCrypto: readFlag('seedCrypto', options.seedCrypto ?? false),
      escapes: readOneOf('escapes', options.escapes ?? 'throw', ['throw', 'warn', 'allow']),
      audit: readFlag('audit', options.audit ?? false),
    },
    trace: createTrace(
      typeof trace === 'string'
        ? { mode: readOneOf('trace', trace, ['full', 'events', 'off']) }
        : trace,
    ),
  };
}

function chooseEpochMs(epoch: string | undefined): number {
  return epoch === undefined ? defaultEpochMs : readEpoch('epoch', epoch);
}

function choosePlan({ seed, plan }: SimulationOptions): Plan {
  if (plan === undefined) return seed === undefined ? { v: 1 } : planFromSeed(seed);
  const read = readPlan(plan);
  return seed === undefined || read.seed !== undefined ? read : { ...read, seed };
}
