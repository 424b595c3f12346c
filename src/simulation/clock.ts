import { AsyncResource } from 'node:async_hooks';
import { type Duration, readDuration, toMicroseconds } from '../base/duration';
import { TcpError } from '../base/errors';
import type { Clock, ClockTimer, Deadline, SleepOptions } from '../network/clock';
import type { Owned, Scope } from '../network/scope';
import { deadlineOn } from '../network/world/deadline';
import { currentScope } from '../network/world/scope';
import type { Engine } from './engine';
import { priorities, type QueuedEvent } from './event-queue';

/**
 * Time that moves only from event to event.
 *
 * @source docs/simulation.md
 */
export class VirtualClock implements Clock {
  readonly kind = 'virtual';
  readonly #engine: Engine;
  readonly #scope: Scope;
  readonly #epochMs: number;
  readonly #skewMs: () => number;

  /** @param skewMs - how far the wall clock of the calling code's host is ahead */
  constructor(engine: Engine, scope: Scope, epochMs: number, skewMs: () => number) {
    this.#engine = engine;
    this.#scope = scope;
    this.#epochMs = epochMs;
    this.#skewMs = skewMs;
  }

  now(): number {
    return this.#engine.nowUs;
  }

  wallTime(): number {
    return this.#epochMs + this.#engine.nowUs / 1_000 + this.#skewMs();
  }

  after(delayUs: number, run: () => void, label = 'timer'): ClockTimer {
    const timer = new VirtualTimer(this.#engine, currentScope(this.#scope), run, label);
    timer.restart(delayUs);
    return timer;
  }

  async sleep(duration: Duration, options: SleepOptions = {}): Promise<void> {
    const { signal, label = 'sleep' } = options;
    const delayUs = toMicroseconds(readDuration('duration', duration));
    signal?.throwIfAborted();
    const scope = currentScope(this.#scope);
    await new Promise<void>((resolve, reject) => {
      const timer = new VirtualTimer(this.#engine, scope, () => end(resolve), label);
      const ended = new TcpError('sleep ended with its scope', {
        code: 'ABORT_ERR',
        phase: 'deadline',
      });
      timer.onDisposed = () => end(() => reject(ended));
      const abort = (): void => end(() => reject(signal?.reason));
      const end = (settle: () => void): void => {
        timer.cancel();
        signal?.removeEventListener('abort', abort);
        settle();
      };
      signal?.addEventListener('abort', abort, { once: true });
      timer.restart(delayUs);
    });
  }

  deadline(duration: Duration, label?: string): Deadline {
    return deadlineOn(this, duration, label);
  }
}

/** A timer of a virtual clock; runs in the context in which it was made. */
class VirtualTimer implements ClockTimer, Owned {
  readonly kind = 'timer';
  readonly label: string;
  dueUs = 0;
  /** Called instead of `run` when the scope ends. */
  onDisposed: () => void = () => {};
  readonly #engine: Engine;
  readonly #scope: Scope;
  readonly #run: () => void;
  readonly #resource = new AsyncResource('BrineTimer');
  readonly #onDue = (): void => this.#fire();
  #delayUs = 0;
  #event: QueuedEvent | undefined;
  #waiting = false;

  constructor(engine: Engine, scope: Scope, run: () => void, label: string) {
    this.#engine = engine;
    this.#scope = scope;
    this.#run = run;
    this.label = label;
  }

  restart(delayUs: number = this.#delayUs): void {
    this.#takeEvent();
    this.#delayUs = Math.max(0, delayUs);
    this.dueUs = this.#engine.nowUs + this.#delayUs;
    // A timer that is never due is not an event, but it is still somebody's.
    if (this.#delayUs !== Number.POSITIVE_INFINITY) {
      this.#event = this.#engine.schedule(this.#delayUs, priorities.timer, this.#onDue, this.label);
    }
    if (!this.#waiting) {
      this.#waiting = true;
      this.#scope.own(this, this.label);
    }
  }

  cancel(): void {
    this.#takeEvent();
    this.#forget();
  }

  dispose(): void {
    this.#takeEvent();
    this.#waiting = false;
    this.onDisposed();
  }

  #fire(): void {
    this.#event = undefined;
    this.#forget();
    this.#engine.callIn(this.#resource, this.#run);
  }

  #takeEvent(): void {
    if (this.#event !== undefined) this.#engine.queue.cancel(this.#event);
    this.#event = undefined;
  }

  #forget(): void {
    if (!this.#waiting) return;
    this.#waiting = false;
    this.#scope.release(this);
  }
}
