import type { TcpError } from '../../src/base/errors';
import { callAborted, writeTimedOut } from '../../src/tcp/call-errors';
import type { CallLimit } from '../../src/tcp/call-options';
import { LazyTimer } from '../../src/tcp/lazy-timer';
import { closedError } from '../../src/tcp/system-error';
import { type Flushed, WriteQueue, type WriteQueueOwner } from '../../src/tcp/write-queue';
import type { ManualClock } from './manual-clock';

/** The smallest owner of a queue of writes: what it is handed stays until a test flushes it. */
export class LoneWrites implements WriteQueueOwner {
  readonly queue: WriteQueue;
  /** Everything handed over, in order. */
  readonly handed: Uint8Array[] = [];
  endHanded = false;
  bytesFlushed = 0;
  readonly #clock: ManualClock;
  readonly #timer: LazyTimer;
  readonly #waiting: Flushed[] = [];

  constructor(clock: ManualClock, highWaterMark = 65_536) {
    this.#clock = clock;
    this.queue = new WriteQueue(this, highWaterMark);
    this.#timer = new LazyTimer(clock, 'writes', { due: (nowUs) => this.queue.expire(nowUs) });
  }

  /** Writes as the connector does, with a promise. */
  write(bytes: Uint8Array, limit: CallLimit): Promise<void> {
    return new Promise((resolve, reject) => this.queue.write(bytes, limit, { resolve, reject }));
  }

  end(limit: CallLimit): Promise<void> {
    return new Promise((resolve, reject) => this.queue.end(limit, { resolve, reject }));
  }

  /** Pieces handed over that the network has not flushed. */
  get inFlight(): number {
    return this.#waiting.length;
  }

  /** The network passes nothing on before a test says so. */
  get unsent(): number {
    return this.#waiting.length;
  }

  /** Lets the network flush the oldest piece. */
  flush(): void {
    this.#waiting.shift()?.();
  }

  now(): number {
    return this.#clock.now();
  }

  writeWaits(dueUs: number): void {
    this.#timer.wantBy(dueUs);
  }

  hand(piece: Uint8Array, flushed: Flushed): void {
    this.handed.push(piece);
    this.#waiting.push(flushed);
  }

  handEnd(flushed: Flushed): void {
    this.endHanded = true;
    this.#waiting.push(flushed);
  }

  writeSettled(flushedBytes: number): void {
    this.bytesFlushed += flushedBytes;
    if (this.queue.idle) this.#timer.rest();
  }

  writeTimedOut(limit: CallLimit, left: number): TcpError {
    return writeTimedOut(limit, left, {});
  }

  writeAborted(reason: unknown): TcpError {
    return callAborted('write', 'write', reason, {});
  }

  writeRefused(cause: TcpError): TcpError {
    return closedError('write', 'write', {}, cause);
  }
}
