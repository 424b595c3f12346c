import { ByteQueue } from '../base/byte-queue';
import type { TcpError } from '../base/errors';
import type { CallLimit } from './call-options';
import { ReadCall, type Want } from './read-call';

/** How the stream of bytes ended, and what reads are told about it. */
export interface ReadEnding {
  readonly kind: 'fin' | 'failure';
  /** For calls that wait when the end comes, and for the first later one that finds too little. */
  first(want: Want, partial: Uint8Array): TcpError;
  /** For every later call that finds nothing. */
  later(want: Want): TcpError;
  /** Told once: a call has met the end and no byte is left. */
  met?(): void;
}

/** What a queue of reads asks of its owner. */
export interface ReadQueueOwner {
  now(): number;
  /** Told that a read waits now, and that `expire` must be called by then. */
  readWaits(dueUs: number): void;
  readTimedOut(want: Want, timeoutMs: number, partial: Uint8Array): TcpError;
  readAborted(want: Want, reason: unknown, partial: Uint8Array): TcpError;
  readOverLimit(want: Want, partial: Uint8Array): TcpError;
  /** Told whenever the count of waiting reads or of queued bytes went down. */
  readSettled(): void;
}

const nothing = Buffer.alloc(0);
const never = Number.POSITIVE_INFINITY;

/**
 * Bytes that came, and the reads that wait for them, first come, first served.
 *
 * Pure: it gets bytes pushed, and time from its owner. A read that times out or is aborted leaves
 * the queue without taking a byte and without disturbing the others.
 */
export class ReadQueue {
  readonly bytes: ByteQueue = new ByteQueue();
  readonly #owner: ReadQueueOwner;
  readonly #waiting: ReadCall[] = [];
  #ending: ReadEnding | undefined;
  #met = false;

  constructor(owner: ReadQueueOwner) {
    this.#owner = owner;
  }

  /** Reads that wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Whether no byte will follow those in the queue. */
  get ended(): boolean {
    return this.#ending !== undefined;
  }

  /** Whether the stream ended with FIN and nothing is left. */
  get drained(): boolean {
    return this.#ending?.kind === 'fin' && this.bytes.length === 0;
  }

  /** What waits, for reports: the kind, and since when. */
  pending(): readonly { readonly want: Want; readonly sinceUs: number; readonly dueUs: number }[] {
    return this.#waiting;
  }

  /** Adds bytes of the network; waiting reads that have enough now are served. */
  push(chunk: Uint8Array): void {
    const [only] = this.#waiting;
    if (only?.want.kind === 'chunk' && this.bytes.length === 0 && only.want.most >= chunk.length) {
      this.#waiting.shift();
      only.resolve(chunk);
      this.#owner.readSettled();
      return;
    }
    this.bytes.push(chunk);
    if (only !== undefined) this.#serve();
  }

