import { type Deferred, deferred } from '../base/deferred';

/** Something that happens once. Its promise is made only when somebody asks for it. */
export class Milestone<T> {
  #deferred: Deferred<T> | undefined;
  #outcome: { readonly value: T } | undefined;

  get reached(): boolean {
    return this.#outcome !== undefined;
  }

  get promise(): Promise<T> {
    if (this.#deferred === undefined) {
      this.#deferred = deferred();
      if (this.#outcome !== undefined) this.#deferred.resolve(this.#outcome.value);
    }
    return this.#deferred.promise;
  }

  /** The first time counts. */
  reach(value: T): void {
    this.#outcome ??= { value };
    this.#deferred?.resolve(value);
  }
}
