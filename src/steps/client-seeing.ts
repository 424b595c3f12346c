import type { TcpError } from '../base/errors';
import { otherFailure } from './client-failures';
import { type FailureClass, isOfClass } from './failure-classes';
import type { ScenarioClient } from './scenario-client';
import type { StepWorld } from './step-world';

/** Waits for a failure of a class, which counts as seen then. @throws StepFailure */
export async function seeFailure(
  world: StepWorld,
  client: ScenarioClient,
  wanted: FailureClass,
  limitMs: number = world.settings.timeoutMs,
): Promise<void> {
  const fits = (error: TcpError): boolean => isOfClass(wanted, error);
  const look = (): 'seen' | 'never' | undefined => {
    if (client.seeFailure(fits) !== undefined) return 'seen';
    return !client.open && (client.over || !client.used) ? 'never' : undefined;
  };
  const { found, waitedMs } = await world.waitFor(client, look, limitMs);
  if (found === 'seen') return;
  throw otherFailure(
    world,
    client,
    wanted,
    found === 'never' ? { by: 'over', waitedMs } : { by: 'deadline', waitedMs: limitMs },
  );
}
