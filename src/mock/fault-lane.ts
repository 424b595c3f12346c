import { deferred } from '../base/deferred';
import { DelaySlot } from '../faults/delay-slot';
import { PASS, type Side, type Stream } from '../faults/fault';
import { Pipeline } from '../faults/pipeline';
import { SerialSlot } from '../faults/serial-slot';
import type { Item, Slot } from '../faults/slot';
import { SlotContext } from '../faults/slot-context';
import { TriggerSlot } from '../faults/trigger-slot';
import type { MockFault, MockFaults } from './mock-faults';

/** What leaves a lane. */
export interface LaneEnd {
  chunk(bytes: Uint8Array): void;
  /** The end of the stream, of its source or by a fault. */
  fin(): void;
  /** The source was reset. */
  broken(): void;
  /** A fault ends both directions with FIN. */
  close(): void;
  reset(side: Side): void;
  /** Time has moved something, so that reading may go on. */
  moved(): void;
}

/** What a lane knows of its connection. */
export interface LaneParts {
  readonly faults: MockFaults;
  readonly connection: number;
  readonly stream: Stream;
  readonly startedUs: number;
  readonly label: string;
  /** Told of what a fault did. */
  acted(fault: MockFault, action: string, bytes: number): void;
  hasActed(name: string): boolean;
}

/** One direction of one connection, with the faults that act there. */
export class FaultLane {
  readonly #parts: LaneParts;
  readonly #pipeline: Pipeline;
  readonly #slots = new Map<MockFault, Slot>();
  #end: LaneEnd | undefined;
  #room = deferred<void>();

  constructor(parts: LaneParts) {
    this.#parts = parts;
    const { faults, label } = parts;
    const sink = { deliver: (item: Item): void => this.#deliver(item) };
    this.#pipeline = new Pipeline(faults.clock, sink, label, () => this.#moved());
  }

  /** Says where everything goes. */
  into(end: LaneEnd): void {
    this.#end = end;
    for (const slot of this.#pipeline.slots) this.#pipeline.change((nowUs) => slot.start(nowUs));
  }

  /** Whether no fault acts here. */
  get empty(): boolean {
    return this.#pipeline.empty;
  }

  /** Bytes that wait. */
  get held(): number {
    return this.#pipeline.held;
  }

  /** Whether the source may be read, with room for so many bytes. */
  mayRead(most: number): boolean {
    return this.#pipeline.empty || this.#pipeline.mayRead(most);
  }

  /** Resolves when the source may be read. */
  async room(most: number): Promise<void> {
    while (!this.mayRead(most)) {
      this.#room = deferred<void>();
      await this.#room.promise;
    }
  }

  push(bytes: Uint8Array): void {
    this.#pipeline.push({ kind: 'chunk', bytes, atUs: 0 });
  }

  /** The source has ended. */
  finish(kind: 'fin' | 'broken'): void {
    this.#pipeline.push({ kind, atUs: 0 });
  }

  /** A fault begins to act here. */
  put(fault: MockFault): void {
    if (this.#slots.has(fault)) return;
    const slot = this.#slotOf(fault);
    if (slot === undefined) return;
    this.#slots.set(fault, slot);
    this.#pipeline.insert(slot);
    if (this.#end !== undefined) this.#pipeline.change((nowUs) => slot.start(nowUs));
  }

  /** A fault acts no more; what waits in it goes on. */
  take(fault: MockFault): void {
    const slot = this.#slots.get(fault);
    if (slot === undefined) return;
    this.#slots.delete(fault);
    this.#pipeline.remove(slot);
    this.#moved();
  }

  /** Bytes of the other direction, for triggers that look there. */
  look(bytes: Uint8Array): void {
    for (const slot of this.#pipeline.slots) {
      this.#pipeline.change((nowUs) => slot.look(bytes, nowUs));
    }
  }

  /** A fault has acted on this connection. */
  acted(name: string): void {
    for (const slot of this.#pipeline.slots) {
      this.#pipeline.change((nowUs) => slot.acted(name, nowUs));
    }
  }

  /** Drops everything. */
  drop(): void {
    this.#pipeline.close();
    this.#slots.clear();
    this.#room.resolve();
  }

  #moved(): void {
    this.#room.resolve();
    this.#end?.moved();
  }

  #deliver({ kind, bytes, how, side = 'both' }: Item): void {
    const end = this.#end;
    if (end === undefined) return;
    if (kind === 'chunk' && bytes !== undefined) end.chunk(bytes);
    else if (kind === 'fin' || (kind === 'end' && how !== 'close')) end.fin();
    else if (kind === 'broken') end.broken();
    else if (kind === 'end') end.close();
    else if (kind === 'reset') end.reset(side);
  }

  #slotOf(fault: MockFault): Slot | undefined {
    const { type, trigger, name } = fault.settings;
    if (type.delay === undefined && type.stage === undefined) return undefined;
    if (trigger === undefined) return this.#plainSlot(fault);
    const { faults, stream, startedUs, hasActed } = this.#parts;
    const now = (): number => faults.clock.now();
    return new TriggerSlot({ name, order: fault.order }, trigger, {
      looksAcross: trigger.stream !== undefined && trigger.stream !== stream,
      make: () => this.#plainSlot(fault),
      told: { fired: () => undefined },
      moments: {
        connection: startedUs,
        toxic: now(),
        proxy: faults.startedUs,
        acted: (other) => hasActed(other),
        now,
      },
    });
  }

  #plainSlot(fault: MockFault): Slot {
    const { type, values, name } = fault.settings;
    const { connection, stream, startedUs, faults, acted } = this.#parts;
    const place = { name, order: fault.order };
    const decide = (purpose: string, n: number): number =>
      faults.decide(connection, stream, name, purpose, n);
    const context = new SlotContext({ connection, stream, startedUs, decide });
    if (type.delay !== undefined) {
      const delayed = (bytes: number): void => acted(fault, 'delayed', bytes);
      return new DelaySlot(place, type.delay(values), context, delayed);
    }
    const stage = type.stage?.(values) ?? { onChunk: () => PASS };
    const told = (action: string, bytes: number): void => acted(fault, action, bytes);
    return new SerialSlot(place, stage, context, told);
  }
}
