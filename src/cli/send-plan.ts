/** What `brine send` does, step by step: from words, or from a script seen by the client. */
import { readDuration } from '../base/duration';
import { refusal } from '../base/errors';
import { parseScript } from '../capture/script-parser';
import type { Framer } from '../framing/framer';
import type { BytesDefinition } from '../mock/bytes-definition';
import { compileConstant } from '../mock/bytes-source';
import { Compiling, throwProblems } from '../mock/compiling';
import type { Predicate, ScriptTurn } from '../mock/mock-model';
import { describePredicate } from '../mock/predicate-words';
import { type CompiledPredicate, compilePredicate, isBytes } from '../mock/predicates';
import { turnsOfScript } from '../mock/script-import';
import { bytesOfWord, predicateOfWord } from './byte-words';

/** One thing that a client does. */
export type SendStep =
  | { readonly kind: 'send'; readonly bytes: Uint8Array }
  | {
      readonly kind: 'expect';
      readonly predicate: CompiledPredicate;
      readonly words: string;
      readonly withinMs?: number;
    }
  | { readonly kind: 'sleep'; readonly ms: number }
  | { readonly kind: 'end' | 'reset' | 'expectEnd' | 'expectReset' };

/** The steps of words: everything is sent, then everything is expected. @throws TcpError `ECONFIG` */
export function stepsOfWords(
  words: readonly Uint8Array[],
  expected: readonly string[],
  { framer, halfClose }: { readonly framer: Framer | undefined; readonly halfClose: boolean },
): readonly SendStep[] {
  const sent = words.map((bytes): SendStep => ({ kind: 'send', bytes: encoded(bytes, framer) }));
  return [
    ...sent,
    ...(halfClose ? [{ kind: 'end' as const }] : []),
    ...expected.map((word) => expectation(predicateOfWord(word))),
  ];
}

/** The bytes that words say. @throws TcpError `ECONFIG` */
export function bytesOfWords(words: readonly string[]): readonly Uint8Array[] {
  return words.map(bytesOfWord);
}

/**
 * The steps of a script, whose `>` is what the client says.
 *
 * @throws TcpError `ECONFIG` - a turn that only a server can play
 */
export function stepsOfScript(text: string, framer: Framer | undefined): readonly SendStep[] {
  return stepsOfTurns(turnsOfScript(parseScript(text)), framer);
}

function stepsOfTurns(
  turns: readonly ScriptTurn[],
  framer: Framer | undefined,
): readonly SendStep[] {
  return turns.flatMap((turn): readonly SendStep[] => {
    const { repeat, unordered, expect, send, raw, close, expectClose, wait, within } = turn;
    if (repeat !== undefined) {
      const round = stepsOfTurns(repeat.turns, framer);
      return Array.from({ length: repeat.times }, () => round).flat();
    }
    if (unordered !== undefined) return stepsOfTurns(unordered, framer);
    if (expect !== undefined) {
      if (!isBytes(expect))
        throw refusal('script', `a client can send bytes, and not ${describePredicate(expect)}`);
      const bytes = compileConstant(expect, new Compiling('script', process.cwd()));
      return [{ kind: 'send', bytes: encoded(bytes, framer) }];
    }
    const answer = send ?? raw;
    if (answer !== undefined) return [expectation(answer, within)];
    if (close !== undefined) return [{ kind: close === 'reset' ? 'expectReset' : 'expectEnd' }];
    if (expectClose !== undefined) return [{ kind: expectClose === 'reset' ? 'reset' : 'end' }];
    if (wait !== undefined) return [{ kind: 'sleep', ms: readDuration('wait', wait) }];
    throw refusal('script', `a client cannot play ${Object.keys(turn).join(', ')}`);
  });
}

function expectation(definition: Predicate | BytesDefinition, within?: number | string): SendStep {
  const place = new Compiling('expect', process.cwd());
  const predicate = compilePredicate(definition, place);
  throwProblems(place.problems);
  const words = describePredicate(definition);
  const limit = within === undefined ? {} : { withinMs: readDuration('within', within) };
  return { kind: 'expect', predicate, words, ...limit };
}

function encoded(bytes: Uint8Array, framer: Framer | undefined): Uint8Array {
  return framer === undefined ? bytes : framer.encode(bytes);
}
