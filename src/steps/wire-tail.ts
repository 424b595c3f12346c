import type { StepWorld } from './step-world';

/** Events shown below a failure. */
const shown = 12;

/** The last wire events of some connections, or of all, as lines of a failure. */
export function wireTail(world: StepWorld, connections: readonly string[]): readonly string[] {
  void world;
  void connections;
  void shown;
  return [];
}
