import { formatDuration } from '../base/duration';
import { realWorld } from '../network/real/world';
import type { WireEvent } from '../network/wire-event';
import type { World } from '../network/world';
import { LeakError } from '../network/world/leak-error';
import type { Plan } from '../simulation/plan';
import { simulatedWorld } from '../simulation/world';
import type { Probe } from './probe';
import { PropertyViolation } from './property-violation';
import type { WireProperty } from './wire-property';

/** How one case went. */
export interface CaseOutcome {
  /** `undefined`: the property holds for it. */
  readonly error: Error | undefined;
  /** What was on the wire, oldest first. */
  readonly events: readonly WireEvent[];
  /** The same for the same events; empty on the real network, where times differ. */
  readonly hash: string;
  /** Time that passed in the world, in microseconds. */
  readonly worldUs: number;
}

export interface CaseOptions {
  readonly world: World['kind'];
  /** How long a case may take on the real network; default 30 s. It counts as a hang then. */
  readonly limitMs?: number;
  /** Whether bytes are kept; default false: lengths and digests. */
  readonly keepBytes?: boolean;
}

const realLimitMs = 30_000;

/**
 * Runs one case in a world of its own, which is ended afterwards, whatever happens.
 *
 * A case that hangs, leaves something open or fails an emitter that nobody listens to does not hold.
 * Never rejects.
 */
export function runCase<Case>(
  property: WireProperty<Case>,
  example: Case,
  probe: Probe,
  options: CaseOptions,
): Promise<CaseOutcome> {
  return options.world === 'simulated'
    ? runSimulated(property, example, probe, options)
    : runReal(property, example, probe, options);
}

async function runSimulated<Case>(
  property: WireProperty<Case>,
  example: Case,
  probe: Probe,
  { keepBytes = false }: CaseOptions,
): Promise<CaseOutcome> {
  const plan: Plan = { seed: 0, ...property.toPlan(example) };
  const world = simulatedWorld({ plan, trace: keepBytes ? 'full' : 'events' });
  const error = await world
    .run((inside) => property.check(inside, example, probe))
    .then(() => undefined, asError);
  return {
    error,
    events: world.trace.events,
    hash: world.trace.hash(),
    worldUs: world.clock.now(),
  };
}

async function runReal<Case>(
  property: WireProperty<Case>,
  example: Case,
  probe: Probe,
  { keepBytes = false, limitMs = realLimitMs }: CaseOptions,
): Promise<CaseOutcome> {
  const world = realWorld({ trace: { mode: keepBytes ? 'full' : 'events' } });
  // On a clock of its own, since the world of the case is looked through for what it left.
  const watch = realWorld();
  const checked = property.check(world, example, probe);
  const limit = watch.clock.sleep(limitMs, { label: 'limit of a case' }).then(() => {
    throw new PropertyViolation(`the case did not end within ${formatDuration(limitMs)}`);
  });
  const error = await Promise.race([checked, limit]).then(() => leftOf(world, watch), asError);
  // Whichever lost the race has nobody to tell.
  checked.catch(() => undefined);
  limit.catch(() => undefined);
  const worldUs = world.clock.now();
  await ended(world);
  await ended(watch);
  return { error, events: world.trace.events, hash: '', worldUs };
}

/** How long the kernel may take to let go of what was ended, in steps of so many ms. */
const patience = { steps: 40, ms: 5 } as const;

/** What a case has left open. */
async function leftOf(world: World, watch: World): Promise<Error | undefined> {
  for (let step = 0; step < patience.steps && !world.scope.leaks().clean; step++) {
    await watch.clock.sleep(patience.ms, { label: 'what a case has ended' });
  }
  const left = world.scope.leaks();
  return left.clean ? undefined : new LeakError('the case', left);
}

/** Ends a world; what does not end was told with the verdict. */
async function ended(world: World): Promise<void> {
  try {
    await world.scope[Symbol.asyncDispose]();
  } catch {
    // The verdict on the case stands.
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
