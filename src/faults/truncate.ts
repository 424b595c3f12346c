import { toMicroseconds } from '../base/duration';
import { choice, duration } from './attribute-rules';
import { builderOf, type FaultBuilder } from './builder';
import { type FaultType, faultType } from './fault-type';
import { passThenAct } from './pass-then-act';

/** Where a stream is cut, and how. */
export interface TruncateAttributes {
  /** Bytes that pass. */
  readonly after: number | string;
  /** `fin` (default) ends that direction, `close` both sides, `reset` is RST to the receiver. */
  readonly how: 'fin' | 'close' | 'reset';
  /** Time for the bytes to be read before the RST; default 30 ms. */
  readonly settle: number | string;
}

interface Values {
  readonly after: number;
  readonly how: 'fin' | 'close' | 'reset';
  readonly settle: number;
}

/** Passes exactly so many bytes, then ends. */
export const truncateType: FaultType<Values> = faultType({
  type: 'truncate',
  attributes: {
    after: { kind: 'size', unit: 'bytes', required: true },
    how: choice(['fin', 'close', 'reset'], 'fin'),
    settle: duration(30),
  },
  stage: (values) =>
    passThenAct(values, ({ how, settle }, c) => {
      if (how !== 'reset') return [{ end: how }];
      const reset = c.stream === 'downstream' ? 'client' : 'upstream';
      return [{ wait: toMicroseconds(settle) }, { reset }];
    }),
});

/** Cuts a stream after exactly `after` bytes. */
export const truncate: FaultBuilder<TruncateAttributes> = builderOf(truncateType);
