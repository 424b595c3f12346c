/** A time as pcapng has it: nanoseconds since 1970 in two halves of 32 bits. */
export interface Stamp {
  readonly high: number;
  readonly low: number;
}

const word = 0x1_0000_0000;

/**
 * Gives each packet of a file a time of its own: what would not be later than the one before is one
 * nanosecond later. So packets of one microsecond keep their order, and no two are equal.
 */
export class PacketTimes {
  /** The time given last, in two halves. */
  high = 0;
  low = 0;
  readonly #epochUs: number;

  /** @param epochUs - microseconds since 1970 at microsecond 0 of the events */
  constructor(epochUs: number) {
    this.#epochUs = epochUs;
  }

  /** Moves on to the time of a packet that belongs to an event. */
  next(atUs: number): void {
    const us = this.#epochUs + atUs;
    // A count of nanoseconds does not fit a number; its halves, times 1,000, do.
    const upper = Math.floor(us / word);
    const lower = (us - upper * word) * 1_000;
    const carry = Math.floor(lower / word);
    const high = upper * 1_000 + carry;
    const low = lower - carry * word;
    if (high > this.high || (high === this.high && low > this.low)) {
      this.high = high;
      this.low = low;
    } else if (this.low === word - 1) {
      this.high++;
      this.low = 0;
    } else this.low++;
  }

  /** The time given last. */
  get stamp(): Stamp {
    return { high: this.high, low: this.low };
  }

  /** Microseconds since 1970, for what is no packet. */
  wallUs(atUs: number): number {
    return this.#epochUs + atUs;
  }
}
