import { toMicroseconds } from '../base/duration';
import { duration } from './attribute-rules';
import { builderOf, type FaultBuilder } from './builder';
import type { Act, Verdict } from './fault';
import { type FaultType, faultType } from './fault-type';
import { liveStage } from './live-stage';

/** How writes are cut so that the receiver really sees pieces. */
export interface SegmentsAttributes {
  /** Bytes of a write; default 1. */
  readonly size: number | string;
  /** Between two writes; default 1 ms. */
  readonly gap: number | string;
}

interface Values {
  readonly size: number;
  readonly gap: number;
}

/** Writes pieces of one size with a gap between them. */
export const segmentsType: FaultType<Values> = faultType({
  type: 'segments',
  attributes: { size: { kind: 'size', unit: 'bytes', least: 1, default: 1 }, gap: duration(1) },
  stage: (values) =>
    liveStage(values, (now) => ({
      onChunk: (chunk): Verdict => {
        const { size, gap } = now();
        const emit: Act = { emit: chunk.subarray(0, size) };
        return [emit, { wait: toMicroseconds(gap) }, { again: chunk.subarray(size) }];
      },
    })),
});

/** Cuts a stream into writes of `size` bytes, `gap` apart. */
export const segments: FaultBuilder<SegmentsAttributes> = builderOf(segmentsType);
