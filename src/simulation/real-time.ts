/**
 * Real time, for what the simulation does outside of its worlds.
 *
 * Taken when this module loads, because test runners and the simulation itself put their own
 * functions in place later.
 */
const { setImmediate, setTimeout, clearTimeout } = globalThis;
const now = performance.now.bind(performance);

/** Runs something in the next turn of the event loop. */
export const realSetImmediate: (run: () => void) => void = setImmediate;

/** Real milliseconds, monotonic. */
export const realTimeMs: () => number = now;

/** Waits in real time. */
export function realPause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** Runs something later, unless it is called off. Keeps no process alive unless it is to `hold` it. */
export function realAfter(ms: number, run: () => void, hold = false): () => void {
  const timer = setTimeout(run, ms);
  if (!hold) timer.unref();
  return () => clearTimeout(timer);
}
