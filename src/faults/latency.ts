import { choice, integer, share } from './attribute-rules';
import { builderOf, type FaultBuilder } from './builder';
import {
  CorrelatedChance,
  chancesOf,
  type Distribution,
  distributions,
  extraDelay,
} from './distribution';
import type { DelayStage, StageContext } from './fault';
import { type FaultType, faultType } from './fault-type';

/** Attributes as in Toxiproxy's JSON: whole milliseconds. */
export interface LatencyAttributes {
  readonly latency: number | string;
  /** Spread around `latency`. */
  readonly jitter: number | string;
  /** Default `uniform`. */
  readonly distribution: Distribution;
  /** How much of the last chance goes into the next, 0 to 1; default 0. */
  readonly correlation: number;
}

interface Values {
  readonly latency: number;
  readonly jitter: number;
  readonly distribution?: Distribution;
  readonly correlation?: number;
}

/** Toxiproxy's `latency`: every chunk arrives later, order kept, with what follows close behind. */
export const latencyType: FaultType<Values> = faultType({
  type: 'latency',
  attributes: {
    latency: integer('ms'),
    jitter: integer('ms'),
    distribution: choice(distributions),
    correlation: share(),
  },
  delay: (values) => new Latency(values),
});

/** Delays every chunk by `latency` ± `jitter`. */
export const latency: FaultBuilder<LatencyAttributes> = builderOf(latencyType);

class Latency implements DelayStage {
  #values: Values;
  readonly #chance = new CorrelatedChance();

  constructor(values: Values) {
    this.#values = values;
  }

  draw(c: StageContext): readonly number[] {
    const { jitter, distribution = 'uniform', correlation = 0 } = this.#values;
    if (jitter === 0) return none;
    const first = this.#chance.next(c.decide('jitter'), correlation);
    return chancesOf(distribution) === 2 ? [first, c.decide('jitter2')] : [first];
  }

  delayUs(draw: readonly number[]): number {
    const { latency: mean, jitter, distribution = 'uniform' } = this.#values;
    // Drawn for a distribution that took one chance, judged by one that takes two: half of the circle.
    const [first, second = 0.5] = draw;
    const extra = first === undefined ? 0 : extraDelay(distribution, jitter, first, second);
    return Math.round(Math.max(0, mean + extra) * 1_000);
  }

  onUpdate(values: object): void {
    this.#values = values as Values;
  }
}

const none: readonly number[] = [];
