/** Values by key: all that are in use, and the last ones that no longer are. */
export class RecentMap<K, V> {
  readonly #values = new Map<K, V>();
  /** Keys out of use, the oldest first. */
  readonly #released = new Set<K>();
  readonly #kept: number;

  /** @param kept - how many are kept that are out of use */
  constructor(kept: number) {
    this.#kept = kept;
  }

  has(key: K): boolean {
    return this.#values.has(key);
  }

  get(key: K): V | undefined {
    return this.#values.get(key);
  }

  /** Puts a key into use. */
  set(key: K, value: V): void {
    this.#values.set(key, value);
    this.#released.delete(key);
  }

  /** Takes a key out of use; for a while it is found all the same. */
  release(key: K): void {
    if (!this.#values.has(key)) return;
    this.#released.add(key);
    if (this.#released.size <= this.#kept) return;
    for (const oldest of this.#released) {
      this.#released.delete(oldest);
      this.#values.delete(oldest);
      return;
    }
  }
}
