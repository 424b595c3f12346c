import { AsyncResource } from 'node:async_hooks';
import { type Place, runAt } from './context';
import type { Engine } from './engine';
import { priorities, type QueuedEvent } from './event-queue';

/** Node's timers run at most so many milliseconds late; longer delays become 1 ms. */
const longestMs = 2_147_483_647;

/** The home of the timers of one world: `setTimeout` and `setInterval` of programs. */
export class TimeoutHome {
  readonly engine: Engine;
  readonly place: Place;
  /** Those that move on to the next world when this one has ended. */
  readonly pending: Set<VirtualTimeout> = new Set();
  /** Its world will never move again. */
  ended = false;
  readonly #heir: (ended: TimeoutHome) => TimeoutHome | undefined;

  /** @param heir - where a timer is started that its program starts again after the end, if anywhere yet */
  constructor(engine: Engine, place: Place, heir: (ended: TimeoutHome) => TimeoutHome | undefined) {
    this.engine = engine;
    this.place = place;
    this.#heir = heir;
  }

  /** Where its timers are started. */
  get current(): TimeoutHome | undefined {
    return this.ended ? this.#heir(this) : this;
  }
}

/** By the number that a timer has as a primitive. */
const byNumber = new Map<number, WeakRef<VirtualTimeout>>();
let lastNumber = 0;

/** The timer that a number stands for. */
export function timeoutByNumber(number: number): VirtualTimeout | undefined {
  return byNumber.get(number)?.deref();
}

/**
 * What `setTimeout` gives to a program in a simulated world: Node's `Timeout`, on virtual time.
 *
 * @source https://nodejs.org/api/timers.html#class-timeout
 */
export class VirtualTimeout {
  readonly #run: () => void;
  readonly #repeats: boolean;
  readonly #resource = new AsyncResource('BrineTimeout');
  #home: TimeoutHome;
  #delayUs: number;
  #event: QueuedEvent | undefined;
  #referenced = true;
  #moves = true;
  #number = 0;

  constructor(home: TimeoutHome, ms: unknown, run: () => void, repeats: boolean) {
    this.#home = home;
    this.#run = run;
    this.#repeats = repeats;
    this.#delayUs = readDelayMs(ms) * 1_000;
    this.#start(this.#delayUs);
  }

  ref(): this {
    this.#referenced = true;
    return this;
  }

  unref(): this {
    this.#referenced = false;
    return this;
  }

  hasRef(): boolean {
    return this.#referenced;
  }

  /** Starts anew with the same delay; in the world of the calling code, when its own has ended. */
  refresh(): this {
    this.#stop();
    const home = this.#home.current;
    if (home === undefined) {
      // It waits for the next world.
      this.#home.pending.add(this);
    } else {
      this.#home = home;
      this.#start(this.#delayUs);
    }
    return this;
  }

  close(): this {
    this.#stop();
    byNumber.delete(this.#number);
    return this;
  }

  [Symbol.toPrimitive](): number {
    if (this.#number === 0) {
      this.#number = ++lastNumber;
      byNumber.set(this.#number, new WeakRef(this));
    }
    return this.#number;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Nobody can start it again, so it ends with its world instead of disturbing the next one. */
  endWithWorld(): this {
    this.#moves = false;
    this.#home.pending.delete(this);
    return this;
  }

  /** Moves to another world with the time that is left. */
  adopt(home: TimeoutHome): void {
    const restUs =
      this.#event === undefined
        ? this.#delayUs
        : Math.max(0, this.#event.timeUs - this.#home.engine.nowUs);
    this.#stop();
    this.#home = home;
    this.#start(restUs);
  }

  #start(delayUs: number): void {
    const { engine, pending } = this.#home;
    if (this.#moves) pending.add(this);
    this.#event = engine.schedule(delayUs, priorities.timer, () => this.#fire(), 'setTimeout');
  }

  #stop(): void {
    if (this.#event !== undefined) this.#home.engine.queue.cancel(this.#event);
    this.#event = undefined;
    this.#home.pending.delete(this);
  }

  #fire(): void {
    const home = this.#home;
    this.#event = undefined;
    home.pending.delete(this);
    if (this.#repeats) this.#start(this.#delayUs);
    home.engine.call(() => {
      // A timer that was adopted runs in its new world, whatever its context says.
      this.#resource.runInAsyncScope(() => runAt(home.place, this.#run));
    });
  }
}

/** Milliseconds as Node takes them: whole, at least 1, and 1 for what makes no sense. */
function readDelayMs(value: unknown): number {
  const ms = Math.trunc(Number(value));
  return ms >= 1 && ms <= longestMs ? ms : 1;
}
