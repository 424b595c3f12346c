import { toMicroseconds } from '../base/duration';
import { duration, size } from './attribute-rules';
import { builderOf, type FaultBuilder } from './builder';
import type { Act, FaultStage, StageContext, Verdict } from './fault';
import { type FaultType, faultType } from './fault-type';
import { liveStage } from './live-stage';

/** How much, or how long, is collected for one write. */
export interface CoalesceAttributes {
  /** Default 64 KiB. */
  readonly size: number | string;
  /** From the first byte; default 50 ms. */
  readonly time: number | string;
}

/** How long everything is held, again and again. */
export interface ThrottleBurstAttributes {
  /** Default 1 s. */
  readonly hold: number | string;
}

interface CoalesceValues {
  readonly size: number;
  readonly time: number;
}

/** Collects bytes and writes them at once. */
export const coalesceType: FaultType<CoalesceValues> = faultType({
  type: 'coalesce',
  attributes: { size: size(65_536), time: duration(50) },
  stage: (values) =>
    liveStage(values, (now) =>
      collecting(
        () => now().time,
        () => now().size,
      ),
    ),
});

/** Holds everything for a while, lets all of it out at once, and again. */
export const throttleBurstType: FaultType<{ readonly hold: number }> = faultType({
  type: 'throttle_burst',
  attributes: { hold: duration(1_000) },
  stage: (values) =>
    liveStage(values, (now) =>
      collecting(
        () => now().hold,
        () => Number.POSITIVE_INFINITY,
      ),
    ),
});

/** Joins what comes within `time` into one write of up to `size` bytes. */
export const coalesce: FaultBuilder<CoalesceAttributes> = builderOf(coalesceType);

/** Lets bytes through in bursts, `hold` apart. */
export const throttleBurst: FaultBuilder<ThrottleBurstAttributes> = builderOf(throttleBurstType);

/** Collects until the time is over or the size is reached; FIN, RST and removal let everything out. */
function collecting(ms: () => number, limit: () => number): FaultStage {
  let parts: Uint8Array[] = [];
  let held = 0;
  const joined = (): { readonly emit: Uint8Array }[] => {
    const bytes = Buffer.concat(parts);
    parts = [];
    held = 0;
    return bytes.length === 0 ? [] : [{ emit: bytes }];
  };
  const out = (then: Act): Verdict => [...joined(), then];
  return {
    get held() {
      return held;
    },
    onChunk: (chunk: Uint8Array, c: StageContext): Verdict => {
      if (held === 0) c.timer(toMicroseconds(ms()));
      parts.push(chunk);
      held += chunk.length;
      if (held < limit()) return [];
      c.timer(-1);
      return joined();
    },
    onFin: () => out({ pass: true }),
    onReset: () => out({ pass: true }),
    onTimer: () => joined(),
    onRemove: () => joined(),
  };
}
