import { toMicroseconds } from '../base/duration';
import { choice, duration } from './attribute-rules';
import { builderOf, type FaultBuilder } from './builder';
import { PASS, type Verdict } from './fault';
import { type FaultType, faultType } from './fault-type';
import { liveStage } from './live-stage';

/** What follows a FIN that is not passed on. */
export interface SwallowFinAttributes {
  /** Nothing (default), or RST to both sides. */
  readonly then: 'hold' | 'reset';
  /** Before the RST; default 0. */
  readonly delay: number | string;
}

interface Values {
  readonly then: 'hold' | 'reset';
  readonly delay: number;
}

/** Keeps the FIN of the source back, as if its peer had lost power. */
export const swallowFinType: FaultType<Values> = faultType({
  type: 'swallow_fin',
  // biome-ignore lint/suspicious/noThenProperty: the name of the attribute, in data that is never awaited
  attributes: { then: choice(['hold', 'reset'], 'hold'), delay: duration(0) },
  stage: (values) =>
    liveStage(values, (now) => ({
      onChunk: () => PASS,
      onFin: (): Verdict =>
        now().then === 'hold'
          ? [{ stall: true }, { pass: true }]
          : [{ wait: toMicroseconds(now().delay) }, { reset: 'both' }],
      onUpdate: () => 'now',
    })),
});

/** Does not pass the FIN on; when it is removed, the FIN goes its way. */
export const swallowFin: FaultBuilder<SwallowFinAttributes> = builderOf(swallowFinType);
