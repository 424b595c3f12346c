import type { Clock, ClockTimer } from '../network/clock';

/**
 * One timer for many deadlines.
 *
 * Most deadlines are met, so a timer per call would be set and taken away again without ever
 * running. Here a call only says by when it must be looked at; the timer moves when that is earlier
 * than what it is set to, and when it runs it asks for the next deadline.
 *
 * On a virtual clock the timer is taken away as soon as nothing waits: there a timer that nobody
 * needs would be an event of its own, and time would pass for it.
 */
export class LazyTimer {
  readonly #clock: Clock;
  readonly #label: string;
  /** Settles what is due and says when it must run next; `Infinity` for never. */
  readonly #onDue: (nowUs: number) => number;
  readonly #eager: boolean;
  #timer: ClockTimer | undefined;
  #dueUs = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, label: string, onDue: (nowUs: number) => number) {
    this.#clock = clock;
    this.#label = label;
    this.#onDue = onDue;
    this.#eager = clock.kind === 'virtual';
  }

  /** Asks to be looked at by then; `Infinity` asks for nothing. */
  wantBy(dueUs: number): void {
    if (dueUs < this.#dueUs) this.#set(dueUs);
  }

  /** Says that nothing waits any more. */
  rest(): void {
    if (this.#eager) this.cancel();
  }

  /** Takes the timer off the clock. */
  cancel(): void {
    if (this.#dueUs === Number.POSITIVE_INFINITY) return;
    this.#dueUs = Number.POSITIVE_INFINITY;
    this.#timer?.cancel();
  }

  #set(dueUs: number): void {
    this.#dueUs = dueUs;
    const delayUs = dueUs - this.#clock.now();
    if (this.#timer === undefined) {
      this.#timer = this.#clock.after(delayUs, () => this.#run(), this.#label);
    } else {
      this.#timer.restart(delayUs);
    }
  }

  #run(): void {
    this.#dueUs = Number.POSITIVE_INFINITY;
    this.wantBy(this.#onDue(this.#clock.now()));
  }
}
