import { describeValue } from '../base/errors';
import type { Engine } from './engine';
import { priorities, type QueuedEvent } from './event-queue';

/**
 * The idle timer of a connection.
 *
 * Activity only notes the time; the timer looks at that when it runs and starts again for the
 * rest, so that a byte costs nothing.
 */
export class IdleTimer {
  readonly #engine: Engine;
  readonly #onIdle: () => void;
  readonly #label: string;
  #limitUs = 0;
  #lastUs = 0;
  #event: QueuedEvent | undefined;

  constructor(engine: Engine, label: string, onIdle: () => void) {
    this.#engine = engine;
    this.#label = label;
    this.#onIdle = onIdle;
  }

  /** Starts anew; 0 stops. */
  set(limitUs: number): void {
    this.stop();
    this.#limitUs = limitUs;
    this.touch();
  }

  /** Something moved. */
  touch(): void {
    if (this.#limitUs === 0) return;
    this.#lastUs = this.#engine.nowUs;
    this.#event ??= this.#wait(this.#limitUs);
  }

  stop(): void {
    this.#limitUs = 0;
    if (this.#event !== undefined) this.#engine.queue.cancel(this.#event);
    this.#event = undefined;
  }

  #wait(delayUs: number): QueuedEvent {
    return this.#engine.schedule(delayUs, priorities.timer, () => this.#look(), this.#label);
  }

  #look(): void {
    this.#event = undefined;
    const restUs = this.#lastUs + this.#limitUs - this.#engine.nowUs;
    if (restUs > 0) this.#event = this.#wait(restUs);
    else this.#onIdle();
  }
}

/**
 * Reads the argument of `setTimeout` as Node does.
 *
 * @returns microseconds; 0 stops the timer
 * @throws TypeError `ERR_INVALID_ARG_TYPE`
 * @throws RangeError `ERR_OUT_OF_RANGE`
 */
export function readIdleLimitUs(ms: unknown): number {
  if (typeof ms !== 'number') {
    const error = new TypeError(
      `The "msecs" argument must be of type number. Received ${describeValue(ms)}`,
    );
    throw Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' });
  }
  if (!(ms >= 0 && Number.isFinite(ms))) {
    const error = new RangeError(
      `The value of "msecs" is out of range. It must be a non-negative finite number. Received ${ms}`,
    );
    throw Object.assign(error, { code: 'ERR_OUT_OF_RANGE' });
  }
  return ms === 0 ? 0 : Math.min(Math.max(1, Math.trunc(ms)), 2_147_483_647) * 1_000;
}
