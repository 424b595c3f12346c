import type { Ending } from './client-ending';
import type { ScenarioClient } from './scenario-client';
import type { StepWorld } from './step-world';

/** What a wait came to. */
export interface ReadResult<T> {
  readonly found?: T;
  readonly ending: Ending;
}

/** Waits for what `look` wants, or until no more bytes can come, or a read timeout is met. */
export async function read<T>(
  world: StepWorld,
  client: ScenarioClient,
  look: () => T | undefined,
  limitMs: number,
): Promise<ReadResult<T>> {
  if (!client.used) throw new Error(`${client.title} was never connected`);
  const before = client.failures.length;
  const wait = await world.waitFor<{ value: T } | 'over' | 'timeout'>(
    client,
    () => {
      const value = look();
      if (value !== undefined) return { value };
      if (client.over) return 'over';
      const met = client.failures.slice(before).find(({ seen }) => !seen);
      return met?.error.code === 'EREADTIMEOUT' ? 'timeout' : undefined;
    },
    limitMs,
  );
  const { found, waitedMs } = wait;
  if (typeof found === 'object') return { found: found.value, ending: { by: 'quiet', waitedMs } };
  return {
    ending: found === undefined ? { by: 'deadline', waitedMs: limitMs } : { by: found, waitedMs },
  };
}
