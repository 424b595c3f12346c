import type { Captures } from '../base/byte-pattern-result';
import { deferred } from '../base/deferred';
import { toMicroseconds } from '../base/duration';
import type { Exchange } from './exchange';
import type { InboxItem } from './inbox-item';
import type { CompiledPredicate } from './predicates';
import { answerByRules } from './rule-answers';
import { chooseRule } from './rule-matching';

/** What was taken of a connection by hand. */
export type Taken =
  | {
      readonly kind: 'frame';
      readonly bytes: Uint8Array;
      /** Absent when it does not fit. */
      readonly captures?: Captures;
      /** Which of several predicates it fits. */
      readonly index?: number;
    }
  | { readonly kind: 'end' | 'reset' | 'closed' | 'late' };

/** Takes frames of a connection one by one, and answers chatter on the way. */
export class FrameTaker {
  readonly #exchange: Exchange;
  /** Whether rules answer what is not expected. */
  readonly #rules: boolean;
  readonly #chatter: {
    readonly predicate: CompiledPredicate;
    readonly answer: (() => Promise<void>) | undefined;
  }[] = [];
  /** How the client ended, once that was taken. */
  #ended: 'end' | 'reset' | 'closed' | undefined;

  constructor(exchange: Exchange, rules: boolean) {
    this.#exchange = exchange;
    this.#rules = rules;
  }

  respond(predicate: CompiledPredicate, answer: (() => Promise<void>) | undefined): void {
    this.#chatter.push({ predicate, answer });
  }

  /** Takes the next frame; without a predicate, any. */
  take(predicate: CompiledPredicate | undefined, withinMs: number): Promise<Taken> {
    return this.takeAny(predicate === undefined ? undefined : [predicate], withinMs);
  }

  /** Takes the next frame and says which of the predicates it fits. */
  async takeAny(
    predicates: readonly CompiledPredicate[] | undefined,
    withinMs: number,
  ): Promise<Taken> {
    const { clock } = this.#exchange.host.world;
    const late = deferred<void>();
    let isLate = false;
    const timer = Number.isFinite(withinMs)
      ? clock.after(toMicroseconds(withinMs), () => late.resolve(), 'mock expects', { hold: true })
      : undefined;
    void late.promise.then(() => {
      isLate = true;
    });
    try {
      for (;;) {
        const taken = await this.#next(predicates);
        if (taken !== undefined) return taken;
        if (isLate) return { kind: 'late' };
        await Promise.race([this.#more(), late.promise]);
      }
    } finally {
      timer?.cancel();
    }
  }

  async #next(predicates: readonly CompiledPredicate[] | undefined): Promise<Taken | undefined> {
    if (this.#exchange.host.plan.isStream) return await this.#nextOfStream(predicates);
    for (;;) {
      const item = this.#ended === undefined ? this.#exchange.inbox.take() : undefined;
      if (item === undefined) return this.#ended === undefined ? undefined : { kind: this.#ended };
      if (item.kind !== 'frame') return this.#end(item);
      if (await this.#isChatter(item.bytes)) continue;
      const taken = this.#judge(item.bytes, predicates);
      if (taken !== undefined) return taken;
      if (!(await this.#isRuled(item.bytes))) return this.#refuse(item.bytes);
    }
  }

  /** A stream has no frames: what fits at the beginning of what is unread is taken. */
  async #nextOfStream(
    predicates: readonly CompiledPredicate[] | undefined,
  ): Promise<Taken | undefined> {
    const exchange = this.#exchange;
    let last: Taken | undefined;
    for (let item = exchange.inbox.take(); item !== undefined; item = exchange.inbox.take()) {
      if (item.kind === 'frame') exchange.stream = Buffer.concat([exchange.stream, item.bytes]);
      else last = this.#end(item);
    }
    const { stream } = exchange;
    if (stream.length > 0) {
      const outcomes = (predicates ?? []).map((one) =>
        one.matchStream(stream, exchange.subject(stream)),
      );
      const index = outcomes.findIndex((outcome) => typeof outcome === 'object');
      const found = outcomes[index];
      if (typeof found === 'object') {
        const bytes = stream.subarray(0, found.end);
        exchange.stream = stream.subarray(found.end);
        exchange.noteMatched(bytes, 'taken by hand');
        return { kind: 'frame', bytes, captures: found.captures, index };
      }
      if (predicates === undefined || outcomes.every((outcome) => outcome === 'never')) {
        exchange.stream = new Uint8Array();
        return predicates === undefined
          ? { kind: 'frame', bytes: stream, captures: {} }
          : { kind: 'frame', bytes: stream };
      }
    }
    return last ?? (this.#ended === undefined ? undefined : { kind: this.#ended });
  }

  #judge(
    bytes: Uint8Array,
    predicates: readonly CompiledPredicate[] | undefined,
  ): Taken | undefined {
    const exchange = this.#exchange;
    if (predicates === undefined) {
      exchange.noteMatched(bytes, 'taken by hand');
      return { kind: 'frame', bytes, captures: {} };
    }
    for (const [index, predicate] of predicates.entries()) {
      const captures = predicate.match(exchange.subject(bytes));
      if (captures === undefined) continue;
      exchange.noteMatched(bytes, 'taken by hand');
      return { kind: 'frame', bytes, captures, index };
    }
    return undefined;
  }

  #refuse(bytes: Uint8Array): Taken {
    const { host, number } = this.#exchange;
    host.journal.add({ connection: number, kind: 'unmatched', direction: 'in', bytes });
    return { kind: 'frame', bytes };
  }

  /** Has the rules answer a frame, where they may and one takes it. */
  async #isRuled(bytes: Uint8Array): Promise<boolean> {
    const exchange = this.#exchange;
    const { plan, counts } = exchange.host;
    if (!this.#rules) return false;
    if (chooseRule(plan.rules, exchange.subject(bytes), counts, exchange.state) === undefined) {
      return false;
    }
    await exchange.enqueue(() => answerByRules(exchange, bytes));
    return true;
  }

  async #isChatter(bytes: Uint8Array): Promise<boolean> {
    const subject = this.#exchange.subject(bytes);
    const found = this.#chatter.find(({ predicate }) => predicate.match(subject) !== undefined);
    if (found === undefined) return false;
    this.#exchange.noteMatched(bytes, 'taken as chatter');
    await found.answer?.();
    return true;
  }

  #end(item: InboxItem): Taken {
    this.#ended = item.kind === 'end' || item.kind === 'reset' ? item.kind : 'closed';
    return { kind: this.#ended };
  }

  async #more(): Promise<void> {
    await this.#exchange.inbox.available();
  }
}
