/**
 * The faults that a plan has for streams, each as a stage of `src/faults`: the same code that acts
 * in a proxy.
 *
 * @source docs/simulation.md
 */
import { type Duration, readDuration } from '../base/duration';
import { blackholeType } from '../faults/blackhole';
import { coalesceType } from '../faults/coalesce';
import { corruptType } from '../faults/corrupt';
import { DelaySlot } from '../faults/delay-slot';
import type { DelayStage, FaultStage, Stream } from '../faults/fault';
import type { FaultType } from '../faults/fault-type';
import { framedStage } from '../faults/framed-stage';
import { halfCloseType } from '../faults/half-close';
import { holdType } from '../faults/hold';
import { latencyType } from '../faults/latency';
import { resetType } from '../faults/reset';
import { segmentsType } from '../faults/segments';
import { SerialSlot } from '../faults/serial-slot';
import type { Slot } from '../faults/slot';
import { SlotContext } from '../faults/slot-context';
import { truncateType } from '../faults/truncate';
import { Borders } from './borders';
import type { FaultPath } from './fault-path';

/** Which stream a fault is in; default: that of the trigger, or both directions when it has none. */
interface Place {
  readonly connection?: number;
  readonly direction?: 'out' | 'in' | 'both';
}

/** A fault of a stream; it acts from where its trigger was met to the end of the stream. */
export type StreamFault = Place &
  (
    | { readonly type: 'delay'; readonly duration: Duration }
    | { readonly type: 'stall'; readonly after?: number }
    | { readonly type: 'split'; readonly size?: number; readonly gap?: Duration }
    | { readonly type: 'coalesce'; readonly size?: number; readonly time?: Duration }
    | { readonly type: 'corrupt'; readonly byte: number; readonly xor?: number }
    | { readonly type: 'duplicate'; readonly messages?: number }
    | { readonly type: 'truncate'; readonly after?: number }
    | { readonly type: 'blackhole' }
  );

/** `reset` and `halfClose` after a number of bytes. */
export interface LateEnd extends Place {
  readonly type: 'reset' | 'halfClose';
  /** Bytes of the direction that pass before. */
  readonly after: number;
  readonly side?: 'dialler' | 'listener';
}

/** Where a stage is put, and who is told what it does. */
export interface StagePlace {
  readonly path: FaultPath;
  readonly connection: number;
  readonly direction: 'out' | 'in';
  readonly nowUs: number;
  /** Order among the faults of a plan. */
  readonly order: number;
  readonly acted: (action: string, bytes: number) => void;
}

/** The stage of a fault. */
export function slotOf(fault: StreamFault | LateEnd, place: StagePlace): Slot {
  const { path, connection, direction, nowUs: startedUs, order, acted } = place;
  const stream: Stream = direction === 'out' ? 'upstream' : 'downstream';
  // Nothing in a plan is left to chance.
  const context = new SlotContext({ connection, stream, startedUs, decide: () => 0 });
  // A later fault comes first: it counts from a place in what the sender sends, and what waits in
  // an earlier one has passed that place already.
  const at = { name: fault.type, order: -order };
  const stage = stageOf(fault, path);
  return 'draw' in stage
    ? new DelaySlot(at, stage, context, (bytes) => acted('delayed', bytes))
    : new SerialSlot(at, stage, context, acted);
}

function stageOf(fault: StreamFault | LateEnd, path: FaultPath): FaultStage | DelayStage {
  const { after = 0 } = fault as LateEnd;
  switch (fault.type) {
    case 'delay':
      return made(latencyType, { latency: readDuration('duration', fault.duration), jitter: 0 });
    case 'stall':
      return made(holdType, { after });
    case 'split':
      return made(segmentsType, {
        size: fault.size ?? 1,
        gap: readDuration('gap', fault.gap ?? 1),
      });
    case 'coalesce': {
      const time = readDuration('time', fault.time ?? 50);
      return made(coalesceType, { size: fault.size ?? 65_536, time });
    }
    case 'corrupt': {
      const { byte: offset, xor: value = 0xff } = fault;
      return made(corruptType, { mode: 'xor', offset, value, bit: 0, length: 1 });
    }
    case 'duplicate':
      return duplicateStage(path, fault.messages ?? 1);
    case 'truncate':
      return made(truncateType, { after, how: 'fin', settle: 0 });
    case 'blackhole':
      return made(blackholeType, {});
    case 'reset':
      return made(resetType, { after, side: sides[fault.side ?? 'both'], delay: 0 });
    case 'halfClose':
      return made(halfCloseType, { after, discard: true });
  }
}

function made<V extends object>(type: FaultType<V>, values: V): FaultStage | DelayStage {
  const stage = type.delay?.(values) ?? type.stage?.(values);
  if (stage === undefined) throw new TypeError(`${type.type} acts on no bytes`);
  return stage;
}

const sides = { dialler: 'client', listener: 'upstream', both: 'both' } as const;

function duplicateStage(path: FaultPath, messages: number): FaultStage {
  const borders = new Borders(path.taken);
  path.borders.add(borders);
  const framing: Parameters<typeof framedStage>[0] = {
    decode(payload) {
      const frames = borders.within(payload.length).map((place) => ({ ...place, payload }));
      return { frames, consumed: frames.at(-1)?.end ?? 0 };
    },
  };
  return framedStage(framing, (message, number) =>
    number > messages ? [{ emit: message }] : [{ emit: message }, { emit: message }],
  );
}
