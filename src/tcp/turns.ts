import type { HandlerName } from '../base/errors';
import type { Failures } from './failures';
import { isThenable } from './handler-error';

const nothing = (): void => undefined;

/** Runs callbacks one at a time. One that answers at once is not waited for. */
export class Turns {
  /** Whether a callback runs. */
  running = false;
  readonly #failures: Failures;
  /** Called when a callback that was waited for has answered. */
  readonly #goOn: () => void;
  /** Counts what is waited for: the answer of one that was given up is not taken. */
  #turn = 0;

  constructor(failures: Failures, goOn: () => void) {
    this.#failures = failures;
    this.#goOn = goOn;
  }

  /** Runs a callback that answers nothing. `done` follows it, also when it fails. */
  call(handler: HandlerName, callback: () => unknown, done: () => void = nothing): void {
    this.run(
      callback,
      (answer) => {
        if (answer !== undefined && answer !== null) this.#failures.returned(handler, answer);
        done();
      },
      (cause) => {
        this.#failures.threw(handler, cause);
        done();
      },
    );
  }

  /** Runs a callback, and calls back with what it answers or throws. */
  run(
    callback: () => unknown,
    settle: (answer: unknown) => void,
    fail: (error: unknown) => void,
  ): void {
    let answer: unknown;
    // Nothing else may be called while it runs, whatever it does.
    this.running = true;
    try {
      answer = callback();
    } catch (error) {
      this.running = false;
      fail(error);
      return;
    }
    this.running = false;
    if (isThenable(answer)) this.wait(answer, settle, fail);
    else settle(answer);
  }

  /** Waits for an answer. */
  wait(
    answer: PromiseLike<unknown>,
    settle: (answer: unknown) => void,
    fail: (error: unknown) => void,
  ): void {
    this.running = true;
    const turn = ++this.#turn;
    const then = (next: (value: unknown) => void) => (value: unknown) => {
      if (turn !== this.#turn) return;
      this.running = false;
      next(value);
      this.#goOn();
    };
    answer.then(then(settle), then(fail));
  }

  /** Goes on without the callback that runs. */
  giveUp(): void {
    this.#turn++;
    this.running = false;
  }
}
