import { choice, share, size } from './attribute-rules';
import { builderOf, type FaultBuilder } from './builder';
import { type FaultStage, PASS, type StageContext, type Verdict } from './fault';
import { type FaultType, faultType } from './fault-type';
import { liveStage } from './live-stage';

/** Which bytes are changed, and into what. Length never changes. */
export interface CorruptAttributes {
  /** Default `flip`: one bit is turned over. */
  readonly mode: 'flip' | 'set' | 'random' | 'xor';
  /** Offset of the first byte that is changed. */
  readonly offset: number | string;
  /** Bit to flip, 0 (least significant, default) to 7. */
  readonly bit: number;
  /** Byte to set, or to xor with; default 0 and 255. */
  readonly value: number;
  /** Bytes from `offset`; default 1. */
  readonly length: number | string;
  /** Instead of `offset`: chance of each byte. */
  readonly probability: number;
  /** Instead of `offset`: each n-th byte. */
  readonly every: number;
}

interface Values {
  readonly mode: 'flip' | 'set' | 'random' | 'xor';
  readonly offset?: number;
  readonly bit: number;
  readonly value?: number;
  readonly length: number;
  readonly probability?: number;
  readonly every?: number;
}

/** Changes bytes and keeps their number. */
export const corruptType: FaultType<Values> = faultType({
  type: 'corrupt',
  attributes: {
    mode: choice(['flip', 'set', 'random', 'xor'], 'flip'),
    offset: size(),
    bit: { kind: 'integer', most: 7, default: 0 },
    value: { kind: 'integer', most: 255 },
    length: { kind: 'size', unit: 'bytes', least: 1, default: 1 },
    probability: share(),
    every: { kind: 'integer', least: 1 },
  },
  check: ({ offset, probability, every }) =>
    offset === undefined && probability === undefined && every === undefined
      ? 'corrupt needs one of offset, probability, every'
      : undefined,
  stage,
});

/** Changes single bytes. */
export const corrupt: FaultBuilder<CorruptAttributes> = builderOf(corruptType);

function stage(values: Values): FaultStage {
  return liveStage(values, (now) => ({
    onChunk: (chunk, c): Verdict => {
      const hit = [...indexesOf(now(), chunk.length, c)];
      if (hit.length === 0) return PASS;
      const changed = Uint8Array.from(chunk);
      for (const index of hit) changed[index] = changedByte(chunk[index] ?? 0, now(), c);
      return [{ emit: changed }];
    },
  }));
}

function* indexesOf(values: Values, count: number, c: StageContext): Generator<number> {
  const { offset, length, probability, every } = values;
  if (offset !== undefined) {
    const from = Math.max(0, offset - c.offset);
    for (let at = from; at < Math.min(count, offset + length - c.offset); at++) yield at;
  }
  if (every !== undefined) {
    for (let at = every - 1 - (c.offset % every); at < count; at += every) yield at;
  }
  if (probability !== undefined && probability > 0) {
    for (let at = 0; at < count; at++) if (c.decide('byte') < probability) yield at;
  }
}

function changedByte(byte: number, { mode, bit, value }: Values, c: StageContext): number {
  switch (mode) {
    case 'flip':
      return byte ^ (1 << bit);
    case 'set':
      return value ?? 0;
    case 'xor':
      return byte ^ (value ?? 0xff);
    case 'random':
      return Math.floor(c.decide('value') * 256);
  }
}
