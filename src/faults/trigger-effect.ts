import type { Item, Reading, Slot } from './slot';

/** What a fault does once its trigger has fired: for so many chunks, or until it is ended. */
export class TriggerEffect {
  /** Everything goes past it now. */
  over = false;
  readonly #inner: Slot;
  readonly #forward: (item: Item) => void;
  /** Chunks that the fault may still act on. */
  #left: number;
  /** What came when that was over, and must not overtake what waits in the fault. */
  #behind: Item[] = [];

  constructor(inner: Slot, times: number, forward: (item: Item) => void) {
    this.#inner = inner;
    this.#left = times;
    this.#forward = forward;
    inner.sink = { deliver: forward };
  }

  get dueUs(): number {
    return this.over ? Number.POSITIVE_INFINITY : this.#inner.dueUs;
  }

  get held(): number {
    const behind = this.#behind.reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), 0);
    return behind + this.#inner.held;
  }

  get reading(): Reading {
    return this.#inner.reading;
  }

  get looksAcross(): boolean {
    return !this.over && this.#inner.looksAcross;
  }

  /** Bytes of the other direction. */
  look(bytes: Uint8Array, nowUs: number): void {
    if (!this.over) this.#inner.look(bytes, nowUs);
  }

  start(nowUs: number): void {
    this.#inner.start(nowUs);
  }

  /** To the fault while it may act, else behind what it still holds. */
  take(item: Item, nowUs: number): void {
    if (this.over) this.#forward(item);
    else if (this.#left > 0) {
      if (item.kind === 'chunk') this.#left--;
      this.#inner.take(item, nowUs);
    } else this.#behind.push(item);
    this.#drain(nowUs);
  }

  run(nowUs: number): void {
    this.#inner.run(nowUs);
    this.#drain(nowUs);
  }

  update(values: object, nowUs: number): void {
    this.#inner.update(values, nowUs);
  }

  release(nowUs: number): void {
    this.#inner.release(nowUs);
    this.#drain(nowUs);
  }

  end(nowUs: number): void {
    if (this.over) return;
    this.#inner.remove(nowUs);
    this.over = true;
    for (const item of this.#behind.splice(0)) this.#forward(item);
  }

  /** It has acted on all it may, and nothing waits in it. */
  #drain(nowUs: number): void {
    if (this.#left === 0 && this.#inner.held === 0) this.end(nowUs);
  }
}
