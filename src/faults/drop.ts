import type { Framer } from '../framing/framer';
import { choice, share, size } from './attribute-rules';
import { builderOf, type FaultBuilder } from './builder';
import { type FaultStage, PASS, type StageContext, type Verdict } from './fault';
import { type FaultType, faultType } from './fault-type';
import { framedStage } from './framed-stage';
import { liveStage } from './live-stage';

/** What vanishes. */
export interface DropAttributes {
  /** Chance of each unit; default 1. */
  readonly probability: number;
  /** Default `chunk`, as it was read. */
  readonly unit: 'chunk' | 'byte' | 'message';
  /** `message` only. */
  readonly framing: unknown;
  /** Nothing before this offset; default 0. */
  readonly from: number | string;
  /** With it exactly that range of bytes vanishes. */
  readonly length: number | string;
}

interface Values {
  readonly probability: number;
  readonly unit: 'chunk' | 'byte' | 'message';
  readonly framing?: Framer<unknown>;
  readonly from: number;
  readonly length?: number;
}

/** Lets bytes vanish from a stream. */
export const dropType: FaultType<Values> = faultType({
  type: 'drop',
  attributes: {
    probability: share(1),
    unit: choice(['chunk', 'byte', 'message'], 'chunk'),
    framing: { kind: 'framing' },
    from: size(0),
    length: size(),
  },
  check: ({ unit, framing }) =>
    unit === 'message' && framing === undefined ? 'missing required attribute: framing' : undefined,
  stage,
});

/** Drops chunks, bytes, messages or a range of bytes. */
export const drop: FaultBuilder<DropAttributes> = builderOf(dropType);

function stage(values: Values): FaultStage {
  return liveStage(values, (now) => {
    const lost = (c: StageContext): boolean =>
      now().probability >= 1 || c.decide('drop') < now().probability;
    if (values.unit === 'message' && values.framing !== undefined) {
      return framedStage(values.framing, (message, _number, c) =>
        lost(c) ? [] : [{ emit: message }],
      );
    }
    return {
      onChunk: (chunk, c): Verdict => {
        const { from, length, unit } = now();
        const start = Math.max(0, from - c.offset);
        if (start >= chunk.length) return PASS;
        const head = chunk.subarray(0, start);
        const rest = chunk.subarray(start);
        if (length !== undefined) {
          const end = Math.max(0, Math.min(rest.length, from + length - c.offset - start));
          return end === 0 ? PASS : [{ emit: head }, { emit: rest.subarray(end) }];
        }
        if (unit === 'byte') {
          const left = rest.filter(() => !lost(c));
          return left.length === rest.length ? PASS : [{ emit: head }, { emit: left }];
        }
        return lost(c) ? [{ emit: head }] : PASS;
      },
    };
  });
}
