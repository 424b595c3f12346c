import { setImmediate } from 'node:timers/promises';

/** Lets the loop turn until something holds; a test that waits in vain ends by its own limit. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await setImmediate();
}
