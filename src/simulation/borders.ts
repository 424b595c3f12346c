/** Where the writes of a stream end, for a stage that works on whole writes. */
export class Borders {
  #ends: number[] = [];
  #from: number;

  /** @param from - offset at which the stage begins */
  constructor(from: number) {
    this.#from = from;
  }

  add(offset: number): void {
    this.#ends.push(offset);
  }

  /**
   * Cuts bytes that begin where the last message ended into messages.
   *
   * @returns start and end of those that are complete, counted from the first byte
   */
  within(length: number): readonly { readonly start: number; readonly end: number }[] {
    const base = this.#from;
    const whole = this.#ends.filter((end) => end <= base + length);
    this.#ends = this.#ends.slice(whole.length);
    this.#from = whole.at(-1) ?? base;
    return whole.map((end, index) => ({
      start: (whole[index - 1] ?? base) - base,
      end: end - base,
    }));
  }
}
