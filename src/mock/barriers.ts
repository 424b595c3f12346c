import { type Deferred, deferred } from '../base/deferred';
import type { World } from '../network/world';

/** Names that were notified, and who waits for others; one for all mocks of a world. */
export class Barriers {
  readonly #reached = new Set<string>();
  readonly #waiting = new Map<string, Deferred<void>>();

  notify(name: string): void {
    this.#reached.add(name);
    this.#waiting.get(name)?.resolve();
    this.#waiting.delete(name);
  }

  /** Resolves when the name is or was notified. */
  reached(name: string): Promise<void> {
    if (this.#reached.has(name)) return Promise.resolve();
    const waiting = this.#waiting.get(name) ?? deferred<void>();
    this.#waiting.set(name, waiting);
    return waiting.promise;
  }

  /** Forgets what was notified. */
  reset(): void {
    this.#reached.clear();
  }
}

const ofWorlds = new WeakMap<object, Barriers>();

/** The barriers of a world. */
export function barriersOf({ scope }: World): Barriers {
  const barriers = ofWorlds.get(scope) ?? new Barriers();
  ofWorlds.set(scope, barriers);
  return barriers;
}
