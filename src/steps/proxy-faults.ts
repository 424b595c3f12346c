import { TcpError } from '../base/errors';
import { stepFailure } from './failure-message';
import type { ScenarioProxy } from './scenario-proxy';
import type { StepWorld } from './step-world';

/** Attaches or changes a fault, and says what is wrong with it in words of the step. */
export function attach<T>(
  world: StepWorld,
  { title }: ScenarioProxy,
  what: string,
  change: () => T,
): T {
  try {
    return change();
  } catch (error) {
    if (!TcpError.is(error)) throw error;
    throw stepFailure(world, {
      headline: `${title} cannot have the fault "${what}": ${error.message}`,
      code: error.code,
      phase: error.phase,
      cause: error,
    });
  }
}
