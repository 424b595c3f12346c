import type { TcpError } from '../base/errors';
import type { CallLimit } from './call-options';
import { pieceBytes, WriteCall, type WriteOutcome } from './write-call';

/** Told once what was handed over is with the kernel, or why it is not. */
export type Flushed = (error?: Error | null) => void;

/** What a queue of writes asks of its owner. */
export interface WriteQueueOwner {
  now(): number;
  /** Told that a write waits now, and that `expire` must be called by then. */
  writeWaits(dueUs: number): void;
  /** Hands a piece to the network. `flushed` is called once per piece, in order. */
  hand(piece: Uint8Array, flushed: Flushed): void;
  /** Bytes that the network was handed and has not passed on. */
  readonly unsent: number;
  /** Hands FIN to the network; everything before it is flushed. */
  handEnd(flushed: Flushed): void;
  writeTimedOut(limit: CallLimit, left: number): TcpError;
  writeAborted(reason: unknown): TcpError;
  /** For writes that were queued behind one whose outcome is unknown. */
  writeRefused(cause: TcpError): TcpError;
  /** Told when bytes were flushed, and whenever a write left the queue. */
  writeSettled(flushedBytes: number): void;
}

const never = Number.POSITIVE_INFINITY;

/**
 * Writes, in the order they were made.
 *
 * Pure: it hands pieces to its owner and gets time from it. More than `highWaterMark` bytes are not
 * handed over until half of that has been flushed.
 *
 * A write that times out, or is aborted after its first piece was handed over, breaks the queue:
 * nobody knows how much of it leaves, so nothing may follow it.
 */
export class WriteQueue {
  readonly #owner: WriteQueueOwner;
  readonly #highWaterMark: number;
  readonly #onFlushed: Flushed = (error) => this.#flushed(error);
  /** In order: flushed in part, handed over, waiting. The first never is flushed in full. */
  readonly #calls: WriteCall[] = [];
  /** Index of the first call with bytes that were not handed over. */
  #next = 0;
  #inFlight = 0;
  #held = false;
  #unflushed = 0;
  #broken: TcpError | undefined;

  constructor(owner: WriteQueueOwner, highWaterMark: number) {
    this.#owner = owner;
    this.#highWaterMark = highWaterMark;
  }

  /** Whether everything was flushed. */
  get idle(): boolean {
    return this.#calls.length === 0;
  }

  /** Bytes accepted and not flushed. */
  get unflushed(): number {
    return this.#unflushed;
  }

  /** The error of the write whose outcome is unknown, if there was one. */
  get broken(): TcpError | undefined {
    return this.#broken;
  }

  /** What waits, for reports. */
  pending(): readonly {
    readonly length: number;
    readonly sinceUs: number;
    readonly dueUs: number;
  }[] {
    return this.#calls.filter((call) => !call.settled);
  }

  /** Queues bytes, which must not change from now on. */
  write(bytes: Uint8Array, limit: CallLimit, outcome: WriteOutcome): void {
    this.#unflushed += bytes.byteLength;
    this.#add(new WriteCall(bytes, false, limit, outcome));
  }

  /** Queues FIN behind all writes. Aborting it ends the waiting for it, not the FIN. */
  end(limit: CallLimit, outcome: WriteOutcome): void {
    this.#add(new WriteCall(undefined, true, limit, outcome));
  }

