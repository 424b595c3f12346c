import { size } from './attribute-rules';
import { builderOf, type FaultBuilder } from './builder';
import { type Act, type FaultStage, PASS, type Verdict } from './fault';
import { type FaultType, faultType } from './fault-type';
import { liveStage } from './live-stage';

/** After how many bytes nothing passes any more. */
export interface HoldAttributes {
  /** Default 0. */
  readonly after: number | string;
}

interface Values {
  readonly after: number;
}

/** Passes nothing; reads on until the queue is full, as if a cable had been pulled. */
export const holdType: FaultType<Values> = faultType({
  type: 'hold',
  attributes: { after: size(0) },
  stage: (values) => heldStage(values, true),
});

/** Passes nothing and reads nothing, so that the window of the source closes. */
export const stopReadingType: FaultType<Values> = faultType({
  type: 'stop_reading',
  attributes: { after: size(0) },
  stage: (values) => heldStage(values, false),
});

/** Holds everything behind `after` bytes back; it leaves in order when released or removed. */
export const hold: FaultBuilder<HoldAttributes> = builderOf(holdType);

/** Stops reading the source behind `after` bytes; nothing is lost when it is removed. */
export const stopReading: FaultBuilder<HoldAttributes> = builderOf(stopReadingType);

function heldStage(values: Values, readsOn: boolean): FaultStage {
  return liveStage(values, (now) => ({
    readsOn,
    onStart: (): Verdict => (now().after === 0 ? [{ stall: true }] : PASS),
    onChunk: (chunk, c): Verdict => {
      const left = now().after - c.offset;
      if (left >= chunk.length) return PASS;
      const rest: Act = left > 0 ? { again: chunk.subarray(left) } : { pass: true };
      return left > 0 ? [{ emit: chunk.subarray(0, left) }, rest] : [{ stall: true }, rest];
    },
    onFin: (c): Verdict => (c.offset >= now().after ? [{ stall: true }, { pass: true }] : PASS),
    onReset: (c): Verdict => (c.offset >= now().after ? [{ stall: true }, { pass: true }] : PASS),
    onUpdate: () => 'now',
  }));
}
