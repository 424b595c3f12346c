import { toMicroseconds } from '../base/duration';
import { choice, duration, share, size } from './attribute-rules';
import { builderOf, type FaultBuilder } from './builder';
import { type FaultStage, PASS, type Side, type StageContext, type Verdict } from './fault';
import { type FaultType, faultType } from './fault-type';
import { liveStage } from './live-stage';
import { passThenAct } from './pass-then-act';

/** When a RST is sent, and to whom. */
export interface ResetAttributes {
  /** At this offset; default: at once, also when idle. */
  readonly after: number | string;
  /** Default `both`. */
  readonly side: Side;
  /** Default 0. */
  readonly delay: number | string;
}

/** Which part of a write arrives before the RST. */
export interface ResetMidWriteAttributes {
  /** Offset that the write crosses. */
  readonly after: number | string;
  /** Share of the chunk that passes; default 0.5. */
  readonly keep: number;
}

/** After how many bytes a side is closed with bytes unread. */
export interface CloseUnreadAttributes {
  /** Default 0. */
  readonly after: number | string;
}

interface ResetValues {
  readonly after?: number;
  readonly side: Side;
  readonly delay: number;
}

/** RST at once, or at an offset. */
export const resetType: FaultType<ResetValues> = faultType({
  type: 'reset',
  attributes: {
    after: size(),
    side: choice(['both', 'client', 'upstream'], 'both'),
    delay: duration(0),
  },
  stage: resetStage,
});

/** Passes a part of the chunk that crosses an offset, with the RST right behind it. */
export const resetMidWriteType: FaultType<{ readonly after: number; readonly keep: number }> =
  faultType({
    type: 'reset_mid_write',
    attributes: { after: { kind: 'size', unit: 'bytes', required: true }, keep: share(0.5) },
    stage: (values) =>
      liveStage(values, (now) => ({
        onChunk: (chunk, c): Verdict => {
          if (c.offset + chunk.length <= now().after) return PASS;
          const kept = chunk.subarray(0, Math.floor(chunk.length * now().keep));
          return [{ emit: kept }, { reset: receiverOf(c) }];
        },
      })),
  });

/** RST to the source at its first byte behind an offset, as a kernel does for unread bytes. */
export const closeUnreadType: FaultType<{ readonly after: number }> = faultType({
  type: 'close_unread',
  attributes: { after: size(0) },
  stage: (values) =>
    liveStage(values, (now) => ({
      onChunk: (chunk, c): Verdict => {
        const left = now().after - c.offset;
        if (left >= chunk.length) return PASS;
        const kept = chunk.subarray(0, Math.max(0, left));
        return [{ emit: kept }, { reset: c.stream === 'upstream' ? 'client' : 'upstream' }];
      },
    })),
});

/** Sends RST at once, also when nothing flows, or at an offset. */
export const reset: FaultBuilder<ResetAttributes> = builderOf(resetType);

/** Sends RST in the middle of a write. */
export const resetMidWrite: FaultBuilder<ResetMidWriteAttributes> = builderOf(resetMidWriteType);

/** Closes the side of the source while bytes of it are unread: it gets RST, the other side FIN. */
export const closeUnread: FaultBuilder<CloseUnreadAttributes> = builderOf(closeUnreadType);

function resetStage(values: ResetValues): FaultStage {
  const { after } = values;
  if (after !== undefined) {
    return passThenAct({ ...values, after }, ({ delay, side }) => [
      { wait: toMicroseconds(delay) },
      { reset: side },
    ]);
  }
  return liveStage(values, (now) => ({
    onStart: (c): Verdict => {
      if (now().delay === 0) return [{ reset: now().side }];
      c.timer(toMicroseconds(now().delay));
      return PASS;
    },
    onChunk: () => PASS,
    onTimer: (): Verdict => [{ reset: now().side }],
  }));
}

function receiverOf({ stream }: StageContext): Side {
  return stream === 'downstream' ? 'client' : 'upstream';
}
