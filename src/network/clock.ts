import type { Duration } from '../base/duration';

/**
 * Time, as an argument.
 *
 * Internal time is a whole number of microseconds in a `number`, exact up to 285 years. A
 * `Duration` is converted once, rounding half up; a positive one never becomes 0.
 *
 * @source docs/network.md#clock
 */
export interface Clock {
  readonly kind: 'real' | 'virtual';
  /** Monotonic, whole microseconds since the world started. */
  now(): number;
  /** Wall clock: milliseconds since 1970, may carry a fraction. */
  wallTime(): number;
  /**
   * Runs a function once, `delayUs` microseconds from now and never earlier.
   *
   * A negative delay counts as 0. The label names the timer in leak and deadlock reports. A timer
   * does not keep the process alive, so that a limit on a connection lasts no longer than the
   * connection holds the process itself; `hold` asks for it.
   */
  after(delayUs: number, run: () => void, label?: string, options?: TimerOptions): ClockTimer;
  /**
   * Waits, and keeps the process alive meanwhile. Rejects with the signal's reason when that is
   * aborted, and leaves no timer then; rejects with a TcpError `ABORT_ERR` when the scope ends.
   *
   * @throws TcpError `ECONFIG` - the duration is not one
   */
  sleep(duration: Duration, options?: SleepOptions): Promise<void>;
  /**
   * A signal that is aborted with a TcpError `EDEADLINE` when the time has passed.
   *
   * Replaces `AbortSignal.timeout`, which a virtual clock cannot reach. A deadline that is not
   * cleared is a leak. It does not keep the process alive.
   *
   * @throws TcpError `ECONFIG` - the duration is not one
   */
  deadline(duration: Duration, label?: string): Deadline;
}

/** How a timer behaves towards the process. */
export interface TimerOptions {
  /** Keeps the process alive until the timer has run or is cancelled. Default: false. */
  readonly hold?: boolean;
}

/** What ends a sleep early, and what it is called in reports. */
export interface SleepOptions {
  readonly signal?: AbortSignal;
  readonly label?: string;
}

/** A timer that runs at most once. */
export interface ClockTimer {
  /** When it runs, in the clock's microseconds. */
  readonly dueUs: number;
  readonly label: string;
  /** Takes it off the clock; does nothing once it has run. */
  cancel(): void;
  /** Starts it anew from now, with another delay if one is given; also after it ran or was cancelled. */
  restart(delayUs?: number): void;
}

/** A limit of time that can be given to anything that takes an AbortSignal. */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
  readonly dueUs: number;
  /** Takes the limit away; may be called twice. */
  clear(): void;
}
