/** Slots for the faults of a proxy in the links of its connections. */
import { DelaySlot } from '../faults/delay-slot';
import { type FaultStage, PASS, type Stream } from '../faults/fault';
import { SerialSlot } from '../faults/serial-slot';
import type { Slot } from '../faults/slot';
import { SlotContext } from '../faults/slot-context';
import { TriggerSlot } from '../faults/trigger-slot';
import type { Toxic } from './toxic';

/** What a slot is told of the connection, and whom it tells what it did. */
export interface SlotHome {
  now(): number;
  /** When the proxy was started. */
  readonly proxyStartedUs: number;
  hasActed(toxic: string): boolean;
  triggered(toxic: Toxic, stream: Stream): void;
  neverFired(toxic: Toxic, stream: Stream): void;
  warn(toxic: Toxic, stream: Stream, text: string): void;
  readonly number: number;
  readonly startedUs: number;
  decide(stream: Stream | 'both', toxic: string, purpose: string, n: number): number;
  acted(toxic: Toxic, stream: Stream, action: string, bytes: number): void;
}

/** Makes the slot of a fault, or nothing for one that does not act on bytes. */
export function slotOf(toxic: Toxic, stream: Stream, home: SlotHome): Slot | undefined {
  const { type, trigger, name } = toxic.settings;
  if (type.delay === undefined && type.stage === undefined) return undefined;
  if (trigger === undefined) return plainSlot(toxic, stream, home);
  return new TriggerSlot({ name, order: toxic.order }, trigger, {
    looksAcross: trigger.stream !== undefined && trigger.stream !== stream,
    make: () => plainSlot(toxic, stream, home),
    told: { fired: () => home.triggered(toxic, stream) },
    moments: {
      connection: home.startedUs,
      toxic: home.now(),
      proxy: home.proxyStartedUs,
      acted: (other) => home.hasActed(other),
      now: () => home.now(),
    },
  });
}

function plainSlot(toxic: Toxic, stream: Stream, home: SlotHome): Slot {
  const { type, values, name } = toxic.settings;
  const place = { name, order: toxic.order };
  const context = new SlotContext({
    connection: home.number,
    stream,
    startedUs: home.startedUs,
    decide: (purpose, n) => home.decide(stream, name, purpose, n),
    warn: (text) => home.warn(toxic, stream, text),
  });
  if (type.delay !== undefined) {
    return new DelaySlot(place, type.delay(values), context, (bytes, delayUs) => {
      toxic.tally.delayed(stream, delayUs);
      home.acted(toxic, stream, 'delayed', bytes);
    });
  }
  const stage: FaultStage = type.stage?.(values) ?? { onChunk: () => PASS };
  return new SerialSlot(place, stage, context, (action, bytes, delayUs) => {
    toxic.tally.delayed(stream, delayUs);
    home.acted(toxic, stream, action, bytes);
  });
}
