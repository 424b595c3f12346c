import { toMicroseconds } from '../base/duration';
import type { Framer } from '../framing/framer';
import { duration, size } from './attribute-rules';
import { builderOf, type FaultBuilder } from './builder';
import { type Act, type FaultStage, PASS, type StageContext, type Verdict } from './fault';
import { type FaultType, faultType } from './fault-type';
import { liveStage } from './live-stage';

/** How much, or how long, is collected for one write. */
export interface CoalesceAttributes {
  /** Default 64 KiB. */
  readonly size: number | string;
  /** From the first byte; default 50 ms. */
  readonly time: number | string;
  /** Written once so many messages are there; needs `framing`. Default: not counted. */
  readonly message: number;
  readonly framing: unknown;
}

/** How long everything is held, again and again. */
export interface ThrottleBurstAttributes {
  /** Default 1 s. */
  readonly hold: number | string;
  /** How long bytes pass as they come after that; default 0, only what was held. */
  readonly pass: number | string;
}

interface CoalesceValues {
  readonly size: number;
  readonly time: number;
  readonly message?: number;
  readonly framing?: Framer<unknown>;
}

interface BurstValues {
  readonly hold: number;
  readonly pass: number;
}

/** Collects bytes and writes them at once. */
export const coalesceType: FaultType<CoalesceValues> = faultType({
  type: 'coalesce',
  attributes: {
    size: size(65_536),
    time: duration(50),
    message: { kind: 'integer', least: 1 },
    framing: { kind: 'framing' },
  },
  check: ({ message, framing }) =>
    message !== undefined && framing === undefined
      ? 'missing required attribute: framing'
      : undefined,
  stage: (values) =>
    liveStage(values, (now) =>
      collecting({
        ms: () => now().time,
        passMs: () => 0,
        isFull: (parts, held) => held >= now().size || hasMessages(now(), parts),
      }),
    ),
});

/** Holds everything for a while, lets all of it out at once, and again. */
export const throttleBurstType: FaultType<BurstValues> = faultType({
  type: 'throttle_burst',
  attributes: { hold: duration(1_000), pass: duration(0) },
  stage: (values) =>
    liveStage(values, (now) =>
      collecting({ ms: () => now().hold, passMs: () => now().pass, isFull: () => false }),
    ),
});

/** Joins what comes within `time` into one write of up to `size` bytes. */
export const coalesce: FaultBuilder<CoalesceAttributes> = builderOf(coalesceType);

/** Lets bytes through in bursts, `hold` apart. */
export const throttleBurst: FaultBuilder<ThrottleBurstAttributes> = builderOf(throttleBurstType);

/** How long bytes are collected, how long they pass after that, and when that is enough. */
interface Collecting {
  readonly ms: () => number;
  readonly passMs: () => number;
  readonly isFull: (parts: readonly Uint8Array[], held: number) => boolean;
}

function hasMessages({ message, framing }: CoalesceValues, parts: readonly Uint8Array[]): boolean {
  if (message === undefined || framing === undefined) return false;
  return framing.decode(Buffer.concat(parts), false).frames.length >= message;
}

/** Collects until the time is over or enough is there; FIN, RST and removal let everything out. */
function collecting({ ms, passMs, isFull }: Collecting): FaultStage {
  let parts: Uint8Array[] = [];
  let held = 0;
  let passUntilUs = 0;
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
      if (c.nowUs < passUntilUs) return PASS;
      if (held === 0) c.timer(toMicroseconds(ms()));
      parts.push(chunk);
      held += chunk.length;
      if (!isFull(parts, held)) return [];
      c.timer(-1);
      return joined();
    },
    onFin: () => out({ pass: true }),
    onReset: () => out({ pass: true }),
    onTimer: (c: StageContext) => {
      passUntilUs = c.nowUs + toMicroseconds(passMs());
      return joined();
    },
    onRemove: () => joined(),
  };
}
