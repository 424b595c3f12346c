/**
 * Hears what would end the process while cases run: exceptions that nobody caught and promises
 * that nobody heard. Each is a failure of the case that runs then.
 */
export class CrashWatch implements Disposable {
  #crash: Error | undefined;
  readonly #heard = (reason: unknown): void => {
    this.#crash ??= reason instanceof Error ? reason : new Error(String(reason));
  };

  constructor() {
    process.on('uncaughtException', this.#heard);
    process.on('unhandledRejection', this.#heard);
  }

  /** What has happened since it was asked last. */
  take(): Error | undefined {
    const crash = this.#crash;
    this.#crash = undefined;
    return crash;
  }

  [Symbol.dispose](): void {
    process.off('uncaughtException', this.#heard);
    process.off('unhandledRejection', this.#heard);
  }
}
