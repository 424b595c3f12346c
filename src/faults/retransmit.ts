import { duration, share } from './attribute-rules';
import { builderOf, type FaultBuilder } from './builder';
import type { DelayStage, StageContext } from './fault';
import { type FaultType, faultType } from './fault-type';

/** How often a segment is lost, and how long its repetition takes. */
export interface RetransmitAttributes {
  /** Chance of each loss, 0 to 1; default 0.01. */
  readonly probability: number;
  /** Until the first repetition; default 200 ms. */
  readonly delay: number | string;
  /** Each further loss of the same chunk multiplies the delay; default 2. */
  readonly backoff: number;
  /** Losses of one chunk at most; default 3. */
  readonly max: number;
}

interface Values {
  readonly probability: number;
  readonly delay: number;
  readonly backoff: number;
  readonly max: number;
}

/** What loss looks like above TCP: a chunk and all behind it come late, and nothing vanishes. */
export const retransmitType: FaultType<Values> = faultType({
  type: 'retransmit',
  attributes: {
    probability: share(0.01),
    delay: duration(200),
    backoff: { kind: 'number', least: 1, default: 2 },
    max: { kind: 'integer', least: 1, most: 64, default: 3 },
  },
  delay: (values) => new Retransmit(values),
});

/** Makes chunks late as lost and repeated segments are. */
export const retransmit: FaultBuilder<RetransmitAttributes> = builderOf(retransmitType);

class Retransmit implements DelayStage {
  #values: Values;

  constructor(values: Values) {
    this.#values = values;
  }

  /** How many times this chunk is lost. */
  draw(c: StageContext): readonly number[] {
    const { probability, max } = this.#values;
    let losses = 0;
    while (losses < max && probability > 0 && c.decide('loss') < probability) losses++;
    return [losses];
  }

  delayUs([losses = 0]: readonly number[]): number {
    const { delay, backoff } = this.#values;
    let sum = 0;
    for (let loss = 0; loss < losses; loss++) sum += delay * backoff ** loss;
    return Math.round(sum * 1_000);
  }

  onUpdate(values: object): void {
    this.#values = values as Values;
  }
}
