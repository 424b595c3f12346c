import type { Clock, ClockTimer } from '../network/clock';
import type { Engine } from './engine';
import { priorities, type QueuedEvent } from './event-queue';

/** What the network itself times: a delivery, so that a network that waits for it is not at rest. */
export class EngineClock implements Pick<Clock, 'now' | 'after'> {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  now(): number {
    return this.#engine.nowUs;
  }

  after(delayUs: number, run: () => void, label = 'network'): ClockTimer {
    const timer = new EngineTimer(this.#engine, run, label);
    timer.restart(delayUs);
    return timer;
  }
}

/** An event that may be put off. */
class EngineTimer implements ClockTimer {
  readonly label: string;
  readonly #engine: Engine;
  readonly #run: () => void;
  #event: QueuedEvent | undefined;
  #delayUs = 0;

  constructor(engine: Engine, run: () => void, label: string) {
    this.#engine = engine;
    this.#run = run;
    this.label = label;
  }

  get dueUs(): number {
    return this.#event?.timeUs ?? this.#engine.nowUs;
  }

  restart(delayUs: number = this.#delayUs): void {
    this.cancel();
    this.#delayUs = delayUs;
    this.#event = this.#engine.schedule(delayUs, priorities.delivery, this.#run, this.label);
  }

  cancel(): void {
    if (this.#event !== undefined) this.#engine.queue.cancel(this.#event);
    this.#event = undefined;
  }
}
