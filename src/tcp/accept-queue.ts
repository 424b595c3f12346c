import { formatDuration } from '../base/duration';
import { abortError, TcpError } from '../base/errors';
import type { Clock, ClockTimer } from '../network/clock';
import type { CallLimit } from './call-options';

/** The rejection of an accept when the listener stops. */
export function acceptStopped(): TcpError {
  return new TcpError('accept refused, the listener has stopped', {
    code: 'ECLOSED',
    phase: 'accept',
  });
}

/** Somebody who waits for the next connection. */
interface Taker<T> {
  readonly resolve: (item: T | undefined) => void;
  readonly timer: ClockTimer | undefined;
  readonly unwatch: () => void;
}

/** Connections that wait for somebody, and those who wait for connections, first come, first served. */
export class AcceptQueue<T> {
  readonly #clock: Clock;
  readonly #items: T[] = [];
  readonly #takers: Taker<T>[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  push(item: T): void {
    const taker = this.#takers.shift();
    if (taker === undefined) this.#items.push(item);
    else settle(taker, item);
  }

  /** Takes one back that nobody has got. */
  remove(item: T): void {
    const index = this.#items.indexOf(item);
    if (index >= 0) this.#items.splice(index, 1);
  }

  /** Takes all that wait. */
  drain(): T[] {
    return this.#items.splice(0);
  }

  /**
   * The next one; `undefined` when the listener stops first.
   *
   * @throws TcpError `EREADTIMEOUT`, `ABORT_ERR` - phase `accept`
   */
  take(limit: CallLimit): Promise<T | undefined> {
    const { signal, timeoutMs, timeoutUs } = limit;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) throw abortError('accept', 'accept', signal.reason);
      if (this.#items.length > 0) {
        resolve(this.#items.shift());
        return;
      }
      const fail = (error: TcpError): void => {
        const index = this.#takers.indexOf(taker);
        if (index >= 0) this.#takers.splice(index, 1);
        release(taker);
        reject(error);
      };
      const onAbort = (): void => fail(abortError('accept', 'accept', signal?.reason));
      const onTimeout = (): void =>
        fail(
          new TcpError(`accept timed out after ${formatDuration(timeoutMs)}`, {
            code: 'EREADTIMEOUT',
            phase: 'accept',
          }),
        );
      const limited = Number.isFinite(timeoutUs);
      const taker: Taker<T> = {
        resolve,
        timer: limited
          ? this.#clock.after(timeoutUs, onTimeout, 'accept', { hold: true })
          : undefined,
        unwatch: () => signal?.removeEventListener('abort', onAbort),
      };
      signal?.addEventListener('abort', onAbort);
      this.#takers.push(taker);
    });
  }

  /** Sends everybody away who waits. */
  close(): void {
    for (const taker of this.#takers.splice(0)) settle(taker, undefined);
  }
}

function settle<T>(taker: Taker<T>, item: T | undefined): void {
  release(taker);
  taker.resolve(item);
}

function release<T>(taker: Taker<T>): void {
  taker.timer?.cancel();
  taker.unwatch();
}