  /** A read. Settles at once when it can be served and nobody waits before it. */
  read(want: Want, limit: CallLimit): Promise<Uint8Array> {
    if (this.#waiting.length === 0) {
      if (limit.signal?.aborted) {
        return Promise.reject(
          this.#owner.readAborted(want, limit.signal.reason, this.#partial(want)),
        );
      }
      const now = this.#attempt(want);
      if (now !== undefined) return now;
    }
    return new Promise((resolve, reject) => this.#enqueue(want, limit, resolve, reject));
  }

  /** Takes the next chunk for a handler; `undefined` when there is none. */
  next(most: number): Uint8Array | undefined {
    return this.bytes.shift(most);
  }

  /** Says that no byte will follow. What is queued stays readable. */
  end(ending: ReadEnding): void {
    if (this.#ending !== undefined) return;
    this.#ending = ending;
    this.#serve();
  }

  /** Ends at once: drops what is queued and rejects what waits. Overrules an earlier end. */
  close(ending: ReadEnding): void {
    this.#ending = ending;
    this.#met = false;
    this.bytes.clear();
    this.#serve();
    this.#met = true;
  }

  /** Notes that the end was met by somebody who does not read through here. */
  meet(): void {
    if (this.#met || this.#ending === undefined) return;
    this.#met = true;
    this.#ending.met?.();
  }

  /** Rejects every waiting read. Bytes stay. */
  rejectWaiting(error: (want: Want) => TcpError): void {
    for (const call of this.#waiting.splice(0)) call.reject(error(call.want));
    this.#owner.readSettled();
  }

  /** Rejects what is due, and says when the next read is; `Infinity` for none. */
  expire(nowUs: number): number {
    const due = this.#waiting.filter((call) => call.dueUs <= nowUs);
    for (const call of due) {
      this.#remove(call);
      call.reject(this.#owner.readTimedOut(call.want, call.timeoutMs, this.#partial(call.want)));
    }
    if (due.length > 0) {
      this.#serve();
      this.#owner.readSettled();
    }
    return this.#waiting.reduce((least, call) => Math.min(least, call.dueUs), never);
  }

  #enqueue(
    want: Want,
    limit: CallLimit,
    resolve: (bytes: Uint8Array) => void,
    reject: (error: TcpError) => void,
  ): void {
    const nowUs = this.#owner.now();
    const call = new ReadCall(want, limit, nowUs, resolve, reject);
    this.#waiting.push(call);
    this.#owner.readWaits(call.dueUs);
    call.watch(() => {
      this.#remove(call);
      call.reject(this.#owner.readAborted(want, limit.signal?.reason, this.#partial(want)));
      this.#serve();
      this.#owner.readSettled();
    });
  }

  #serve(): void {
    let served = false;
    let foundNothing = false;
    for (let call = this.#waiting[0]; call !== undefined; call = this.#waiting[0]) {
      const outcome = this.#take(call.want);
      if (outcome === undefined) break;
      this.#waiting.shift();
      served = true;
      if (outcome instanceof Uint8Array) {
        call.resolve(outcome);
      } else {
        foundNothing ||= this.bytes.length === 0;
        call.reject(outcome);
      }
    }
    if (foundNothing) this.meet();
    if (served) this.#owner.readSettled();
  }

  /** The first try of a call that nobody is in front of. */
  #attempt(want: Want): Promise<Uint8Array> | undefined {
    if (this.#met && this.#ending !== undefined && this.bytes.length === 0) {
      if (want.kind === 'more' && this.#ending.kind === 'fin') return Promise.resolve(nothing);
      return Promise.reject(this.#ending.later(want));
    }
    const outcome = this.#take(want);
    if (outcome === undefined) return undefined;
    if (outcome instanceof Uint8Array) {
      this.#owner.readSettled();
      return Promise.resolve(outcome);
    }
    if (this.bytes.length === 0) this.meet();
    return Promise.reject(outcome);
  }

  /** The bytes wanted, an error, or `undefined` while more may come. */
  #take(want: Want): Uint8Array | TcpError | undefined {
    const { bytes } = this;
    if (want.kind === 'chunk') {
      if (bytes.length > 0) return bytes.shift(want.most);
    } else if (want.kind === 'exact') {
      if (bytes.length >= want.length) return bytes.take(want.length);
    } else if (want.kind === 'more') {
      if (bytes.length > want.than) return nothing;
      if (this.#ending?.kind === 'fin') return nothing;
    } else {
      const at = bytes.indexOf(want.delimiter, want.scanned);
      const length = at + want.delimiter.byteLength;
      if (at >= 0 && length <= want.most) return bytes.take(length);
      if (at >= 0 || bytes.length >= want.most) {
        return this.#owner.readOverLimit(want, bytes.copy(want.most));
      }
      want.scanned = Math.max(0, bytes.length - want.delimiter.byteLength + 1);
    }
    return this.#ending?.first(want, this.#partial(want));
  }

  #partial(want: Want): Uint8Array {
    if (want.kind === 'exact') return this.bytes.copy(want.length);
    return want.kind === 'until' ? this.bytes.copy(want.most) : nothing;
  }

  #remove(call: ReadCall): void {
    const index = this.#waiting.indexOf(call);
    if (index >= 0) this.#waiting.splice(index, 1);
  }
}
