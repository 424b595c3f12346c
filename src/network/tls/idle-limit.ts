import { toMicroseconds } from '../../base/duration';
import type { Clock, ClockTimer } from '../clock';

/** Tells when nothing has moved for a while, on the clock of a world. */
export class IdleLimit {
  /** Milliseconds; `undefined` until it was set. */
  ms: number | undefined;
  readonly #clock: Clock;
  readonly #label: string;
  readonly #expired: () => void;
  #timer: ClockTimer | undefined;

  constructor(clock: Clock, label: string, expired: () => void) {
    this.#clock = clock;
    this.#label = label;
    this.#expired = expired;
  }

  /** Sets the limit in milliseconds; 0 takes it away. */
  set(ms: number): void {
    if (ms === 0 && this.ms === undefined) return;
    this.ms = ms;
    this.#timer?.cancel();
    this.#timer = undefined;
    if (ms > 0) this.#timer = this.#clock.after(toMicroseconds(ms), this.#expired, this.#label);
  }

  /** Something moved. */
  touch(): void {
    this.#timer?.restart();
  }
}
