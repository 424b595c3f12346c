import type { WireEvent } from '../network/wire-event';
import type { EndOwner } from './end-owner';
import type { Engine } from './engine';
import { priorities } from './event-queue';
import type { SystemCode } from './system-errors';
import type { TcpEnd } from './tcp-end';

/** The stream above. */
export interface HandleUser {
  /** Bytes that one read gives at most. */
  readonly readSize: number;
  /** Bytes were read. Returns whether to go on reading. */
  bytes(chunk: Buffer): boolean;
  /** The peer's FIN was read. */
  ended(): void;
  /** A read failed. */
  readFailed(code: SystemCode): void;
}

/** A write that the system has not taken whole. */
interface PendingWrite {
  rest: Buffer;
  readonly cause: WireEvent | undefined;
  readonly done: (code?: SystemCode) => void;
}

/**
 * What libuv does between a socket of the kernel and a stream of Node: it reads whenever it is
 * told to and something is there, and keeps the rest of a write until there is room.
 */
export class Handle implements EndOwner {
  readonly end: TcpEnd;
  reading = false;
  readonly #engine: Engine;
  readonly #user: HandleUser;
  readonly #run: (body: () => void) => void;
  readonly #label: string;
  #endSeen = false;
  #pollDue = false;
  #pending: PendingWrite | undefined;
  #closed = false;

  /** @param run - calls code of the program, in the context it belongs to */
  constructor(
    engine: Engine,
    end: TcpEnd,
    user: HandleUser,
    run: (body: () => void) => void,
    label: string,
  ) {
    this.#engine = engine;
    this.end = end;
    this.#user = user;
    this.#run = run;
    this.#label = label;
    end.owner = this;
  }

  /** Bytes of a write that wait for room. */
  get waiting(): number {
    return this.#pending?.rest.length ?? 0;
  }

  readStart(): void {
    this.reading = true;
    if (this.end.hasSomethingToRead) this.#pollSoon();
  }

  readStop(): void {
    this.reading = false;
  }

  /**
   * Writes; what does not fit follows when there is room.
   *
   * @param done - called later, and only when this returned `'later'`
   */
  write(bytes: Buffer, done: (code?: SystemCode) => void): 'done' | 'later' | SystemCode {
    const cause = this.end.sender.begin(bytes);
    const taken = this.end.write(bytes, cause);
    if (typeof taken !== 'number') return taken;
    if (taken === bytes.length) return 'done';
    this.#pending = { rest: bytes.subarray(taken), cause, done };
    return 'later';
  }

  /** FIN, once the event loop comes round; a close before that decides for itself. */
  shutdown(done: () => void): void {
    this.#later('shutdown', () => {
      if (!this.#closed) this.end.shutdown();
      this.#run(done);
    });
  }

  /** Lets go, with RST when asked to or when bytes were left unread. */
  close(reset: boolean, done: () => void): void {
    this.#closed = true;
    this.reading = false;
    const pending = this.#pending;
    this.#pending = undefined;
    if (reset) this.end.reset('resetAndDestroy');
    else this.end.close();
    this.#later('close', () => {
      if (pending !== undefined) this.#run(() => pending.done('ECANCELED'));
      this.#run(done);
    });
  }

  connected(): void {}

  refused(): void {}

  readable(): void {
    if (this.reading) this.#poll();
  }

  writable(): void {
    const pending = this.#pending;
    if (pending === undefined) return;
    const taken = this.end.write(pending.rest, pending.cause);
    if (typeof taken !== 'number') {
      this.#pending = undefined;
      this.#run(() => pending.done(taken));
      return;
    }
    pending.rest = pending.rest.subarray(taken);
    if (pending.rest.length > 0) return;
    this.#pending = undefined;
    this.#run(() => pending.done());
  }

  broken(): void {
    if (this.reading) this.#poll();
    this.writable();
  }

  /** One read, as after one round of epoll; another round follows when something is left. */
  #poll(): void {
    if (!this.reading || this.#endSeen || this.#closed) return;
    const read = this.end.read(this.#user.readSize);
    if (read === 'nothing') return;
    if (read === 'end') {
      this.#endSeen = true;
      this.#run(() => this.#user.ended());
      return;
    }
    if ('failure' in read) {
      this.#run(() => this.#user.readFailed(read.failure));
      return;
    }
    this.#run(() => {
      if (!this.#user.bytes(read)) this.reading = false;
    });
    if (this.reading && this.end.hasSomethingToRead) this.#pollSoon();
  }

  #pollSoon(): void {
    if (this.#pollDue || this.#closed) return;
    this.#pollDue = true;
    this.#later('read', () => {
      this.#pollDue = false;
      this.#poll();
    });
  }

  #later(what: string, run: () => void): void {
    this.#engine.schedule(0, priorities.delivery, run, `${what} of ${this.#label}`);
  }
}
