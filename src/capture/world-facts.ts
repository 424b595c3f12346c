import type { World } from '../network/world';

/** What a file says of the world that its events come from. */
export interface WorldFacts {
  /** Whose reports count; default `real`. */
  readonly network?: 'real' | 'simulated';
  /** Wall clock when the world's own clock was 0, as whole microseconds since 1970; default 0. */
  readonly epochUs?: number;
  /** Everything that chance decides in a simulated world. */
  readonly plan?: object;
  /** Where there is no plan: what the world's chance follows from. */
  readonly seed?: number;
}

/**
 * The facts of a world, as of now.
 *
 * The wall clock is asked once: a step of the system's clock while a file is written does not show.
 */
export function factsOf(world: World): Required<Omit<WorldFacts, 'plan' | 'seed'>> & WorldFacts {
  const { clock, kind, random } = world;
  const epochUs = Math.round(clock.wallTime() * 1_000) - clock.now();
  const plan = 'plan' in world && typeof world.plan === 'object' ? world.plan : undefined;
  return plan === undefined || plan === null
    ? { network: kind, epochUs, seed: random.seed }
    : { network: kind, epochUs, plan };
}
