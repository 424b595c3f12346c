import type { Engine } from './engine';
import { priorities } from './event-queue';

/** Resolves after a while, as a delivery of the network; rejects when the signal is aborted before. */
export function waitOn(
  engine: Engine,
  delayUs: number,
  label: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason);
    const event = engine.schedule(
      delayUs,
      priorities.delivery,
      () => {
        signal?.removeEventListener('abort', abort);
        engine.call(resolve);
      },
      label,
    );
    const abort = (): void => {
      engine.queue.cancel(event);
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', abort, { once: true });
  });
}
