import { type Act, type FaultStage, PASS, type Verdict } from './fault';
import { type Item, type Reading, Slot } from './slot';
import type { SlotContext } from './slot-context';

/** What a stage did to an item, for counters and events. */
export type Action = 'delayed' | 'dropped' | 'changed' | 'ended';

/**
 * A slot that works on one item at a time; what comes meanwhile waits behind it.
 *
 * Waits follow an absolute schedule: each is counted from the due time of the one before, not from
 * the moment at which a timer happened to run, so that lateness does not add up.
 */
export class SerialSlot extends Slot {
  readonly #stage: FaultStage;
  readonly #context: SlotContext;
  readonly #acted: (action: Action, bytes: number, delayUs: number) => void;
  #queue: Item[] = [];
  #queued = 0;
  /** The item being worked on, and what is left to do with it. */
  #current: Item | undefined;
  #acts: readonly Act[] = [];
  #next = 0;
  /** Something of the current item has left already. */
  #touched = false;
  /** Time up to which the schedule is used. */
  #cursorUs = 0;
  #begunUs = 0;
  #waitUs = 0;
  #stalled = false;
  /** What waited when everything was let go: it is not held again. */
  readonly #released = new WeakSet<Item>();
  /** A decisive act has been carried out. */
  #over = false;
  #offset = 0;

  constructor(
    place: { readonly name: string; readonly order: number },
    stage: FaultStage,
    context: SlotContext,
    acted: (action: Action, bytes: number, delayUs: number) => void,
  ) {
    super(place.name, place.order);
    this.#stage = stage;
    this.#context = context;
    this.#acted = acted;
  }

