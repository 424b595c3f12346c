import type { PlannedCut } from './plan';

/** A place at which a stream is cut into segments. */
export type Cut =
  /** `offset` bytes from the end of write number `unit`, counted from 0; a negative offset is before the end. */
  | { readonly unit: number; readonly offset: number }
  /** Offset in the whole stream. */
  | { readonly at: number };

/** The cuts of a plan for one direction of one connection; `undefined` when there are none. */
export function cutPlanFor(
  cuts: readonly PlannedCut[],
  connection: number,
  direction: 'out' | 'in',
): CutPlan | undefined {
  if (cuts.length === 0) return undefined;
  const mine = cuts.filter((cut) => cut.connection === connection && cut.direction === direction);
  if (mine.length === 0) return undefined;
  return new CutPlan(
    mine.map(({ at, unit = 0, offset = 0 }) => (at === undefined ? { unit, offset } : { at })),
  );
}

/** Where one direction of one connection is cut. */
export class CutPlan {
  readonly #units = new Map<number, number[]>();
  #offsets: number[] = [];
  #writes = 0;

  constructor(cuts: readonly Cut[]) {
    for (const cut of cuts) {
      if ('at' in cut) {
        this.#offsets.push(cut.at);
        continue;
      }
      const offsets = this.#units.get(cut.unit);
      if (offsets === undefined) this.#units.set(cut.unit, [cut.offset]);
      else offsets.push(cut.offset);
    }
    this.#offsets.sort((left, right) => left - right);
  }

  /** A write of `length` bytes begins at stream offset `start`. */
  write(start: number, length: number): void {
    const offsets = this.#units.get(this.#writes++);
    if (offsets === undefined || length === 0) return;
    for (const offset of offsets) {
      const inside = (((length + offset) % length) + length) % length;
      if (inside > 0) this.#offsets.push(start + inside);
    }
    this.#offsets.sort((left, right) => left - right);
  }

  /** The first cut behind a stream offset. */
  nextAfter(offset: number): number {
    while ((this.#offsets[0] ?? Number.POSITIVE_INFINITY) <= offset) this.#offsets.shift();
    return this.#offsets[0] ?? Number.POSITIVE_INFINITY;
  }
}
