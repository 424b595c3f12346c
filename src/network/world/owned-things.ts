import { type Place, Roster } from '../../base/roster';
import type { Owned } from '../scope';

interface Entry {
  readonly owner: OwnedThings;
  readonly thing: Owned;
  label: string;
}

/** Where a thing keeps its place in the scope that owns it. */
const standing: unique symbol = Symbol('place in a scope');

type Standing = Owned & { [standing]?: Place<Entry> };

/**
 * What a scope owns, in the order in which it came.
 *
 * Connections and timers come and go all the time, and a Map would keep them from being collected
 * early; see {@link Roster}. A thing remembers its place itself, but for one that two scopes own.
 */
export class OwnedThings implements Iterable<readonly [Owned, string]> {
  readonly #roster = new Roster<Entry>();
  readonly #shared = new Map<Owned, string>();

  get size(): number {
    return this.#roster.size + this.#shared.size;
  }

  /** Adds a thing, or gives it another label. */
  set(thing: Standing, label: string): void {
    const place = thing[standing];
    if (place?.taken === true && place.item.owner === this) place.item.label = label;
    else if (place?.taken === true || !Object.isExtensible(thing)) this.#shared.set(thing, label);
    else thing[standing] = this.#roster.add({ owner: this, thing, label });
  }

  delete(thing: Standing): void {
    const place = thing[standing];
    if (place?.item.owner === this) this.#roster.leave(place);
    if (this.#shared.size > 0) this.#shared.delete(thing);
  }

  *[Symbol.iterator](): Generator<readonly [Owned, string], void, undefined> {
    for (const { thing, label } of this.#roster) yield [thing, label];
    yield* this.#shared;
  }
}
