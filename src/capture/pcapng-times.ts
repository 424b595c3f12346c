/** How the times of an interface are written. */
export interface TimeForm {
  /** As in the file: a power of ten, or with the upper bit a power of two. */
  readonly resolution: number;
  /** Whole seconds to add. */
  readonly offset: number;
}

export const microseconds: TimeForm = { resolution: 6, offset: 0 };

const word = 0x1_0000_0000;

/** Microseconds since 1970 of a time in two halves, rounded down. */
export function microsecondsOf(high: number, low: number, form: TimeForm): number {
  const { resolution, offset } = form;
  const us =
    resolution === 6
      ? high * word + low
      : resolution === 9
        ? // Nanoseconds do not fit a number; what is left of the upper half, with the lower one, does.
          Math.floor(high / 1_000) * word + Math.floor(((high % 1_000) * word + low) / 1_000)
        : rareMicroseconds(high, low, resolution);
  return us + offset * 1_000_000;
}

function rareMicroseconds(high: number, low: number, resolution: number): number {
  const ticks = (BigInt(high) << 32n) | BigInt(low);
  const exponent = BigInt(resolution & 0x7f);
  const perSecond = resolution & 0x80 ? 1n << exponent : 10n ** exponent;
  return Number((ticks * 1_000_000n) / perSecond);
}
