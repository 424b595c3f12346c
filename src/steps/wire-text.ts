import type { StepWorld } from './step-world';

/** The wire log of a scenario as text. */
export function wireLogText(world: StepWorld): string {
  return String(world.world.trace.events.length);
}
