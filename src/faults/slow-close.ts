import { integer } from './attribute-rules';
import { builderOf, type FaultBuilder } from './builder';
import { type FaultStage, PASS, type Verdict } from './fault';
import { type FaultType, faultType } from './fault-type';

/** How long a FIN waits. */
export interface SlowCloseAttributes {
  /** Milliseconds. */
  readonly delay: number | string;
}

interface Values {
  readonly delay: number;
}

/** Toxiproxy's `slow_close`: bytes pass, the FIN waits. */
export const slowCloseType: FaultType<Values> = faultType({
  type: 'slow_close',
  attributes: { delay: integer('ms') },
  stage: (values) => new SlowClose(values),
});

/** Delays the FIN. */
export const slowClose: FaultBuilder<SlowCloseAttributes> = builderOf(slowCloseType);

class SlowClose implements FaultStage {
  #values: Values;

  constructor(values: Values) {
    this.#values = values;
  }

  onChunk(): Verdict {
    return PASS;
  }

  onFin(): Verdict {
    return [{ wait: this.#values.delay * 1_000 }, { pass: true }];
  }

  onUpdate(values: object): 'now' {
    this.#values = values as Values;
    return 'now';
  }
}
