import type { StageContext, Stream } from './fault';

/** What a slot knows of its connection, and how it asks for chance. */
export interface SlotFacts {
  readonly connection: number;
  readonly stream: Stream;
  readonly startedUs: number;
  /** The n-th decision for a purpose. */
  readonly decide: (purpose: string, n: number) => number;
  readonly warn?: (text: string) => void;
}

/** The context of one slot: one object for all its items, since stages keep nothing of it. */
export class SlotContext implements StageContext {
  readonly connection: number;
  readonly stream: Stream;
  readonly startedUs: number;
  arrivedUs = 0;
  nowUs = 0;
  offset = 0;
  /** When `onTimer` is due; `Infinity` when it is not asked for. */
  timerUs: number = Number.POSITIVE_INFINITY;
  readonly #decide: SlotFacts['decide'];
  readonly #warn: SlotFacts['warn'];
  readonly #counts = new Map<string, number>();

  constructor(facts: SlotFacts) {
    this.connection = facts.connection;
    this.stream = facts.stream;
    this.startedUs = facts.startedUs;
    this.#decide = facts.decide;
    this.#warn = facts.warn;
  }

  at(arrivedUs: number, nowUs: number, offset: number): void {
    this.arrivedUs = arrivedUs;
    this.nowUs = nowUs;
    this.offset = offset;
  }

  decide(purpose: string): number {
    const n = this.#counts.get(purpose) ?? 0;
    this.#counts.set(purpose, n + 1);
    return this.#decide(purpose, n);
  }

  warn(text: string): void {
    this.#warn?.(text);
  }

  timer(delayUs: number): void {
    this.timerUs = delayUs < 0 ? Number.POSITIVE_INFINITY : this.nowUs + delayUs;
  }
}
