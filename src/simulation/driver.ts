import { deferred } from '../base/deferred';
import { TcpError } from '../base/errors';
import { type BudgetSettings, Spending } from './budgets';
import type { Engine } from './engine';
import { prepareQuiescence, type QuietLimits, QuietWait, quiet, turn } from './quiescence';
import { realPause } from './real-time';

/** Before a deadlock is called, invisible native work gets so much real time to schedule something. */
const graceMs = 200;
const gracePollMs = 5;

/** Who waits until the network is at rest, or the loop is. */
interface Waiter {
  readonly when: () => boolean;
  readonly resolve: () => void;
}

/**
 * Moves the time of one world from event to event while a body runs.
 *
 * Between two events it waits until nothing more can happen without time passing.
 *
 * @source docs/simulation.md
 */
export class Driver {
  readonly #engine: Engine;
  readonly #limits: BudgetSettings;
  #spending: Spending;
  readonly #explainDeadlock: () => Error;
  #waiters: Waiter[] = [];
  #driving = false;
  readonly #externals = new Set<Promise<void>>();

  /** @param explainDeadlock - the verdict when nothing is scheduled and the body waits */
  constructor(engine: Engine, limits: BudgetSettings, explainDeadlock: () => Error) {
    this.#engine = engine;
    this.#limits = limits;
    this.#spending = new Spending(limits);
    this.#explainDeadlock = explainDeadlock;
  }

  get events(): number {
    return this.#spending.events;
  }

  get driving(): boolean {
    return this.#driving;
  }

  /** Gives it full budgets again. */
  renew(): void {
    this.#spending = new Spending(this.#limits);
  }

  /**
   * Runs a body and moves time until it settles.
   *
   * @throws what the body throws, what an event of the world throws, or a verdict
   */
  async drive<T>(body: () => Promise<T>): Promise<T> {
    if (this.#driving) {
      throw new TcpError('this world is driven already: run and drive do not nest', {
        code: 'ESTATE',
        phase: 'config',
      });
    }
    this.#driving = true;
    try {
      await prepareQuiescence();
      this.#spending.start();
      return await this.#driveBody(body);
    } finally {
      this.#driving = false;
      this.#spending.stop();
      // Nobody moves time for them any more.
      this.#waiters = [];
    }
  }

  /** Resolves, while a body is driven, when a condition holds and the loop is quiet. */
  until(when: () => boolean): Promise<void> {
    if (!this.#driving) {
      throw new TcpError('time moves only inside run() or drive()', {
        code: 'ESTATE',
        phase: 'config',
      });
    }
    const { promise, resolve } = deferred();
    this.#waiters.push({ when, resolve });
    return promise;
  }

  /** Time stands still until a promise settles. */
  external<T>(work: Promise<T>): Promise<T> {
    const over = (): void => {
      this.#externals.delete(settled);
    };
    const settled: Promise<void> = work.then(over, over);
    this.#externals.add(settled);
    return work;
  }

  #driveBody<T>(body: () => Promise<T>): Promise<T> {
    // A body that throws at once fails like one that rejects.
    const work = new Promise<T>((resolve) => {
      resolve(body());
    });
    // A body that an earlier drive gave up on may settle now; that is not this one.
    const outcome = { settled: false };
    const settle = (): void => {
      outcome.settled = true;
    };
    work.then(settle, settle);
    const wait = new QuietWait(this.#quietLimits);
    return new Promise((resolve, reject) => {
      const proceed = (): void => {
        try {
          const next = this.#proceed(outcome);
          if (next === 'over') resolve(work);
          else if (next === 'quiet') wait.start(proceed, reject);
          else next.then(proceed, reject);
        } catch (error) {
          reject(error);
        }
      };
      wait.start(proceed, reject);
    });
  }

  /** Runs events until the program has to come to rest again. */
  #proceed(outcome: { readonly settled: boolean }): 'over' | 'quiet' | Promise<void> {
    for (;;) {
      const failure = this.#engine.takeFailure();
      if (failure !== undefined) throw failure.error;
      if (outcome.settled) return 'over';
      if (this.#externals.size > 0) return this.#waitForExternals();
      if (this.#answerWaiters()) return 'quiet';
      if (this.#engine.queue.size === 0) return this.#waitOrGiveUp(outcome);
      if (this.#step()) return 'quiet';
    }
  }

  get #quietLimits(): QuietLimits {
    return { turns: this.#limits.turns, check: () => this.#spending.checkRealTime() };
  }

  /** Runs the earliest event. Returns whether code ran that is not the simulation's own. */
  #step(): boolean {
    const engine = this.#engine;
    const event = engine.queue.pop();
    if (event?.run === undefined) return false;
    const { run } = event;
    event.run = undefined;
    this.#spending.event(event.timeUs, event.label);
    engine.nowUs = event.timeUs;
    engine.running = event.label;
    engine.touched = false;
    run();
    return engine.touched || engine.failed;
  }

  #answerWaiters(): boolean {
    if (this.#waiters.length === 0) return false;
    const ready = this.#waiters.filter(({ when }) => when());
    if (ready.length === 0) return false;
    this.#waiters = this.#waiters.filter((waiter) => !ready.includes(waiter));
    for (const { resolve } of ready) resolve();
    return true;
  }

  async #waitForExternals(): Promise<void> {
    this.#spending.checkRealTime();
    await Promise.race([Promise.race(this.#externals), realPause(gracePollMs)]);
    await quiet(this.#quietLimits);
  }

  /** Native work that nobody sees may still schedule something. */
  async #waitOrGiveUp(outcome: { readonly settled: boolean }): Promise<void> {
    const { queue } = this.#engine;
    for (let waited = 0; waited < graceMs; waited += gracePollMs) {
      await realPause(gracePollMs);
      await turn();
      await quiet(this.#quietLimits);
      if (queue.size > 0 || this.#engine.failed || outcome.settled) return;
    }
    throw this.#explainDeadlock();
  }
}
