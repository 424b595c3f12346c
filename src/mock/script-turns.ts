import { readDuration } from '../base/duration';
import { refusal } from '../base/errors';
import { type Act, compileActions } from './actions';
import type { Compiling } from './compiling';
import type { CaptureDefinition, ScriptBranch, ScriptTurn } from './mock-model';
import { describePredicate } from './predicate-words';
import { type CompiledPredicate, compilePredicate } from './predicates';

/** A compiled turn. */
export interface Turn {
  /** From 1, in the order of the file; turns of a repeated block keep their number. */
  readonly number: number;
  /** For messages: `expect "RCPT"`. */
  readonly words: string;
  readonly before: readonly Act[];
  readonly expect?: CompiledPredicate;
  readonly expectClose?: 'any' | 'end' | 'reset';
  /** Any of these, each once. */
  readonly unordered?: readonly Turn[];
  /** One of these ways to go on. */
  readonly branches?: readonly Branch[];
  /** Frames are taken and dropped until the next turn matches. */
  readonly skip: boolean;
  readonly optional: boolean;
  readonly capture: CaptureDefinition;
  readonly withinMs: number;
  readonly after: readonly Act[];
}

/** A way that a script may go on. */
export interface Branch {
  /** Connections that it is for; absent where the client's next frame decides. */
  readonly connections?: readonly number[];
  readonly turns: readonly Turn[];
}

/** How long a turn waits unless it says otherwise, in milliseconds. */
const defaultWithinMs = 10_000;

/** Repeated blocks are written out; no script may become longer than this. */
const mostTurns = 100_000;

/** Whether a turn waits for the client. */
export function waits(turn: Turn): boolean {
  return (
    turn.expect !== undefined ||
    turn.expectClose !== undefined ||
    turn.unordered !== undefined ||
    turn.branches !== undefined ||
    turn.skip
  );
}

/**
 * Compiles a script. Problems are kept in `place.problems`.
 *
 * @param pace - what the waits of turns are multiplied with
 */
export function compileScript(
  turns: readonly ScriptTurn[],
  place: Compiling,
  pace: number = 1,
): readonly Turn[] {
  const compiled: Turn[] = [];
  const counter = { number: 0, pace };
  place.attempt(() => addTurns(turns, place, counter, compiled), undefined);
  return compiled;
}

interface Counter {
  number: number;
  readonly pace: number;
}

function addTurns(
  turns: readonly ScriptTurn[],
  place: Compiling,
  counter: Counter,
  compiled: Turn[],
): void {
  for (const [index, turn] of turns.entries()) {
    const own = place.at(index);
    if (turn.repeat === undefined) {
      compiled.push(compileTurn(turn, own, counter));
    } else {
      const block: Turn[] = [];
      addTurns(turn.repeat.turns, own.at('repeat').at('turns'), counter, block);
      if (block.length * turn.repeat.times > mostTurns) {
        throw refusal(place.path, `a script has at most ${mostTurns} turns, repeated ones counted`);
      }
      for (let round = 0; round < turn.repeat.times; round++) compiled.push(...block);
    }
  }
}

function compileTurn(turn: ScriptTurn, place: Compiling, counter: Counter): Turn {
  const number = ++counter.number;
  const { unordered, optional = false, capture = {}, drop = false } = turn;
  const expect =
    turn.expect === undefined ? undefined : compilePredicate(turn.expect, place.at('expect'));
  const own = place.with([...(expect?.names ?? []), ...Object.keys(capture)]);
  return {
    number,
    words: wordsOf(turn),
    before: compileActions(paced(turn, own, counter.pace), own).toReversed(),
    ...(expect === undefined ? {} : { expect }),
    ...(turn.expectClose === undefined
      ? {}
      : { expectClose: turn.expectClose === true ? 'any' : turn.expectClose }),
    ...(unordered === undefined
      ? {}
      : {
          unordered: unordered.map((one, at) =>
            compileTurn(one, own.at('unordered').at(at), counter),
          ),
        }),
    ...(turn.oneOf === undefined
      ? {}
      : { branches: turn.oneOf.map((one, at) => branchOf(one, own.at('oneOf').at(at), counter)) }),
    skip: drop,
    optional,
    capture,
    withinMs: place.attempt(
      () =>
        turn.within === undefined
          ? defaultWithinMs
          : readDuration(own.at('within').path, turn.within),
      defaultWithinMs,
    ),
    after: [
      ...compileActions(pick(turn, 'set', 'send', 'raw'), own),
      ...compileActions(turn.then, own.at('then')),
      ...compileActions(pick(turn, 'startTls', 'goto', 'pause', 'notify', 'close'), own),
    ],
  };
}

function branchOf(branch: ScriptBranch, place: Compiling, counter: Counter): Branch {
  const { connections } = branch;
  const turns: Turn[] = [];
  addTurns(branch.turns, place.at('turns'), counter, turns);
  const [first] = turns;
  if (connections === undefined && (first === undefined || !waits(first))) {
    place.problem('a branch without connections must begin with what the client does');
  }
  return { ...(connections === undefined ? {} : { connections }), turns };
}

/** What happens before a turn, its wait as long as the pace makes it. */
function paced(
  turn: ScriptTurn,
  place: Compiling,
  pace: number,
): Pick<ScriptTurn, 'await' | 'wait'> {
  const { wait } = turn;
  if (wait === undefined || pace === 1) return pick(turn, 'await', 'wait');
  const wanted = place.attempt(() => readDuration(place.at('wait').path, wait), 0);
  return { ...pick(turn, 'await'), ...(wanted * pace > 0 && { wait: wanted * pace }) };
}

function pick<K extends keyof ScriptTurn>(
  turn: ScriptTurn,
  ...keys: readonly K[]
): Pick<ScriptTurn, K> {
  return Object.fromEntries(
    keys.flatMap((key) => (turn[key] === undefined ? [] : [[key, turn[key]]])),
  ) as unknown as Pick<ScriptTurn, K>;
}

function wordsOf(turn: ScriptTurn): string {
  if (turn.expect !== undefined) return `expect ${describePredicate(turn.expect)}`;
  if (turn.expectClose !== undefined) return 'expect the client to close';
  if (turn.unordered !== undefined) return turn.unordered.map(wordsOf).join(' or ');
  if (turn.oneOf !== undefined) {
    const firsts = turn.oneOf.flatMap(({ turns }) => turns.slice(0, 1));
    return firsts.map(wordsOf).join(' or ');
  }
  return turn.drop === true ? 'drop' : (Object.keys(turn)[0] ?? 'turn');
}
