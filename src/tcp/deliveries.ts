import type { Caller } from './caller';
import type { Failures } from './failures';
import { FramedService } from './framed';
import { isThenable } from './handler-error';
import { chunkBytes } from './intake';
import type { Replies } from './replies';
import type { ConnectionService } from './service';
import type { Turns } from './turns';
import type { Wire } from './wire';

/** What the callbacks of one connection share. */
export interface Callbacks {
  readonly wire: Wire;
  readonly caller: Caller;
  readonly turns: Turns;
  readonly replies: Replies;
  readonly failures: Failures;
}

/** Hands bytes to `onBytes`, and what it answers back to the peer. */
export class Deliveries {
  readonly #service: ConnectionService;
  readonly #all: Callbacks;

  constructor(service: ConnectionService, all: Callbacks) {
    this.#service = service;
    this.#all = all;
  }

  /** Whether something is there that was not delivered. */
  get wait(): boolean {
    return this.#all.wire.intake.reads.bytes.length > 0 || this.framesWait;
  }

  /** Whether messages are there that a framed service could not be given so far. */
  get framesWait(): boolean {
    const service = this.#service;
    const { wire, caller } = this.#all;
    return service instanceof FramedService && !wire.closing && service.ready(caller);
  }

  /** A chunk that just came: delivered at once when nothing is in its way, else queued. */
  chunk(bytes: Uint8Array): boolean {
    const { wire, turns, replies } = this.#all;
    const queue = wire.intake.reads.bytes;
    const free = !turns.running && !replies.blocked && queue.length === 0;
    if (free && bytes.length <= chunkBytes) {
      this.#deliver(bytes);
      return true;
    }
    queue.push(bytes);
    return false;
  }

  /** Delivers the next thing that waits. `false` when it must go on waiting. */
  next(): boolean {
    const { wire, caller, turns, replies } = this.#all;
    if (replies.blocked) return false;
    const service = this.#service;
    if (this.framesWait && service instanceof FramedService) {
      turns.call('onBytes', () => service.go(caller));
      return true;
    }
    const chunk = wire.intake.reads.next(chunkBytes);
    if (chunk !== undefined) this.#deliver(chunk);
    return chunk !== undefined;
  }

  #deliver(data: Uint8Array): void {
    const { turns, failures, caller } = this.#all;
    let answer: unknown;
    // As `Turns.run` does, without its closures: this runs once per chunk.
    turns.running = true;
    try {
      answer = this.#service.onBytes(data, caller);
    } catch (error) {
      turns.running = false;
      failures.threw('onBytes', error);
      return;
    }
    turns.running = false;
    if (answer === undefined || answer === null) return;
    if (answer instanceof Uint8Array) {
      this.#answered(answer, data);
    } else if (isThenable(answer)) {
      turns.wait(
        answer,
        (value) => this.#answered(value, data),
        (error) => failures.threw('onBytes', error),
      );
    } else {
      failures.returned('onBytes', answer);
    }
  }

  /** What `onBytes` returned is queued before it is called again. */
  #answered(answer: unknown, data: Uint8Array): void {
    if (answer === undefined || answer === null) return;
    const { replies, failures } = this.#all;
    // What came in was the handler's own, and nobody else has it: it needs no copy to go out.
    if (answer === data) replies.send(data);
    else if (answer instanceof Uint8Array) replies.send(Buffer.from(answer));
    else failures.returned('onBytes', answer);
  }
}
