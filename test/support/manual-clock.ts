import { type Duration, readDuration, toMicroseconds } from '../../src/base/duration';
import { TcpError } from '../../src/base/errors';
import type { Clock, ClockTimer, Deadline, SleepOptions } from '../../src/network/clock';

/**
 * A clock that stands still until a test moves it.
 *
 * `kind` is what it says of itself: code that spares timers on a real clock is tested with 'real'.
 */
export class ManualClock implements Clock {
  readonly kind: 'real' | 'virtual';
  #nowUs = 0;
  #order = 0;
  readonly #timers = new Set<ManualTimer>();

  constructor(kind: 'real' | 'virtual' = 'virtual') {
    this.kind = kind;
  }

  /** Labels of the timers that are set, in the order they will run. */
  get timers(): readonly string[] {
    return [...this.#timers].sort(byTime).map((timer) => timer.label);
  }

  now(): number {
    return this.#nowUs;
  }

  wallTime(): number {
    return 1_700_000_000_000 + this.#nowUs / 1_000;
  }

  after(delayUs: number, run: () => void, label = 'timer'): ClockTimer {
    const timer = new ManualTimer(label, run, (changed) => this.#schedule(changed));
    timer.restart(delayUs);
    return timer;
  }

  sleep(duration: Duration, options: SleepOptions = {}): Promise<void> {
    const { signal, label = 'sleep' } = options;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const timer = this.after(toMicroseconds(readDuration('duration', duration)), resolve, label);
      signal?.addEventListener('abort', () => {
        timer.cancel();
        reject(signal.reason);
      });
    });
  }

  deadline(duration: Duration, label = 'deadline'): Deadline {
    const controller = new AbortController();
    const error = new TcpError(`${label} passed`, { code: 'EDEADLINE', phase: 'deadline' });
    const delayUs = toMicroseconds(readDuration('duration', duration));
    const timer = this.after(delayUs, () => controller.abort(error), label);
    const clear = (): void => timer.cancel();
    return { signal: controller.signal, dueUs: timer.dueUs, clear, [Symbol.dispose]: clear };
  }

  /** Moves time on, running what falls due on the way. */
  advance(duration: Duration): void {
    const untilUs = this.#nowUs + toMicroseconds(readDuration('duration', duration));
    for (;;) {
      const [next] = [...this.#timers].filter((timer) => timer.dueUs <= untilUs).sort(byTime);
      if (next === undefined) break;
      this.#nowUs = Math.max(this.#nowUs, next.dueUs);
      this.#timers.delete(next);
      next.run();
    }
    this.#nowUs = untilUs;
  }

  #schedule(timer: ManualTimer): void {
    if (!timer.wanted) {
      this.#timers.delete(timer);
      return;
    }
    timer.dueUs = this.#nowUs + Math.max(0, timer.delayUs);
    timer.order = this.#order++;
    this.#timers.add(timer);
  }
}

function byTime(left: ManualTimer, right: ManualTimer): number {
  return left.dueUs - right.dueUs || left.order - right.order;
}

class ManualTimer implements ClockTimer {
  readonly label: string;
  readonly run: () => void;
  dueUs = 0;
  delayUs = 0;
  order = 0;
  wanted = false;
  readonly #changed: (timer: ManualTimer) => void;

  constructor(label: string, run: () => void, changed: (timer: ManualTimer) => void) {
    this.label = label;
    this.run = run;
    this.#changed = changed;
  }

  cancel(): void {
    this.wanted = false;
    this.#changed(this);
  }

  restart(delayUs = this.delayUs): void {
    this.delayUs = delayUs;
    this.wanted = true;
    this.#changed(this);
  }
}
