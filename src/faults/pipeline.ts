/**
 * The stages of one direction of one connection.
 *
 * Bytes come in at one end and leave at the other, in order. Slots are added, updated and removed
 * while bytes are in them, and none is lost. One timer serves all of them, for the earliest thing
 * that is due; without a slot nothing is queued and nothing is timed.
 */
import type { Clock, ClockTimer } from '../network/clock';
import type { Item, ItemSink, Slot } from './slot';

/** How far a source is read ahead of a stage that waits for its time, in bytes. */
const readAhead = 1_048_576;

/** What the stages need of a clock. */
export type PipelineClock = Pick<Clock, 'now' | 'after'>;

/** Runs the slots of one direction. */
export class Pipeline {
  readonly #clock: PipelineClock;
  readonly #sink: ItemSink;
  readonly #moved: () => void;
  readonly #label: string;
  #slots: Slot[] = [];
  #timer: ClockTimer | undefined;
  #armedUs = Number.POSITIVE_INFINITY;
  #closed = false;

  /** @param moved - called when a timer has moved something, so that reading may go on */
  constructor(clock: PipelineClock, sink: ItemSink, label: string, moved: () => void) {
    this.#clock = clock;
    this.#sink = sink;
    this.#label = label;
    this.#moved = moved;
  }

  /** Whether nothing acts here, so that bytes need not come through. */
  get empty(): boolean {
    return this.#slots.length === 0;
  }

  get slots(): readonly Slot[] {
    return this.#slots;
  }

  /** Bytes that wait. */
  get held(): number {
    let held = 0;
    for (const slot of this.#slots) held += slot.held;
    return held;
  }

  /** Whether the source may be read, as far as the stages go. */
  mayRead(limit: number): boolean {
    let held = 0;
    for (const slot of this.#slots) {
      const { reading } = slot;
      held += slot.held;
      if (reading === 'stop' || (reading === 'ahead' && slot.held >= Math.min(limit, readAhead))) {
        return false;
      }
    }
    return held < limit;
  }

  push(item: Item): void {
    if (this.#closed) return;
    const [first] = this.#slots;
    if (first === undefined) this.#sink.deliver(item);
    else first.take(item, this.#clock.now());
    this.#arm();
  }

  /** Puts a slot in its place by order; those before it are asked first. */
  insert(slot: Slot): void {
    const index = this.#slots.findIndex(({ order }) => order > slot.order);
    this.#slots.splice(index < 0 ? this.#slots.length : index, 0, slot);
    this.#join();
  }

  /** Does something to a slot, then whatever follows from it. */
  change(work: (nowUs: number) => void): void {
    if (this.#closed) return;
    work(this.#clock.now());
    this.#arm();
  }

  /** Takes a slot out; what waits in it goes on at once. */
  remove(slot: Slot): void {
    if (!this.#slots.includes(slot)) return;
    if (!this.#closed) slot.remove(this.#clock.now());
    this.#slots = this.#slots.filter((other) => other !== slot);
    this.#join();
    this.#arm();
  }

  /** Ends it; what waits is dropped. */
  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#slots = [];
  }

  #join(): void {
    for (const [index, slot] of this.#slots.entries()) {
      slot.following = this.#slots[index + 1];
      slot.sink = this.#sink;
    }
  }

  #run(): void {
    this.#armedUs = Number.POSITIVE_INFINITY;
    const nowUs = this.#clock.now();
    for (const slot of this.#slots) if (slot.dueUs <= nowUs) slot.run(nowUs);
    this.#arm();
    this.#moved();
  }

  /** One timer for the earliest due time of all slots. */
  #arm(): void {
    if (this.#closed) return;
    let dueUs = Number.POSITIVE_INFINITY;
    for (const slot of this.#slots) dueUs = Math.min(dueUs, slot.dueUs);
    if (dueUs === this.#armedUs) return;
    this.#armedUs = dueUs;
    if (dueUs === Number.POSITIVE_INFINITY) {
      this.#timer?.cancel();
      this.#timer = undefined;
      return;
    }
    // A schedule has fractions of µs, a clock has not: rounded up, so that nothing is early.
    const delayUs = Math.ceil(Math.max(0, dueUs - this.#clock.now()));
    if (this.#timer === undefined) {
      this.#timer = this.#clock.after(delayUs, () => this.#run(), this.#label);
    } else this.#timer.restart(delayUs);
  }
}
