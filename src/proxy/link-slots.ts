/** Slots for the faults of a proxy in the links of its connections. */
import { DelaySlot } from '../faults/delay-slot';
import type { Stream } from '../faults/fault';
import { SerialSlot } from '../faults/serial-slot';
import type { Slot } from '../faults/slot';
import { SlotContext } from '../faults/slot-context';
import type { Toxic } from './toxic';

/** What a slot is told of the connection, and whom it tells what it did. */
export interface SlotHome {
  readonly number: number;
  readonly startedUs: number;
  decide(stream: Stream | 'both', toxic: string, purpose: string, n: number): number;
  acted(toxic: Toxic, stream: Stream, action: string, bytes: number): void;
}

/** Makes the slot of a fault, or nothing for one that does not act on bytes. */
export function slotOf(toxic: Toxic, stream: Stream, home: SlotHome): Slot | undefined {
  const { type, values, name } = toxic.settings;
  const place = { name, order: toxic.order };
  const context = new SlotContext({
    connection: home.number,
    stream,
    startedUs: home.startedUs,
    decide: (purpose, n) => home.decide(stream, name, purpose, n),
  });
  if (type.delay !== undefined) {
    return new DelaySlot(place, type.delay(values), context, (bytes) =>
      home.acted(toxic, stream, 'delayed', bytes),
    );
  }
  if (type.stage === undefined) return undefined;
  return new SerialSlot(place, type.stage(values), context, (action, bytes) =>
    home.acted(toxic, stream, action, bytes),
  );
}