  /** Rejects what is due, which breaks the queue, and says when the next write is. */
  expire(nowUs: number): number {
    const due = this.#calls.filter((call) => !call.settled && call.dueUs <= nowUs);
    for (const call of due) {
      const error = this.#owner.writeTimedOut(call.limit, call.length - call.flushed);
      call.reject(error);
      this.#break(error);
    }
    if (due.length > 0) this.#owner.writeSettled(0);
    return this.#calls.reduce(
      (least, call) => (call.settled ? least : Math.min(least, call.dueUs)),
      never,
    );
  }

  /** Rejects everything and forgets it; nothing is handed over any more. */
  fail(error: (outcome: WriteOutcome) => TcpError): void {
    const calls = this.#calls.splice(0);
    this.#next = 0;
    this.#inFlight = 0;
    this.#unflushed = 0;
    for (const call of calls) {
      if (!call.settled) call.reject(error(call.outcome));
    }
    if (calls.length > 0) this.#owner.writeSettled(0);
  }

  #add(call: WriteCall): void {
    this.#calls.push(call);
    if (this.#calls.length === 1 && call.length === 0) this.#settleEmpty();
    else this.#hand();
    this.#limit(call);
  }

  #limit(call: WriteCall): void {
    const { timeoutUs, signal } = call.limit;
    // What the network has passed on already is as good as flushed: it is told within this turn.
    const passedOn = call.handed === call.length && !call.end && this.#owner.unsent === 0;
    if (passedOn || call.settled || (timeoutUs === never && signal === undefined)) return;
    call.sinceUs = this.#owner.now();
    call.dueUs = call.sinceUs + call.limit.timeoutUs;
    this.#owner.writeWaits(call.dueUs);
    call.watch((reason) => this.#abort(call, reason));
  }

  #abort(call: WriteCall, reason: unknown): void {
    const error = this.#owner.writeAborted(reason);
    call.reject(error);
    if (call.end) return;
    if (call.handed > 0) this.#break(error);
    else this.#remove(this.#calls.indexOf(call));
    this.#settleEmpty();
    this.#owner.writeSettled(0);
  }

  /** Hands over what the mark allows. */
  #hand(): void {
    while (!this.#held && this.#broken === undefined) {
      const call = this.#calls[this.#next];
      if (call === undefined) return;
      if (call.handed === call.length) {
        this.#next++;
        continue;
      }
      const piece = call.take();
      this.#inFlight += piece.byteLength;
      this.#held = this.#inFlight > this.#highWaterMark;
      this.#owner.hand(piece, this.#onFlushed);
    }
  }

  #flushed(error?: Error | null): void {
    // The network says in its own `error` and `close` events why it took no more.
    if (error) return;
    const call = this.#calls[0];
    // After `fail` the network may still report what was handed to it before.
    if (call === undefined || call.flushed === call.handed) return;
    const bytes = Math.min(pieceBytes, call.length - call.flushed);
    call.flushed += bytes;
    this.#inFlight -= bytes;
    this.#unflushed -= bytes;
    if (call.flushed === call.length || (call.settled && call.flushed === call.handed)) {
      this.#remove(0);
      call.resolve();
    }
    if (this.#inFlight <= this.#highWaterMark / 2) this.#held = false;
    this.#settleEmpty();
    this.#hand();
    this.#owner.writeSettled(bytes);
  }

  /** Settles calls without bytes that have come to the front. */
  #settleEmpty(): void {
    for (let call = this.#calls[0]; call?.length === 0; call = this.#calls[0]) {
      if (call.end) {
        this.#handEnd(call);
        return;
      }
      this.#remove(0);
      call.resolve();
    }
  }

  #handEnd(call: WriteCall): void {
    if (call.endHanded) return;
    call.endHanded = true;
    this.#owner.handEnd((error) => {
      if (error || this.#calls[0] !== call) return;
      this.#remove(0);
      call.resolve();
      this.#owner.writeSettled(0);
    });
  }

  #remove(index: number): void {
    if (index < 0) return;
    const call = index === 0 ? this.#calls.shift() : this.#calls.splice(index, 1)[0];
    if (call === undefined) return;
    if (index < this.#next) this.#next--;
    this.#unflushed -= call.length - call.flushed;
  }

  /** Lets what was handed over go on, and gives up everything behind it. */
  #break(cause: TcpError): void {
    this.#broken ??= cause;
    for (const call of [...this.#calls]) {
      if (call.handed === call.length && !call.end) continue;
      if (!call.settled) call.reject(this.#owner.writeRefused(cause));
      if (call.flushed === call.handed) this.#remove(this.#calls.indexOf(call));
    }
  }
}
