import type { Patches } from './patches';
import { type TimeoutHome, VirtualTimeout } from './virtual-timeout';

interface PromisedOptions {
  readonly signal?: AbortSignal;
  readonly ref?: boolean;
}

type Promised = (ms?: number, value?: unknown, options?: PromisedOptions) => unknown;

/**
 * Puts virtual versions of `node:timers/promises` in place.
 *
 * @param home - the timers of the calling code's world; `undefined` outside
 * @source https://nodejs.org/api/timers.html#timers-promises-api
 */
export function promisedTimers(
  patches: Patches,
  target: Record<string, unknown>,
  home: () => TimeoutHome | undefined,
): void {
  const functions = target as Record<string, Promised>;
  patches.replace(functions, 'setTimeout', (real) => (ms, value, options) => {
    const found = home();
    return found === undefined ? real(ms, value, options) : after(found, ms, value, options);
  });
  patches.replace(functions, 'setInterval', (real) => (ms, value, options) => {
    const found = home();
    return found === undefined ? real(ms, value, options) : every(found, ms, value, options);
  });
  const scheduler = target['scheduler'] as Record<
    string,
    (ms: number, o?: PromisedOptions) => unknown
  >;
  patches.replace(scheduler, 'wait', (real) => (ms, options) => {
    const found = home();
    return found === undefined
      ? real.call(scheduler, ms, options)
      : after(found, ms, undefined, options);
  });
}

function after(
  home: TimeoutHome,
  ms: unknown,
  value: unknown,
  { signal }: PromisedOptions = {},
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(aborted(signal));
      return;
    }
    const onAbort = (): void => {
      timer.close();
      reject(aborted(signal));
    };
    const timer = new VirtualTimeout(
      home,
      ms,
      () => {
        signal?.removeEventListener('abort', onAbort);
        resolve(value);
      },
      false,
    );
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

async function* every(
  home: TimeoutHome,
  ms: unknown,
  value: unknown,
  { signal }: PromisedOptions = {},
): AsyncGenerator<unknown, void> {
  if (isAborted(signal)) throw aborted(signal);
  let due = 0;
  let wake = (): void => {};
  const timer = new VirtualTimeout(
    home,
    ms,
    () => {
      due++;
      wake();
    },
    true,
  );
  const onAbort = (): void => wake();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    for (;;) {
      while (due === 0) {
        if (isAborted(signal)) throw aborted(signal);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      for (; due > 0; due--) yield value;
    }
  } finally {
    timer.close();
    signal?.removeEventListener('abort', onAbort);
  }
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

/** What Node rejects with. */
function aborted(signal: AbortSignal | undefined): Error {
  const error = new Error('The operation was aborted', { cause: signal?.reason });
  return Object.assign(error, { name: 'AbortError', code: 'ABORT_ERR' });
}
