import type { HiddenSpan, MaskRule } from './mask-rule';

/** How far apart the ends of a secret may be, in bytes; and how much is looked at at a time. */
export const maskWindow = 65_536;

export interface StreamMaskOptions {
  /** A clock that goes on while code runs, in whole microseconds. Without one there is no limit of time. */
  readonly now?: () => number;
  /** Milliseconds that one rule may take over one window; default 50. */
  readonly limitMs?: number;
  readonly warn?: (text: string) => void;
  /** Hears of every part of what was added that is masked. */
  readonly masked?: (bytes: Uint8Array, from: number, to: number) => void;
}

interface Piece {
  readonly bytes: Uint8Array;
  /** Offset of its first byte in the stream. */
  readonly start: number;
}

/**
 * Masks one direction of one connection as its bytes come.
 *
 * What is added is changed in place; bytes below {@link StreamMask.released} are final. A match is
 * final once the stream goes on for a window behind its beginning, so that it does not matter how
 * the bytes were cut.
 */
export class StreamMask {
  readonly #rules: readonly MaskRule[];
  readonly #options: StreamMaskOptions;
  /** Added and not final. */
  #pieces: Piece[] = [];
  /** The bytes from #base on, as they were: one window that is final, for `^` and `(?<=`, and the rest. */
  #bytes: Uint8Array = new Uint8Array(0);
  #base = 0;
  #total = 0;
  #released = 0;
  /** Where each rule goes on. */
  readonly #from: number[];
  /** Parts of final matches that reach behind what is final. */
  #ahead: { readonly from: number; readonly to: number; readonly maskByte: number }[] = [];
  #maskedWhole = false;

  constructor(rules: readonly MaskRule[], options: StreamMaskOptions = {}) {
    this.#rules = rules;
    this.#options = options;
    this.#from = rules.map(() => 0);
  }

  /** Offset up to which the bytes are final. */
  get released(): number {
    return this.#released;
  }

  /** Bytes added so far. */
  get total(): number {
    return this.#total;
  }

  /** Adds the next bytes of the stream, which this then owns. */
  add(bytes: Uint8Array): void {
    if (bytes.byteLength === 0) return;
    this.#pieces.push({ bytes, start: this.#total });
    this.#total += bytes.byteLength;
    // The pieces hold what is not looked at yet; looking at every piece would cost the square.
    if (this.#maskedWhole) this.#release(this.#total);
    else if (this.#total - this.#released >= 2 * maskWindow) {
      this.#release(this.#total - maskWindow);
    }
  }

  /** Nothing follows: everything becomes final. */
  end(): void {
    this.#release(this.#total);
  }

  /** Masks everything that is not final, and everything that follows. */
  maskRest(): void {
    this.#maskedWhole = true;
    this.#release(this.#total);
  }

  #release(to: number): void {
    if (to <= this.#released) return;
    const ended = to === this.#total;
    if (!this.#maskedWhole) {
      this.#gather();
      for (const [index, rule] of this.#rules.entries()) this.#apply(rule, index, to, ended);
    }
    if (this.#maskedWhole) {
      const maskByte = this.#rules[0]?.maskByte ?? 0x2a;
      this.#ahead.push({ from: this.#released, to: this.#total, maskByte });
    }
    for (const { from, to: until, maskByte } of this.#ahead) this.#fill(from, until, maskByte, to);
    this.#ahead = this.#ahead.filter((hidden) => hidden.to > to);
    this.#released = to;
    this.#pieces = this.#pieces.filter(({ bytes, start }) => start + bytes.byteLength > to);
  }

  /** Finds what a rule hides in matches that begin before `to`. */
  #apply(rule: MaskRule, index: number, to: number, ended: boolean): void {
    const { now, limitMs = 50, warn } = this.#options;
    const from = Math.max(this.#from[index] ?? 0, this.#base);
    const startedUs = now?.() ?? 0;
    const spans = rule.spans(this.#bytes, from - this.#base);
    if (now !== undefined && now() - startedUs > limitMs * 1_000) {
      warn?.(`a rule took longer than ${limitMs} ms: the rest of its direction is masked whole`);
      this.#maskedWhole = true;
      return;
    }
    for (const span of spans) {
      if (span.start + this.#base >= to) break;
      this.#hide(rule, index, span, ended);
    }
  }

  #hide(rule: MaskRule, index: number, span: HiddenSpan, ended: boolean): void {
    const base = this.#base;
    if (!ended && span.end + base === this.#total) {
      this.#options.warn?.('a match is longer than 64 KiB: masked as far as it was seen');
    }
    this.#from[index] = span.end + base;
    this.#ahead.push({
      from: span.hideFrom + base,
      to: span.hideTo + base,
      maskByte: rule.maskByte,
    });
  }

  /** Makes #bytes what the rules look at. Masked bytes are no longer what they were, hence the copy. */
  #gather(): void {
    const seen = this.#base + this.#bytes.byteLength;
    const keepFrom = Math.max(this.#base, this.#released - maskWindow);
    const added = this.#pieces.flatMap(({ bytes, start }) =>
      start + bytes.byteLength <= seen ? [] : [bytes.subarray(Math.max(0, seen - start))],
    );
    this.#bytes = Buffer.concat([this.#bytes.subarray(keepFrom - this.#base), ...added]);
    this.#base = keepFrom;
  }

  /** Masks a part of the stream below `limit` that is not final yet. */
  #fill(from: number, to: number, maskByte: number, limit: number): void {
    for (const { bytes, start } of this.#pieces) {
      const first = Math.max(0, Math.max(from, this.#released) - start);
      const last = Math.min(bytes.byteLength, Math.min(to, limit) - start);
      if (last <= first) continue;
      bytes.fill(maskByte, first, last);
      this.#options.masked?.(bytes, first, last);
    }
  }
}
