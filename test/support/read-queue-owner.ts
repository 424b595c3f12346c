import type { TcpError } from '../../src/base/errors';
import {
  callAborted,
  describeRead,
  partialOf,
  peerClosed,
  readOverLimit,
  readTimedOut,
} from '../../src/tcp/call-errors';
import { LazyTimer } from '../../src/tcp/lazy-timer';
import type { Want } from '../../src/tcp/read-call';
import { type ReadEnding, ReadQueue, type ReadQueueOwner } from '../../src/tcp/read-queue';
import { closedError } from '../../src/tcp/system-error';
import type { ManualClock } from './manual-clock';

/** The smallest owner of a queue of reads: a clock moved by hand, and the errors of the connector. */
export class LoneReads implements ReadQueueOwner {
  readonly queue: ReadQueue = new ReadQueue(this);
  /** How often the end was met. */
  met = 0;
  readonly #clock: ManualClock;
  readonly #timer: LazyTimer;

  constructor(clock: ManualClock) {
    this.#clock = clock;
    this.#timer = new LazyTimer(clock, 'reads', { due: (nowUs) => this.queue.expire(nowUs) });
  }

  fin(): void {
    this.queue.end(this.ending('fin'));
  }

  ending(kind: ReadEnding['kind']): ReadEnding {
    return {
      kind,
      first: (want, partial) => peerClosed(want, partial, {}),
      later: (want) => closedError(describeRead(want), 'read', {}),
      met: () => {
        this.met++;
      },
    };
  }

  now(): number {
    return this.#clock.now();
  }

  readWaits(dueUs: number): void {
    this.#timer.wantBy(dueUs);
  }

  readSettled(): void {
    if (this.queue.waiting === 0) this.#timer.rest();
  }

  readTimedOut(want: Want, timeoutMs: number, partial: Uint8Array): TcpError {
    return readTimedOut(want, timeoutMs, partial, {});
  }

  readAborted(want: Want, reason: unknown, partial: Uint8Array): TcpError {
    return callAborted(describeRead(want), 'read', reason, partialOf(want, partial));
  }

  readOverLimit(want: Want, partial: Uint8Array): TcpError {
    return readOverLimit(want, partial, {});
  }
}
