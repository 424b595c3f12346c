/**
 * Chance that can be repeated.
 *
 * `fork(label)` depends on the parent's seed and the label, never on how much the parent has been
 * used, so that a new consumer does not shift what the others draw.
 *
 * @source docs/network.md
 */
export interface Random {
  /** The number everything drawn here follows from. */
  readonly seed: number;
  /** A whole number from 0 to 2³² − 1. */
  u32(): number;
  /** A whole number from 0 up to, but not including, `limit`; without modulo bias. */
  below(limit: number): number;
  /** `length` random bytes. */
  bytes(length: number): Uint8Array;
  /** An independent source, the same for the same seed and label. */
  fork(label: string): Random;
}

/** Makes a source of chance from a seed (any safe integer; its low 53 bits count). */
export function seededRandom(seed: number): Random {
  return new Sfc32(seed);
}

/** sfc32 (Doty-Humphrey): small, fast, passes PractRand; four 32-bit words of state. */
class Sfc32 implements Random {
  readonly seed: number;
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number) {
    this.seed = seed;
    this.#a = 0;
    this.#b = seed | 0;
    this.#c = Math.floor(seed / 0x1_0000_0000) | 0;
    for (let round = 0; round < 12; round++) this.u32();
  }

  u32(): number {
    const result = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + result;
    this.#c |= 0;
    return result >>> 0;
  }

  below(limit: number): number {
    if (!Number.isInteger(limit) || limit < 1 || limit > 0x1_0000_0000) {
      throw new RangeError(`below needs a whole number from 1 to 2^32, got ${limit}`);
    }
    const rest = 0x1_0000_0000 % limit;
    let drawn = this.u32();
    while (drawn >= 0x1_0000_0000 - rest) drawn = this.u32();
    return drawn % limit;
  }

  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let index = 0; index < length; index += 4) {
      let word = this.u32();
      for (let offset = index; offset < index + 4 && offset < length; offset++) {
        bytes[offset] = word & 0xff;
        word >>>= 8;
      }
    }
    return bytes;
  }

  fork(label: string): Random {
    let high = 0x811c9dc5 ^ Math.floor(this.seed / 0x1_0000_0000);
    let low = 0x9dc5811c ^ this.seed;
    for (let index = 0; index <= label.length; index++) {
      // The round behind the last unit keeps every label, also the empty one, from leading back here.
      const unit = index < label.length ? label.charCodeAt(index) : 0x10_000 + index;
      high = Math.imul(high ^ unit, 0x01000193);
      low = Math.imul(low ^ unit ^ (high >>> 15), 0x85ebca6b);
      low ^= low >>> 13;
    }
    return new Sfc32((high & 0x1f_ffff) * 0x1_0000_0000 + (low >>> 0));
  }
}
