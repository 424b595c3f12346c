import type { Clock, ClockTimer } from '../network/clock';

/** Output is complete after two such spells of silence. */
const spellUs = 25_000;
/** And at the latest after this, whoever goes on printing. */
const limitUs = 1_000_000;

/** What is listened to. */
export interface SilenceSource {
  /** Bytes printed so far. */
  readonly total: () => number;
  /** Called once it has been silent for long enough. */
  readonly fell: () => void;
}

/**
 * Tells when all output of a program that has exited must have come.
 *
 * What the program started may hold its pipes for ever, so silence must do in place of their end.
 * Each timer comes due a turn of the loop after the last one, with a look at the pipes between.
 */
export class Silence {
  readonly #clock: Clock;
  readonly #label: string;
  readonly #source: SilenceSource;
  #timer: ClockTimer | undefined;
  #fell = false;

  constructor(clock: Clock, label: string, source: SilenceSource) {
    this.#clock = clock;
    this.#label = `output of ${label}`;
    this.#source = source;
  }

  /** Whether it has been silent for long enough. */
  get fell(): boolean {
    return this.#fell;
  }

  /** Starts listening. */
  begin(): void {
    this.#listen(this.#clock.now() + limitUs, 0);
  }

  cancel(): void {
    this.#timer?.cancel();
  }

  #listen(untilUs: number, spells: number): void {
    const before = this.#source.total();
    const look = (): void => {
      const silent = this.#source.total() === before ? spells + 1 : 0;
      if (silent < 2 && this.#clock.now() < untilUs) {
        this.#listen(untilUs, silent);
        return;
      }
      this.#fell = true;
      this.#source.fell();
    };
    this.#timer = this.#clock.after(spellUs, look, this.#label, { hold: true });
  }
}
