import { type Deferred, deferred } from '../base/deferred';
import { type ExitCode, exitCodes } from './exit-codes';

/** Signals of the process while it is listened to them: the first asks for an end, the second hurries. */
export class Signals {
  readonly first: Deferred<'SIGINT' | 'SIGTERM'> = deferred<'SIGINT' | 'SIGTERM'>();
  readonly second: Deferred<void> = deferred<void>();
  #count = 0;
  readonly #int = (): void => this.#came('SIGINT');
  readonly #term = (): void => this.#came('SIGTERM');

  constructor() {
    process.on('SIGINT', this.#int);
    process.on('SIGTERM', this.#term);
  }

  dispose(): void {
    process.off('SIGINT', this.#int);
    process.off('SIGTERM', this.#term);
  }

  #came(name: 'SIGINT' | 'SIGTERM'): void {
    this.#count++;
    if (this.#count === 1) this.first.resolve(name);
    else this.second.resolve();
  }
}

/** How a command ends that was asked to by a signal, or by something else. */
export function codeOfEnd(reason: string): ExitCode {
  if (reason === 'SIGINT') return exitCodes.interrupted;
  return reason === 'SIGTERM' ? exitCodes.terminated : exitCodes.ok;
}
