import type { Trigger } from './fault';
import { type Item, type Reading, Slot } from './slot';
import type { Moments } from './trigger-conditions';
import { TriggerWatch } from './trigger-watch';

/** What happens inside a slot that waits for a trigger. */
export interface TriggerTold {
  readonly fired: () => void;
}

/**
 * A fault that waits for its trigger: until then everything goes past it.
 *
 * The fault is made when the trigger fires, so that its first byte is the one at which it fired.
 * With `stream`, the bytes of the other direction are watched instead; who runs the links passes
 * them on with `look`.
 */
export class TriggerSlot extends Slot {
  /** Whether the trigger has fired on this connection. */
  fired = false;
  /** Whether its trigger looks at the other direction. */
  readonly #across: boolean;
  readonly #trigger: Trigger;
  readonly #moments: Moments;
  readonly #make: () => Slot;
  readonly #told: TriggerTold;
  readonly #watch: TriggerWatch;
  #until: TriggerWatch | undefined;
  #inner: Slot | undefined;
  /** The effect has ended. */
  #over = false;
  #tail: Uint8Array = new Uint8Array(0);
  /** Chunks that the fault was given. */
  #given = 0;
  /** What came after the last chunk that is for the fault; it waits until the fault holds nothing. */
  #behind: Item[] = [];

  constructor(
    place: { readonly name: string; readonly order: number },
    trigger: Trigger,
    parts: {
      readonly moments: Moments;
      readonly looksAcross: boolean;
      readonly make: () => Slot;
      readonly told: TriggerTold;
    },
  ) {
    super(place.name, place.order);
    this.#trigger = trigger;
    this.#moments = parts.moments;
    this.#across = parts.looksAcross;
    this.#make = parts.make;
    this.#told = parts.told;
    this.#watch = new TriggerWatch(trigger, parts.moments);
  }

  get dueUs(): number {
    const inner = this.#inner?.dueUs ?? Number.POSITIVE_INFINITY;
    if (this.#over) return Number.POSITIVE_INFINITY;
    return Math.min(inner, this.fired ? (this.#until?.dueUs ?? Infinity) : this.#watch.dueUs);
  }

  get held(): number {
    let held = this.#tail.length + (this.#inner?.held ?? 0);
    for (const { bytes } of this.#behind) held += bytes?.length ?? 0;
    return held;
  }

  get reading(): Reading {
    return this.#inner?.reading ?? 'on';
  }

  /** The link has opened: a trigger that needs nothing fires now. */
  override start(nowUs: number): void {
    if (this.#watch.due(nowUs)) this.#fire(nowUs);
  }

  take(item: Item, nowUs: number): void {
    const { bytes } = item;
    if (this.#inner !== undefined && !this.#over) {
      if (bytes !== undefined && !this.#across) this.#lookForEnd(bytes, nowUs);
      if (this.#over) this.forward(item, nowUs);
      else this.#give(this.#inner, item, nowUs);
      return;
    }
    if (this.#over || this.#across) this.forward(item, nowUs);
    else if (bytes === undefined) this.#takeEnd(item, nowUs);
    else this.#takeBytes(bytes, nowUs);
  }

  /** The fault inside may look there too, once it is there. */
  override get looksAcross(): boolean {
    return this.#across || !this.fired || this.#inner?.looksAcross === true;
  }

  /** Bytes of the other direction. */
  override look(bytes: Uint8Array, nowUs: number): void {
    if (this.#over) return;
    this.#inner?.look(bytes, nowUs);
    if (!this.#across) return;
    if (this.fired) this.#lookForEnd(bytes, nowUs);
    else if (this.#watch.feed(bytes, 0, nowUs) !== undefined) this.#fire(nowUs);
  }

  /** Another fault has acted on this connection. */
  override acted(name: string, nowUs: number): void {
    if (!this.fired && this.#watch.acted(name, nowUs)) this.#fire(nowUs);
    else if (this.fired && this.#until?.acted(name, nowUs) === true) this.#end(nowUs);
  }

  run(nowUs: number): void {
    if (!this.fired && this.#watch.due(nowUs)) this.#fire(nowUs);
    else if (this.fired && this.#until?.due(nowUs) === true) this.#end(nowUs);
    else {
      this.#inner?.run(nowUs);
      this.#leaveWhenEmpty(nowUs);
    }
  }

  update(values: object, nowUs: number): void {
    this.#inner?.update(values, nowUs);
    this.#leaveWhenEmpty(nowUs);
  }

  override release(nowUs: number): void {
    this.#inner?.release(nowUs);
    this.#leaveWhenEmpty(nowUs);
  }

  remove(nowUs: number): void {
    this.#letGo(nowUs);
    this.#end(nowUs);
  }

  get #spent(): boolean {
    return this.#given >= (this.#trigger.times ?? Number.POSITIVE_INFINITY);
  }

  #give(inner: Slot, item: Item, nowUs: number): void {
    if (this.#spent) this.#behind.push(item);
    else {
      if (item.bytes !== undefined) this.#given++;
      inner.take(item, nowUs);
    }
    this.#leaveWhenEmpty(nowUs);
  }

  /** The fault has had its chunks and has let go of all of them. */
  #leaveWhenEmpty(nowUs: number): void {
    if (this.#spent && !this.#over && this.#inner?.held === 0) this.#end(nowUs);
  }

  #takeEnd(item: Item, nowUs: number): void {
    this.#letGo(nowUs);
    if (item.kind === 'fin' && this.#watch.fin(nowUs)) this.#fire(nowUs);
    if (this.#inner === undefined) this.forward(item, nowUs);
    else this.#give(this.#inner, item, nowUs);
  }

  #takeBytes(bytes: Uint8Array, nowUs: number): void {
    const known = this.#tail.length;
    const all = known === 0 ? bytes : Buffer.concat([this.#tail, bytes]);
    this.#tail = new Uint8Array(0);
    const at = this.#watch.feed(all, known, nowUs);
    if (at === undefined) {
      const passed = all.length - Math.min(all.length, this.#watch.holdsBack);
      this.#tail = all.subarray(passed);
      this.#send(all.subarray(0, passed), nowUs);
      return;
    }
    this.#send(all.subarray(0, at), nowUs);
    this.#fire(nowUs);
    if (at < all.length) this.take({ kind: 'chunk', bytes: all.subarray(at), atUs: nowUs }, nowUs);
  }

  #fire(nowUs: number): void {
    this.fired = true;
    const { until } = this.#trigger;
    if (until !== undefined)
      this.#until = new TriggerWatch(until, { ...this.#moments, toxic: nowUs });
    const inner = this.#make();
    this.#inner = inner;
    inner.sink = { deliver: (item) => this.forward(item, this.#moments.now()) };
    this.#told.fired();
    inner.start(nowUs);
  }

  #lookForEnd(bytes: Uint8Array, nowUs: number): void {
    if (this.#until?.feed(bytes, 0, nowUs) !== undefined) this.#end(nowUs);
  }

  #end(nowUs: number): void {
    if (!this.#over) this.#inner?.remove(nowUs);
    this.#over = true;
    for (const item of this.#behind.splice(0)) this.forward(item, nowUs);
  }

  #letGo(nowUs: number): void {
    const tail = this.#tail;
    this.#tail = new Uint8Array(0);
    this.#send(tail, nowUs);
  }

  #send(bytes: Uint8Array, nowUs: number): void {
    if (bytes.length > 0) this.forward({ kind: 'chunk', bytes, atUs: nowUs }, nowUs);
  }
}