  get dueUs(): number {
    if (this.#stalled) return Number.POSITIVE_INFINITY;
    if (this.#waitUs > 0) return this.#waitUs;
    return this.#over ? Number.POSITIVE_INFINITY : this.#context.timerUs;
  }

  get held(): number {
    return this.#queued + (this.#current?.bytes?.length ?? 0) + (this.#stage.held ?? 0);
  }

  get reading(): Reading {
    if (this.#stalled) return this.#stage.readsOn === true ? 'on' : 'stop';
    return this.#waitUs > 0 ? 'ahead' : 'on';
  }

  override start(nowUs: number): void {
    if (this.#stage.onStart !== undefined) this.take({ kind: 'start', atUs: nowUs }, nowUs);
  }

  take(item: Item, nowUs: number): void {
    if (this.#over) return;
    item.atUs = nowUs;
    this.#queue.push(item);
    this.#queued += item.bytes?.length ?? 0;
    this.run(nowUs);
  }

  run(nowUs: number): void {
    while (!this.#over) {
      if (this.#current === undefined && !this.#begin(nowUs)) return;
      if (this.#stalled || this.#waitUs > nowUs) return;
      this.#waitUs = 0;
      this.#proceed(nowUs);
    }
  }

  update(values: object, nowUs: number): void {
    const item = this.#current;
    this.#context.at(item?.atUs ?? nowUs, nowUs, this.#offset - (item?.bytes?.length ?? 0));
    const again = this.#stage.onUpdate?.(values, this.#context) ?? false;
    if (again !== false && item !== undefined) {
      this.#stalled = false;
      this.#waitUs = 0;
      this.#cursorUs = again === 'now' ? nowUs : this.#begunUs;
      if (!this.#touched) this.#follow(this.#ask(item, nowUs), item, nowUs);
    }
    this.run(nowUs);
  }

  override get looksAcross(): boolean {
    return this.#stage.onOther !== undefined;
  }

  override look(bytes: Uint8Array, nowUs: number): void {
    if (this.#over) return;
    this.#context.at(nowUs, nowUs, this.#offset);
    this.#stage.onOther?.(bytes, this.#context);
  }

  override release(nowUs: number): void {
    for (const item of this.#queue) this.#released.add(item);
    this.#stalled = false;
    this.run(nowUs);
  }

  remove(nowUs: number): void {
    if (this.#over) return;
    this.#context.at(nowUs, nowUs, this.#offset);
    const outcome = this.#stage.onRemove?.(this.#context) ?? 'flush';
    if (outcome === 'close') {
      this.#finish({ kind: 'end', how: 'close', by: this.name, atUs: nowUs }, nowUs);
      return;
    }
    if (outcome !== 'flush') for (const { emit } of outcome) this.#send(emit, nowUs);
    const item = this.#current;
    if (item !== undefined && this.#touched) this.#rush(nowUs);
    else if (item !== undefined) this.#pass(item, nowUs);
    for (const waiting of this.#queue) if (!this.#over) this.#pass(waiting, nowUs);
    this.#over = true;
  }

  /** Takes the next item up; `false` when there is none. */
  #begin(nowUs: number): boolean {
    if (this.#context.timerUs <= nowUs) {
      this.#context.timerUs = Number.POSITIVE_INFINITY;
      this.#work({ kind: 'timer', atUs: nowUs }, nowUs);
      return true;
    }
    const item = this.#queue.shift();
    if (item === undefined) return false;
    const length = item.bytes?.length ?? 0;
    this.#queued -= length;
    this.#offset += length;
    this.#work(item, nowUs);
    return true;
  }

  #work(item: Item, nowUs: number): void {
    if (item.kind === 'end' || item.kind === 'reset') {
      this.#finish(item, nowUs);
      return;
    }
    this.#cursorUs = Math.max(this.#cursorUs, item.atUs);
    this.#begunUs = this.#cursorUs;
    this.#touched = false;
    this.#follow(this.#ask(item, nowUs), item, nowUs);
  }

  #ask(item: Item, nowUs: number): Verdict {
    const stage = this.#stage;
    const context = this.#context;
    context.at(item.atUs, nowUs, this.#offset - (item.bytes?.length ?? 0));
    switch (item.kind) {
      case 'chunk':
        return stage.onChunk(item.bytes ?? nothing, context);
      case 'fin':
        return stage.onFin?.(context) ?? PASS;
      case 'broken':
        return stage.onReset?.(context) ?? PASS;
      case 'start':
        return stage.onStart?.(context) ?? PASS;
      default:
        return stage.onTimer?.(context) ?? PASS;
    }
  }

  #follow(verdict: Verdict, item: Item, nowUs: number): void {
    this.#current = undefined;
    if (verdict === PASS) {
      this.#pass(item, nowUs);
      return;
    }
    const action = actionOf(verdict, item);
    if (action !== undefined && this.#stage.acted !== false) {
      this.#acted(action, item.bytes?.length ?? 0, waitOf(verdict));
    }
    this.#current = item;
    this.#acts = verdict;
    this.#next = 0;
  }

  /** Carries out acts until one waits or the item is done. */
  #proceed(nowUs: number): void {
    const item = this.#current;
    while (item !== undefined && !this.#over) {
      const act = this.#acts[this.#next++];
      if (act === undefined) {
        this.#current = undefined;
        return;
      }
      this.#perform(act, item, nowUs);
      if (this.#stalled || this.#waitUs > 0) return;
    }
  }

  #perform(act: Act, item: Item, nowUs: number): void {
    if ('wait' in act) {
      this.#cursorUs += act.wait;
      this.#waitUs = this.#cursorUs > nowUs ? this.#cursorUs : 0;
    } else if ('stall' in act) this.#stalled = !this.#released.has(item);
    else if ('emit' in act) this.#send(act.emit, nowUs);
    else if ('pass' in act) this.#pass(item, nowUs);
    else if ('again' in act) this.#putBack(act.again, item);
    else if ('end' in act) {
      this.#finish({ kind: 'end', how: act.end, by: this.name, atUs: nowUs }, nowUs);
    } else this.#finish({ kind: 'reset', side: act.reset, by: this.name, atUs: nowUs }, nowUs);
    if (!('wait' in act || 'stall' in act)) this.#touched = true;
  }

  /** What is left of the current item, without its waits. */
  #rush(nowUs: number): void {
    const item = this.#current;
    for (const act of this.#acts.slice(this.#next)) {
      if (item === undefined || this.#over) return;
      if ('again' in act) this.#send(act.again, nowUs);
      else if (!('wait' in act || 'stall' in act)) this.#perform(act, item, nowUs);
    }
  }

  #putBack(bytes: Uint8Array, item: Item): void {
    if (bytes.length === 0) return;
    const rest: Item = { kind: 'chunk', bytes, atUs: item.atUs };
    if (this.#released.has(item)) this.#released.add(rest);
    this.#offset -= bytes.length;
    this.#queued += bytes.length;
    this.#queue.unshift(rest);
  }

  #send(bytes: Uint8Array, nowUs: number): void {
    if (bytes.length > 0) this.forward({ kind: 'chunk', bytes, atUs: nowUs }, nowUs);
  }

  #pass(item: Item, nowUs: number): void {
    if (item.kind !== 'start' && item.kind !== 'timer') this.forward(item, nowUs);
  }

  #finish(item: Item, nowUs: number): void {
    this.#over = true;
    this.#queue = [];
    this.#queued = 0;
    this.#current = undefined;
    this.#waitUs = 0;
    this.#stalled = false;
    this.forward(item, nowUs);
  }
}

const nothing = new Uint8Array(0);

function actionOf(verdict: readonly Act[], item: Item): Action | undefined {
  let sent = 0;
  let waits = false;
  for (const act of verdict) {
    if ('end' in act || 'reset' in act) return 'ended';
    if ('wait' in act || 'stall' in act) waits = true;
    if ('pass' in act) sent += item.bytes?.length ?? 0;
    if ('emit' in act) sent += act.emit.length;
    if ('again' in act) sent += act.again.length;
  }
  if (item.kind === 'timer' || item.kind === 'start')
    return waits || sent > 0 ? 'changed' : undefined;
  if (waits) return 'delayed';
  return sent < (item.bytes?.length ?? 1) ? 'dropped' : 'changed';
}

function waitOf(verdict: readonly Act[]): number {
  let sum = 0;
  for (const act of verdict) if ('wait' in act) sum += act.wait;
  return sum;
}
