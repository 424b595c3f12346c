import type { Trigger } from './fault';
import { type Item, type Reading, Slot } from './slot';
import type { Moments } from './trigger-conditions';
import { TriggerEffect } from './trigger-effect';
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
  /** Whether its trigger looks at the other direction. */
  readonly #across: boolean;
  /** What it waits for. */
  readonly trigger: Trigger;
  readonly #moments: Moments;
  readonly #make: () => Slot;
  readonly #told: TriggerTold;
  readonly #watch: TriggerWatch;
  #until: TriggerWatch | undefined;
  #effect: TriggerEffect | undefined;
  /** It is gone. */
  #over = false;
  #tail: Uint8Array = new Uint8Array(0);

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
    this.trigger = trigger;
    this.#moments = parts.moments;
    this.#across = parts.looksAcross;
    this.#make = parts.make;
    this.#told = parts.told;
    this.#watch = new TriggerWatch(trigger, parts.moments);
  }

  /** Whether the trigger has fired on this connection. */
  get fired(): boolean {
    return this.#effect !== undefined;
  }

  get dueUs(): number {
    if (this.#effect === undefined) return this.#watch.dueUs;
    if (this.#effect.over) return Number.POSITIVE_INFINITY;
    return Math.min(this.#effect.dueUs, this.#until?.dueUs ?? Number.POSITIVE_INFINITY);
  }

  get held(): number {
    return this.#tail.length + (this.#effect?.held ?? 0);
  }

  get reading(): Reading {
    return this.#effect?.reading ?? 'on';
  }

  /** The link has opened: a trigger that needs nothing fires now. */
  override start(nowUs: number): void {
    if (this.#watch.due(nowUs)) this.#fire(nowUs);
  }

  take(item: Item, nowUs: number): void {
    const { bytes } = item;
    if (this.#effect !== undefined) {
      if (this.#across || this.#until === undefined) this.#effect.take(item, nowUs);
      else this.#takeUntil(item, this.#effect, this.#until, nowUs);
    } else if (this.#over || this.#across) this.forward(item, nowUs);
    else if (bytes === undefined) this.#takeEnd(item, nowUs);
    else this.#takeBytes(bytes, nowUs);
  }

  /** The fault inside may look there too, once it is there. */
  override get looksAcross(): boolean {
    return this.#across || this.#effect === undefined || this.#effect.looksAcross;
  }

  /** Bytes of the other direction. */
  override look(bytes: Uint8Array, nowUs: number): void {
    this.#effect?.look(bytes, nowUs);
    if (!this.#across) return;
    if (this.#effect === undefined) {
      if (this.#watch.feed(bytes, 0, nowUs) !== undefined) this.#fire(nowUs);
    } else if (this.#until?.feed(bytes, 0, nowUs) !== undefined) this.#effect.end(nowUs);
  }

  /** The other direction has ended. */
  override lookAtEnd(nowUs: number): void {
    if (!this.#across) return;
    if (this.#effect === undefined) {
      if (this.#watch.fin(nowUs)) this.#fire(nowUs);
    } else if (this.#until?.fin(nowUs) === true) this.#effect.end(nowUs);
  }

  /** Another fault has acted on this connection. */
  override acted(name: string, nowUs: number): void {
    if (this.#effect === undefined) {
      if (this.#watch.acted(name, nowUs)) this.#fire(nowUs);
    } else if (this.#until?.acted(name, nowUs) === true) this.#effect.end(nowUs);
  }

  run(nowUs: number): void {
    if (this.#effect === undefined) {
      if (this.#watch.due(nowUs)) this.#fire(nowUs);
    } else if (this.#until?.due(nowUs) === true) this.#effect.end(nowUs);
    else this.#effect.run(nowUs);
  }

  update(values: object, nowUs: number): void {
    this.#effect?.update(values, nowUs);
  }

  override release(nowUs: number): void {
    this.#effect?.release(nowUs);
  }

  remove(nowUs: number): void {
    this.#letGo(nowUs);
    this.#effect?.end(nowUs);
    this.#over = true;
  }

  #takeEnd(item: Item, nowUs: number): void {
    this.#letGo(nowUs);
    if (item.kind === 'fin' && this.#watch.fin(nowUs)) this.#fire(nowUs);
    if (this.#effect === undefined) this.forward(item, nowUs);
    else this.#effect.take(item, nowUs);
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

  /** Up to the place where the effect ends the fault acts, and not behind it. */
  #takeUntil(item: Item, effect: TriggerEffect, until: TriggerWatch, nowUs: number): void {
    const { bytes, kind } = item;
    const at = bytes === undefined ? undefined : until.feed(bytes, 0, nowUs);
    if (bytes === undefined || at === undefined) {
      if (kind === 'fin' && until.fin(nowUs)) effect.end(nowUs);
      effect.take(item, nowUs);
      return;
    }
    if (at > 0) effect.take({ ...item, bytes: bytes.subarray(0, at) }, nowUs);
    effect.end(nowUs);
    this.#send(bytes.subarray(at), nowUs);
  }

  #fire(nowUs: number): void {
    const { until, times = Number.POSITIVE_INFINITY } = this.trigger;
    if (until !== undefined)
      this.#until = new TriggerWatch(until, { ...this.#moments, toxic: nowUs });
    const effect = new TriggerEffect(this.#make(), times, (item) =>
      this.forward(item, this.#moments.now()),
    );
    this.#effect = effect;
    this.#told.fired();
    effect.start(nowUs);
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
