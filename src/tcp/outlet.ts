import { type Deferred, deferred } from '../base/deferred';
import { TcpError } from '../base/errors';
import { callAborted, writeTimedOut } from './call-errors';
import { type CallLimit, limitOf } from './call-options';
import { type Breakage, brokenCall, closedError } from './system-error';
import type { WireOwner } from './wire-settings';
import type { WriteOutcome } from './write-call';
import { type Flushed, WriteQueue, type WriteQueueOwner } from './write-queue';

const unlimited = limitOf(Number.POSITIVE_INFINITY);

/** The writing half of a wire: bytes and FIN in order, and what became of them. */
export class Outlet implements WriteQueueOwner {
  readonly writes: WriteQueue;
  bytesFlushed = 0;
  readonly #wire: WireOwner;
  /** What waits until a handshake is over. */
  #held: (() => void)[] = [];
  /** Whether FIN was asked for, by whom, what became of it, and who waits to hear. */
  #ended = false;
  #mustEnd = false;
  #endOutcome: TcpError | 'sent' | undefined;
  #end: Deferred<void> | undefined;

  constructor(wire: WireOwner) {
    this.writes = new WriteQueue(this, wire.settings.writeHighWaterMark);
    this.#wire = wire;
  }

  /** Whether FIN was asked for. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Queues bytes that nobody changes any more. */
  write(bytes: Uint8Array, limit: CallLimit, outcome: WriteOutcome): void {
    const refusal = this.#refusal(outcome);
    if (refusal === undefined) this.writes.write(bytes, limit, outcome);
    else outcome.reject(refusal);
  }

  /** Queues FIN behind all writes. The second call gives the promise of the first. */
  end(limit: CallLimit): Promise<void> {
    if (!this.#ended) {
      if (!this.#mayEnd) {
        const cause = this.writes.broken ?? this.#wire.ending.breakage?.cause;
        return Promise.reject(closedError('end', 'close', this.#wire.facts(), cause));
      }
      this.#queueEnd(limit);
    }
    return this.#endPromise();
  }

  /** Queues FIN, if there was none. The wire is told when it cannot follow the writes. */
  endQuietly(): void {
    this.#mustEnd = true;
    if (!this.#ended && this.#mayEnd) this.#queueEnd(unlimited);
    else if (!this.#ended || this.#endOutcome instanceof TcpError) this.#wire.endFailed();
  }

  get #mayEnd(): boolean {
    const { over, ending } = this.#wire;
    return !over && ending.breakage === undefined && this.writes.broken === undefined;
  }

  #queueEnd(limit: CallLimit): void {
    this.#ended = true;
    this.writes.end(limit, {
      resolve: () => {
        this.#endOutcome = 'sent';
        this.#end?.resolve();
      },
      reject: (error) => {
        this.#endOutcome = error;
        this.#end?.reject(error);
        if (this.#mustEnd) this.#wire.endFailed();
      },
    });
  }

  #endPromise(): Promise<void> {
    if (this.#end === undefined) {
      this.#end = deferred();
      if (this.#endOutcome === 'sent') this.#end.resolve();
      else if (this.#endOutcome !== undefined) this.#end.reject(this.#endOutcome);
    }
    return this.#end.promise;
  }

  /** The connection broke: nothing that waits can be sent any more. */
  broke(breakage: Breakage): void {
    this.writes.fail((outcome) => brokenCall(breakage, wordFor(outcome), this.#wire.facts()));
  }

  /** Rejects what waits, since the connection is closed. */
  close(): void {
    this.writes.fail((outcome) => closedError(wordFor(outcome), 'write', this.#wire.facts()));
  }

  now(): number {
    return this.#wire.now();
  }

  writeWaits(dueUs: number): void {
    this.#wire.timer.wantBy(dueUs);
  }

  hand(piece: Uint8Array, flushed: Flushed): void {
    this.#hand(() => this.#wire.connection.write(piece, flushed));
  }

  get unsent(): number {
    return this.#wire.connection.writableLength;
  }

  handEnd(flushed: Flushed): void {
    this.#hand(() =>
      this.#wire.connection.end((error?: Error | null) => {
        if (!error) this.#wire.finSent();
        flushed(error);
      }),
    );
  }

  /** A handshake is over: what waited for it leaves now. */
  goOn(): void {
    const held = this.#held;
    this.#held = [];
    for (const run of held) run();
  }

  #hand(run: () => void): void {
    if (this.#wire.upgrading) this.#held.push(run);
    else run();
  }

  writeSettled(flushedBytes: number): void {
    this.bytesFlushed += flushedBytes;
    this.#wire.wrote();
  }

  writeTimedOut(limit: CallLimit, left: number): TcpError {
    this.#wire.noteTimeout('write');
    return writeTimedOut(limit, left, this.#wire.facts());
  }

  writeAborted(reason: unknown): TcpError {
    return callAborted('write', 'write', reason, this.#wire.facts());
  }

  writeRefused(cause: TcpError): TcpError {
    return closedError('write', 'write', this.#wire.facts(), cause);
  }

  #refusal(outcome: WriteOutcome): TcpError | undefined {
    const { ending, writable } = this.#wire;
    if (writable) return undefined;
    const { breakage } = ending;
    if (breakage !== undefined && !ending.told && !this.#wire.closing) {
      ending.told = true;
      return brokenCall(breakage, wordFor(outcome), this.#wire.facts());
    }
    const cause = this.writes.broken ?? breakage?.cause;
    return closedError(wordFor(outcome), 'write', this.#wire.facts(), cause);
  }
}

function wordFor(outcome: WriteOutcome): 'write' | 'reply' {
  return outcome.isReply === true ? 'reply' : 'write';
}
