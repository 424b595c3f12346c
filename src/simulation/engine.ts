import type { AsyncResource } from 'node:async_hooks';
import type { Trace } from '../network/trace';
import { EventQueue, type Priority, type QueuedEvent } from './event-queue';
import { BudgetError } from './verdicts';

/**
 * What every part of one world shares: its time, its events, its log and its first failure.
 */
export class Engine {
  /** Microseconds since the world started. */
  nowUs = 0;
  readonly queue: EventQueue;
  readonly #memory: number;
  #held = 0;
  #failure: { readonly error: unknown } | undefined;
  #trace: Trace | undefined;
  /** Whether the event that runs has called code that is not the simulation's own. */
  touched = false;
  /** Label of the event that runs. */
  running = '';

  /**
   * @param tieBreaks - of the plan
   * @param memory - bytes that buffers may hold
   */
  constructor(tieBreaks: readonly number[], memory: number) {
    this.queue = new EventQueue(tieBreaks);
    this.#memory = memory;
  }

  get trace(): Trace {
    if (this.#trace === undefined) throw new Error('the world has no trace yet');
    return this.#trace;
  }

  set trace(trace: Trace) {
    this.#trace = trace;
  }

  /** Runs something `delayUs` from now. */
  schedule(delayUs: number, priority: Priority, run: () => void, label: string): QueuedEvent {
    return this.queue.add(this.nowUs + delayUs, priority, run, label);
  }

  /** Calls code that is not the simulation's own; what it throws ends the run. */
  call(body: () => void): void {
    this.touched = true;
    try {
      body();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Calls code that is not the simulation's own, in the context it belongs to. */
  callIn(resource: AsyncResource, body: () => void): void {
    this.touched = true;
    try {
      resource.runInAsyncScope(body);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Ends the run with this; the first failure wins. */
  fail(error: unknown): void {
    this.#failure ??= { error };
  }

  /** The first failure, which is given out once. */
  takeFailure(): { readonly error: unknown } | undefined {
    const failure = this.#failure;
    this.#failure = undefined;
    return failure;
  }

  get failed(): boolean {
    return this.#failure !== undefined;
  }

  /** Bytes that buffers hold. */
  get heldBytes(): number {
    return this.#held;
  }

  hold(bytes: number): void {
    this.#held += bytes;
    if (this.#held > this.#memory) {
      this.fail(
        new BudgetError('MEMORY', `simulated buffers hold more than ${this.#memory} bytes`),
      );
    }
  }

  release(bytes: number): void {
    this.#held -= bytes;
  }
}
