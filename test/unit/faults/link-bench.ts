import { DelaySlot } from '../../../src/faults/delay-slot';
import type { Fault, Stream } from '../../../src/faults/fault';
import { faultTypes } from '../../../src/faults/fault-names';
import { readAttributes, readFault } from '../../../src/faults/fault-reader';
import type { FaultType } from '../../../src/faults/fault-type';
import { Pipeline } from '../../../src/faults/pipeline';
import { SerialSlot } from '../../../src/faults/serial-slot';
import type { Item, Slot } from '../../../src/faults/slot';
import { SlotContext } from '../../../src/faults/slot-context';
import { type SimulatedWorld, simulatedWorld } from '../../../src/simulation/world';

/** One direction of a connection on a virtual clock: what goes in, and what comes out when. */
export interface LinkBench {
  readonly world: SimulatedWorld;
  /** `5 abc` for bytes at 5 ms, `12 fin`, `12 end close`, `12 reset both`. */
  readonly out: string[];
  /** What faults say that they have done. */
  readonly acted: string[];
  /** All bytes that came out. */
  readonly bytes: () => string;
  readonly pipeline: Pipeline;
  send(text: string): void;
  fin(): void;
  broken(): void;
  add(fault: Fault): void;
  update(index: number, attributes: object): void;
  remove(index: number): void;
  /** Lets go of what faults hold back. */
  release(): void;
  /** Lets virtual time pass, in ms. */
  at(ms: number): Promise<void>;
}

/** Runs a body with a link that has certain faults. */
export function onLink(
  faults: readonly Fault[],
  body: (link: LinkBench) => Promise<void>,
  chance: (purpose: string, n: number) => number = () => 0.5,
): Promise<void> {
  return simulatedWorld().run(async (world) => {
    const out: string[] = [];
    const acted: string[] = [];
    const parts: Buffer[] = [];
    const startUs = world.clock.now();
    const now = (): number => (world.clock.now() - startUs) / 1_000;
    const deliver = (item: Item): void => {
      if (item.kind === 'chunk') parts.push(Buffer.from(item.bytes ?? []));
      const text = Buffer.from(item.bytes ?? []).toString();
      const what = [item.kind, item.how, item.side].filter((word) => word !== undefined).join(' ');
      out.push(`${now()} ${item.kind === 'chunk' ? shorten(text) : what}`);
    };
    const pipeline = new Pipeline(world.clock, { deliver }, 'link', () => undefined);
    const slots: Slot[] = [];
    const link: LinkBench = {
      world,
      out,
      acted,
      bytes: () => Buffer.concat(parts).toString(),
      pipeline,
      send: (text) => pipeline.push({ kind: 'chunk', bytes: Buffer.from(text), atUs: 0 }),
      fin: () => pipeline.push({ kind: 'fin', atUs: 0 }),
      broken: () => pipeline.push({ kind: 'broken', atUs: 0 }),
      add: (fault) => {
        const slot = slotOf(fault, {
          order: slots.length,
          chance,
          startedUs: world.clock.now(),
          acted,
        });
        slots.push(slot);
        pipeline.insert(slot);
        if (slot instanceof SerialSlot) pipeline.change((nowUs) => slot.start(nowUs));
      },
      update: (index, attributes) => {
        const type = faultTypes.get(faults[index]?.type ?? '') as FaultType<never>;
        const { values } = readAttributes(type, attributes);
        pipeline.change((nowUs) => slots[index]?.update(values, nowUs));
      },
      remove: (index) => pipeline.remove(slots[index] as Slot),
      release: () => {
        for (const slot of slots) pipeline.change((nowUs) => slot.release(nowUs));
      },
      at: (ms) => world.clock.sleep(ms - now()),
    };
    for (const fault of faults) link.add(fault);
    await body(link);
    pipeline.close();
  });
}

function slotOf(
  fault: Fault,
  parts: {
    readonly order: number;
    readonly chance: (purpose: string, n: number) => number;
    readonly startedUs: number;
    readonly acted: string[];
  },
): Slot {
  const { order, chance: decide, startedUs, acted } = parts;
  const { type, values, name, stream } = readFault(fault, faultTypes);
  const context = new SlotContext({
    connection: 1,
    stream: stream as Stream,
    startedUs,
    decide,
  });
  const place = { name, order };
  if (type.delay !== undefined) {
    return new DelaySlot(place, type.delay(values), context, () => acted.push('delayed'));
  }
  if (type.stage === undefined) throw new Error(`${fault.type} acts on no bytes`);
  return new SerialSlot(place, type.stage(values), context, (action) => acted.push(action));
}

function shorten(text: string): string {
  return text.length > 20 ? `${text.length} B` : text;
}
