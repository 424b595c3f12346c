import { deferred } from '../base/deferred';

/** Signals of the process: the first asks for an end, the second ends at once. */
export class Signals {
  readonly first: Promise<'SIGINT' | 'SIGTERM'>;
  readonly second: Promise<void>;
  readonly #int: () => void;
  readonly #term: () => void;

  constructor() {
    const first = deferred<'SIGINT' | 'SIGTERM'>();
    const second = deferred<void>();
    this.first = first.promise;
    this.second = second.promise;
    let count = 0;
    const came = (name: 'SIGINT' | 'SIGTERM') => (): void => {
      if (++count === 1) first.resolve(name);
      else second.resolve();
    };
    this.#int = came('SIGINT');
    this.#term = came('SIGTERM');
    process.on('SIGINT', this.#int);
    process.on('SIGTERM', this.#term);
  }

  dispose(): void {
    process.off('SIGINT', this.#int);
    process.off('SIGTERM', this.#term);
  }
}
