/**
 * Things that come and go often, in the order they came.
 *
 * A Set or Map does the same, but not for long: V8 lets a grown table point to its successor, so
 * that one old table keeps all later ones from being collected early, with whatever stood in them
 * then. Here what has left points to nothing.
 */
export class Roster<T> implements Iterable<T> {
  #first: Place<T> | undefined;
  #last: Place<T> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Adds a thing at the end. Whoever adds it keeps the place, to give it back. */
  add(item: T): Place<T> {
    const place: Place<T> = { item, before: this.#last, after: undefined, taken: true };
    if (this.#last === undefined) this.#first = place;
    else this.#last.after = place;
    this.#last = place;
    this.#size++;
    return place;
  }

  /** Gives a place of this roster back; may be done twice. */
  leave(place: Place<T>): void {
    if (!place.taken) return;
    place.taken = false;
    const { before, after } = place;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    place.before = undefined;
    place.after = undefined;
    this.#size--;
  }

  /** Those that are there now, in the order they came. */
  *[Symbol.iterator](): Generator<T, void, undefined> {
    // Taken before anything is handed out, since whoever gets it may make it leave.
    const items: T[] = [];
    for (let place = this.#first; place !== undefined; place = place.after) items.push(place.item);
    yield* items;
  }
}

/** Where a thing stands in a {@link Roster}. Only the roster changes it. */
export interface Place<T> {
  readonly item: T;
  before: Place<T> | undefined;
  after: Place<T> | undefined;
  taken: boolean;
}
