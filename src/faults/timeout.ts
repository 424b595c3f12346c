import { integer } from './attribute-rules';
import { builderOf, type FaultBuilder } from './builder';
import type { FaultStage, StageContext, Verdict } from './fault';
import { type FaultType, faultType } from './fault-type';

/** How long the silence lasts. */
export interface TimeoutAttributes {
  /** Milliseconds without a chunk until both sides are closed; 0 never closes. */
  readonly timeout: number | string;
}

interface Values {
  readonly timeout: number;
}

/** Toxiproxy's `timeout`: swallows everything, and closes once the source has been silent. */
export const timeoutType: FaultType<Values> = faultType({
  type: 'timeout',
  attributes: { timeout: integer('ms') },
  stage: (values) => new Timeout(values),
});

/** Swallows all bytes of a direction; closes when the source was silent for `timeout`. */
export const timeout: FaultBuilder<TimeoutAttributes> = builderOf(timeoutType);

class Timeout implements FaultStage {
  #values: Values;

  constructor(values: Values) {
    this.#values = values;
  }

  onStart(c: StageContext): Verdict {
    this.#arm(c);
    return [];
  }

  onChunk(_chunk: Uint8Array, c: StageContext): Verdict {
    this.#arm(c);
    return [];
  }

  onFin(): Verdict {
    return closing;
  }

  onTimer(): Verdict {
    return closing;
  }

  onUpdate(values: object, c: StageContext): false {
    this.#values = values as Values;
    this.#arm(c);
    return false;
  }

  onRemove(): 'close' {
    return 'close';
  }

  #arm(c: StageContext): void {
    const { timeout: ms } = this.#values;
    c.timer(ms === 0 ? -1 : ms * 1_000);
  }
}

const closing: Verdict = [{ end: 'close' }];
