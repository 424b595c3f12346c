import type { PlannedCut } from './plan';

/** A place at which a stream is cut into segments. */
export type Cut =
  /** `offset` bytes from the end of write number `unit`, counted from 0; a negative offset is before the end. */
  | { readonly unit: number; readonly offset: number }
  /** Offset in the whole stream. */
  | { readonly at: number };

/** The cuts and stops of one direction of one connection; `undefined` when there are none. */
export function cutPlanFor(
  cuts: readonly PlannedCut[],
  stops: readonly StreamStop[],
  connection: number,
  direction: 'out' | 'in',
): CutPlan | undefined {
  if (cuts.length + stops.length === 0) return undefined;
  const mine = cuts.filter((cut) => cut.connection === connection && cut.direction === direction);
  if (mine.length + stops.length === 0) return undefined;
  const places = mine.map(({ at, unit = 0, offset = 0 }) =>
    at === undefined ? { unit, offset } : { at },
  );
  return new CutPlan(places, stops);
}

/** Something to do before a certain byte leaves. */
export interface StreamStop {
  /** As a cut is placed. */
  readonly place: Cut;
  readonly run: () => void;
}

/** Where one direction of one connection is cut, and what is done there. */
export class CutPlan {
  readonly #units = new Map<number, Extract<Cut, { readonly unit: number }>[]>();
  #offsets: number[] = [];
  readonly #stops: StreamStop[];
  #due: { readonly at: number; readonly run: () => void }[] = [];
  #writes = 0;

  constructor(cuts: readonly Cut[], stops: readonly StreamStop[]) {
    this.#stops = [...stops];
    for (const cut of [...cuts, ...stops.map(({ place }) => place)]) {
      if ('at' in cut) this.#offsets.push(cut.at);
      else this.#units.set(cut.unit, [...(this.#units.get(cut.unit) ?? []), cut]);
    }
    this.#sort();
    for (const { place, run } of stops) if ('at' in place) this.#due.push({ at: place.at, run });
  }

  /** A write of `length` bytes begins at stream offset `start`. */
  write(start: number, length: number): void {
    const unit = this.#writes++;
    const cuts = this.#units.get(unit);
    if (cuts === undefined || length === 0) return;
    for (const { offset } of cuts) this.#offsets.push(start + inside(offset, length));
    for (const { place, run } of this.#stops) {
      if (!('unit' in place) || place.unit !== unit) continue;
      this.#due.push({ at: start + inside(place.offset, length), run });
    }
    this.#sort();
  }

  /** The first cut behind a stream offset. */
  nextAfter(offset: number): number {
    while ((this.#offsets[0] ?? Number.POSITIVE_INFINITY) <= offset) this.#offsets.shift();
    return this.#offsets[0] ?? Number.POSITIVE_INFINITY;
  }

  /** The byte at a stream offset is about to leave. */
  reach(offset: number): void {
    if (this.#due.length === 0) return;
    const now = this.#due.filter(({ at }) => at <= offset);
    this.#due = this.#due.filter(({ at }) => at > offset);
    for (const { run } of now) run();
  }

  #sort(): void {
    this.#offsets.sort((left, right) => left - right);
  }
}

/** A place within `length` bytes, counted from their end; free numbers wrap around. */
function inside(offset: number, length: number): number {
  return (((length + offset) % length) + length) % length;
}
