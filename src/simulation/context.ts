import { AsyncLocalStorage } from 'node:async_hooks';

/** Where a piece of code runs: in which world, and on which of its hosts. */
export interface Place {
  /** Identity of the world. */
  readonly world: object;
  /** Name of the host. */
  readonly host: string;
}

const places = new AsyncLocalStorage<Place>();

/** Where the calling code runs; `undefined` outside every simulated world. */
export function currentPlace(): Place | undefined {
  return places.getStore();
}

/** Runs a function, and everything asynchronous that follows from it, at a place. */
export function runAt<T>(place: Place, body: () => T): T {
  return places.run(place, body);
}
