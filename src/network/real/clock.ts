import { type Duration, readDuration, toMicroseconds } from '../../base/duration';
import { abortError } from '../../base/errors';
import type { Clock, ClockTimer, Deadline, SleepOptions, TimerOptions } from '../clock';
import type { Owned, Scope } from '../scope';
import { deadlineOn } from '../world/deadline';
import { currentScope } from '../world/scope';

// Taken when the module loads, since test runners put their own in place.
const { setTimeout, clearTimeout, Date: WallClock, performance } = globalThis;

/** The longest delay that Node's timers take, in ms; a longer one would run after 1 ms. */
const longestMs = 2 ** 31 - 1;

/**
 * The clock of the process.
 *
 * @source docs/notes/early-timers.md
 */
export class RealClock implements Clock {
  readonly kind = 'real';
  readonly #scope: Scope;
  readonly #startMs = performance.now();

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  now(): number {
    return Math.floor((performance.now() - this.#startMs) * 1_000);
  }

  wallTime(): number {
    return WallClock.now();
  }

  after(delayUs: number, run: () => void, label = 'timer', options: TimerOptions = {}): ClockTimer {
    return new RealTimer(this, currentScope(this.#scope), { delayUs, run, label, ...options });
  }

  async sleep(duration: Duration, options: SleepOptions = {}): Promise<void> {
    const delayUs = toMicroseconds(readDuration('duration', duration));
    const { signal, label = 'sleep' } = options;
    signal?.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const onAbort = (): void => {
        timer.cancel();
        reject(signal?.reason);
      };
      const run = (): void => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      };
      const onScopeEnd = (): void => {
        signal?.removeEventListener('abort', onAbort);
        reject(abortError(label, 'deadline', scope.signal.reason));
      };
      const scope = currentScope(this.#scope);
      const timer = new RealTimer(this, scope, { delayUs, run, label, hold: true, onScopeEnd });
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  deadline(duration: Duration, label?: string): Deadline {
    return deadlineOn(this, duration, label);
  }
}

interface RealTimerSettings extends TimerOptions {
  readonly delayUs: number;
  readonly run: () => void;
  readonly label: string;
  /** Called when the scope ends before the timer has run. */
  readonly onScopeEnd?: () => void;
}

/**
 * One timer over Node's.
 *
 * Node's timers count whole milliseconds from the start of the turn of the event loop that set
 * them, so they may run early: what comes early is armed again. Starting anew with a later due
 * time leaves Node's timer as it is, which makes a restart per chunk cheap.
 */
class RealTimer implements ClockTimer, Owned {
  readonly kind = 'timer';
  readonly label: string;
  readonly #clock: RealClock;
  readonly #scope: Scope;
  readonly #settings: RealTimerSettings;
  #delayUs: number;
  #dueUs = 0;
  /** Node's timer and when it will run, while there is one. */
  #armed: { readonly handle: NodeJS.Timeout; readonly wakeUs: number } | undefined;

  constructor(clock: RealClock, scope: Scope, settings: RealTimerSettings) {
    this.label = settings.label;
    this.#clock = clock;
    this.#scope = scope;
    this.#settings = settings;
    this.#delayUs = settings.delayUs;
    this.restart();
  }

  get dueUs(): number {
    return this.#dueUs;
  }

  cancel(): void {
    this.#disarm();
    this.#scope.release(this);
  }

  restart(delayUs: number = this.#delayUs): void {
    this.#delayUs = delayUs;
    const now = this.#clock.now();
    this.#dueUs = now + Math.max(0, delayUs);
    if (this.#armed !== undefined) {
      if (this.#armed.wakeUs > this.#dueUs) this.#arm(now);
      return;
    }
    this.#arm(now);
    // A scope that has ended disposes of what it is given at once.
    this.#scope.own(this, this.label);
  }

  dispose(): void {
    if (this.#armed === undefined) return;
    this.#disarm();
    this.#settings.onScopeEnd?.();
  }

  #arm(now: number): void {
    this.#disarm();
    const ms = Math.min(longestMs, Math.max(1, Math.ceil((this.#dueUs - now) / 1_000)));
    const handle = setTimeout(() => this.#wake(), ms);
    if (!this.#settings.hold) handle.unref();
    this.#armed = { handle, wakeUs: now + ms * 1_000 };
  }

  #disarm(): void {
    if (this.#armed === undefined) return;
    clearTimeout(this.#armed.handle);
    this.#armed = undefined;
  }

  #wake(): void {
    const now = this.#clock.now();
    if (now < this.#dueUs) {
      this.#arm(now);
      return;
    }
    this.#armed = undefined;
    this.#scope.release(this);
    this.#settings.run();
  }
}
