import type { DelayStage } from './fault';
import { type Item, type Reading, Slot } from './slot';
import type { SlotContext } from './slot-context';

interface Waiting {
  readonly item: Item;
  /** Chance of a chunk; the others leave with what is before them. */
  readonly draw: readonly number[] | undefined;
  dueUs: number;
}

/** A slot in which chunks wait side by side, each for its own due time; order is kept. */
export class DelaySlot extends Slot {
  readonly #stage: DelayStage;
  readonly #context: SlotContext;
  readonly #acted: (bytes: number, delayUs: number) => void;
  #waiting: Waiting[] = [];
  #held = 0;
  #offset = 0;

  constructor(
    place: { readonly name: string; readonly order: number },
    stage: DelayStage,
    context: SlotContext,
    acted: (bytes: number, delayUs: number) => void,
  ) {
    super(place.name, place.order);
    this.#stage = stage;
    this.#context = context;
    this.#acted = acted;
  }

  get dueUs(): number {
    return this.#waiting[0]?.dueUs ?? Number.POSITIVE_INFINITY;
  }

  get held(): number {
    return this.#held;
  }

  get reading(): Reading {
    return 'on';
  }

  take(item: Item, nowUs: number): void {
    const last = this.#waiting.at(-1);
    const length = item.bytes?.length ?? 0;
    if (item.kind !== 'chunk') {
      if (last === undefined) this.forward(item, nowUs);
      else this.#waiting.push({ item, draw: undefined, dueUs: last.dueUs });
      return;
    }
    item.atUs = nowUs;
    this.#context.at(nowUs, nowUs, this.#offset);
    this.#offset += length;
    const draw = this.#stage.draw(this.#context);
    const dueUs = Math.max(last?.dueUs ?? 0, nowUs + this.#stage.delayUs(draw));
    if (dueUs > nowUs) this.#acted(length, dueUs - nowUs);
    if (last === undefined && dueUs <= nowUs) {
      this.forward(item, nowUs);
      return;
    }
    this.#held += length;
    this.#waiting.push({ item, draw, dueUs });
  }

  run(nowUs: number): void {
    let count = 0;
    while ((this.#waiting[count]?.dueUs ?? Number.POSITIVE_INFINITY) <= nowUs) count++;
    if (count > 0) this.#leave(this.#waiting.splice(0, count), nowUs);
  }

  update(values: object, nowUs: number): void {
    this.#stage.onUpdate(values);
    let previousUs = 0;
    for (const waiting of this.#waiting) {
      const { draw, item } = waiting;
      const dueUs = draw === undefined ? previousUs : item.atUs + this.#stage.delayUs(draw);
      waiting.dueUs = Math.max(previousUs, dueUs);
      previousUs = waiting.dueUs;
    }
    this.run(nowUs);
  }

  remove(nowUs: number): void {
    const all = this.#waiting;
    this.#waiting = [];
    this.#leave(all, nowUs);
  }

  #leave(due: readonly Waiting[], nowUs: number): void {
    for (const { item } of due) {
      this.#held -= item.bytes?.length ?? 0;
      this.forward(item, nowUs);
    }
  }
}
