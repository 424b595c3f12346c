import type { Clock, ClockTimer } from '../network/clock';

/** Who has deadlines. */
export interface DueOwner {
  /** Settles what is due, and says when it must be called next; `Infinity` for never. */
  due(nowUs: number): number;
}

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
  readonly #name: string;
  readonly #owner: DueOwner;
  /** Whether a timer that nobody needs must go. */
  readonly eager: boolean;
  #timer: ClockTimer | undefined;
  #dueUs = Number.POSITIVE_INFINITY;

  /** @param name - what is limited, for the label of the timer */
  constructor(clock: Clock, name: string, owner: DueOwner) {
    this.#clock = clock;
    this.#name = name;
    this.#owner = owner;
    this.eager = clock.kind === 'virtual';
  }

  /** Asks to be looked at by then; `Infinity` asks for nothing. */
  wantBy(dueUs: number): void {
    if (dueUs < this.#dueUs) this.#set(dueUs);
  }

  /** Says that nothing waits any more. */
  rest(): void {
    if (this.eager) this.cancel();
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
      this.#timer = this.#clock.after(delayUs, () => this.#run(), `limits of ${this.#name}`);
    } else {
      this.#timer.restart(delayUs);
    }
  }

  #run(): void {
    this.#dueUs = Number.POSITIVE_INFINITY;
    this.wantBy(this.#owner.due(this.#clock.now()));
  }
}
