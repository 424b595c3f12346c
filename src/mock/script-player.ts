import type { Captures } from '../base/byte-pattern-result';
import type { StreamOutcome } from './predicates';
import { type Branch, type Turn, waits } from './script-turns';
import type { Subject } from './subject';

/** A turn that a frame fits, and where it leads. */
export interface ScriptMatch {
  readonly turn: Turn;
  /** Turns that are passed on the way to it, which wait for nothing. */
  readonly passed: readonly Turn[];
  readonly captures: Captures;
  /** Offset behind the match, on a stream. */
  readonly end: number;
  /** Offset of its beginning, behind what was skipped. */
  readonly start: number;
}

/** Where a connection stands in a script. It only decides; whoever holds it runs the actions. */
export class ScriptPlayer {
  #turns: readonly Turn[];
  #at = 0;
  /** Of the unordered turn at the cursor: those not played yet. */
  #open: Turn[] | undefined;

  /** @param connection - in order of accept, from 1 */
  constructor(turns: readonly Turn[], connection: number = 1) {
    this.#turns = forConnection(turns, connection);
  }

  /** The turn that is next; `undefined` at the end. */
  get current(): Turn | undefined {
    return this.#turns[this.#at];
  }

  /** Whether nothing required is left. */
  get finished(): boolean {
    return this.#turns.slice(this.#at).every((turn) => turn.optional || turn.skip);
  }

  /** Whether the script goes on; a frame is offered to it as long as it does. */
  get playing(): boolean {
    return this.#at < this.#turns.length;
  }

  /** Whether TLS starts before the client is heard again. */
  startsTlsNext(test: (turn: Turn) => boolean): boolean {
    for (let at = this.#at; at < this.#turns.length; at++) {
      const turn = this.#turns[at];
      if (turn === undefined || (waits(turn) && at > this.#at)) return false;
      if (test(turn)) return true;
    }
    return false;
  }

  /**
   * Goes on behind a turn that was played.
   *
   * @returns the unordered turn that is complete with it
   */
  leave(turn: Turn): Turn | undefined {
    const at = this.#turns.findIndex((one, index) => index >= this.#at && holds(one, turn));
    const parent = this.#turns[at];
    if (parent === undefined) return undefined;
    const branch = parent.branches?.find(({ turns }) => turns.some((one) => holds(one, turn)));
    if (branch !== undefined) {
      this.#turns = [...this.#turns.slice(0, at), ...branch.turns, ...this.#turns.slice(at + 1)];
      this.#at = at;
      this.#open = undefined;
      return this.leave(turn);
    }
    if (parent !== turn) {
      const open = this.#openOf(parent, this.#turns, at).filter((other) => other !== turn);
      this.#at = at;
      this.#open = open;
      if (open.some(({ optional }) => !optional)) return undefined;
    }
    this.#open = undefined;
    this.#at = at + 1;
    return parent === turn ? undefined : parent;
  }

  /** The turn that a frame fits. */
  offer(subject: Subject): ScriptMatch | undefined {
    for (const { turn, passed } of this.#candidates()) {
      const captures = turn.expect?.match(subject);
      if (captures !== undefined) {
        return { turn, passed, captures, start: 0, end: subject.bytes.length };
      }
    }
    return undefined;
  }

  /** The turn that fits the beginning of a stream. */
  offerStream(bytes: Uint8Array, subject: Subject): ScriptMatch | 'more' | 'never' {
    let best: 'more' | 'never' = 'never';
    const lastStart = this.current?.skip === true ? bytes.length : 0;
    for (let start = 0; start <= lastStart; start++) {
      for (const { turn, passed } of this.#candidates()) {
        const outcome: StreamOutcome =
          turn.expect?.matchStream(bytes.subarray(start), subject) ?? 'never';
        if (typeof outcome === 'object') {
          return { turn, passed, captures: outcome.captures, start, end: start + outcome.end };
        }
        if (outcome === 'more') best = 'more';
      }
      if (best === 'more') return 'more';
    }
    return this.current?.skip === true ? 'more' : best;
  }

  /** Takes the end of the client's stream: the turn that waited for it. */
  offerEnd(how: 'end' | 'reset'): ScriptMatch | undefined {
    const found = this.#candidates().find(
      ({ turn: { expectClose } }) => expectClose === 'any' || expectClose === how,
    );
    return found && { ...found, captures: {}, start: 0, end: 0 };
  }

  /** Turns that may come next: the current one, and those behind it while they may be left out. */
  #candidates(): readonly Candidate[] {
    return this.#candidatesFrom(this.#turns, this.#at, []);
  }

  #candidatesFrom(
    turns: readonly Turn[],
    from: number,
    before: readonly Turn[],
  ): readonly Candidate[] {
    const found: Candidate[] = [];
    const passed: Turn[] = [...before];
    for (let at = from; at < turns.length; at++) {
      const turn = turns[at];
      if (turn === undefined) break;
      if (!waits(turn)) {
        passed.push(turn);
        continue;
      }
      for (const { turns: inner } of turn.branches ?? []) {
        found.push(...this.#candidatesFrom(inner, 0, passed));
      }
      if (turn.branches === undefined) {
        const open = turn.unordered === undefined ? [turn] : this.#openOf(turn, turns, at);
        found.push(...open.map((one) => ({ turn: one, passed: [...passed] })));
      }
      if (!turn.optional && !turn.skip) break;
    }
    return found;
  }

  #openOf(turn: Turn, turns: readonly Turn[], at: number): readonly Turn[] {
    const all = turn.unordered ?? [];
    return turns === this.#turns && at === this.#at ? (this.#open ?? all) : all;
  }
}

interface Candidate {
  readonly turn: Turn;
  readonly passed: readonly Turn[];
}

/** Whether a turn is another one, or has it in it. */
function holds(one: Turn, turn: Turn): boolean {
  return (
    one === turn ||
    one.unordered?.includes(turn) === true ||
    one.branches?.some(({ turns }) => turns.some((inner) => holds(inner, turn))) === true
  );
}

/** The turns of a connection: where its number decides, that branch stands in place of all. */
function forConnection(turns: readonly Turn[], connection: number): readonly Turn[] {
  if (turns.every(({ branches }) => branches === undefined)) return turns;
  return turns.flatMap((turn): readonly Turn[] => {
    const { branches } = turn;
    if (branches === undefined) return [turn];
    const named = branches.filter(({ connections }) => connections !== undefined);
    const others = branches.filter(({ connections }) => connections === undefined);
    const own = named.find(({ connections }) => connections?.includes(connection));
    const only = own ?? (others.length === 0 ? named.at(-1) : undefined);
    if (only !== undefined) return forConnection(only.turns, connection);
    const inner = others.map(
      (branch): Branch => ({ turns: forConnection(branch.turns, connection) }),
    );
    return [{ ...turn, branches: inner }];
  });
}
