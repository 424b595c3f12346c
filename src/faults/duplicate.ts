import type { Framer } from '../framing/framer';
import { choice, share, size } from './attribute-rules';
import { builderOf, type FaultBuilder } from './builder';
import { type Act, type FaultStage, PASS, type StageContext, type Verdict } from './fault';
import { type FaultType, faultType } from './fault-type';
import { framedStage } from './framed-stage';
import { liveStage } from './live-stage';

/** What is sent again. */
export interface DuplicateAttributes {
  /** Default `chunk`. */
  readonly unit: 'chunk' | 'message' | 'range';
  /** `message` only. */
  readonly framing: unknown;
  /** `range` only: its first byte and its length. */
  readonly from: number | string;
  readonly length: number | string;
  /** How many more; default 1. */
  readonly copies: number;
  /** Chance of each unit; default 1. */
  readonly probability: number;
}

interface Values {
  readonly unit: 'chunk' | 'message' | 'range';
  readonly framing?: Framer<unknown>;
  readonly from: number;
  readonly length?: number;
  readonly copies: number;
  readonly probability: number;
}

/** Sends a unit again, right behind itself. */
export const duplicateType: FaultType<Values> = faultType({
  type: 'duplicate',
  attributes: {
    unit: choice(['chunk', 'message', 'range'], 'chunk'),
    framing: { kind: 'framing' },
    from: size(0),
    length: size(),
    copies: { kind: 'integer', least: 1, most: 1_000, default: 1 },
    probability: share(1),
  },
  check: ({ unit, framing, length }) => {
    if (unit === 'message' && framing === undefined) return 'missing required attribute: framing';
    return unit === 'range' && length === undefined
      ? 'missing required attribute: length'
      : undefined;
  },
  stage,
});

/** Sends chunks, messages or a range of bytes more than once. */
export const duplicate: FaultBuilder<DuplicateAttributes> = builderOf(duplicateType);

function stage(values: Values): FaultStage {
  return liveStage(values, (now) => {
    const again = (bytes: Uint8Array, c: StageContext): readonly Act[] => {
      const { copies, probability } = now();
      const hit = probability >= 1 || c.decide('duplicate') < probability;
      return Array.from({ length: hit ? copies + 1 : 1 }, () => ({ emit: bytes }));
    };
    if (values.unit === 'message' && values.framing !== undefined) {
      return framedStage(values.framing, (message, _number, c) => again(message, c));
    }
    if (values.unit === 'chunk') {
      return {
        onChunk: (chunk, c): Verdict => {
          const acts = again(chunk, c);
          return acts.length === 1 ? PASS : acts;
        },
      };
    }
    let range: Buffer = Buffer.alloc(0);
    return {
      onChunk: (chunk, c): Verdict => {
        const { from, length = 0 } = now();
        const start = Math.max(0, from - c.offset);
        const end = Math.min(chunk.length, from + length - c.offset);
        if (start >= end) return PASS;
        range = Buffer.concat([range, chunk.subarray(start, end)]);
        if (range.length < length) return PASS;
        const [, ...copies] = again(range, c);
        return [{ emit: chunk.subarray(0, end) }, ...copies, { emit: chunk.subarray(end) }];
      },
    };
  });
}
