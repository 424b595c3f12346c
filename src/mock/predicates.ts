import type { Captures } from '../base/byte-pattern-result';
import { firstDifference } from '../base/bytes';
import type { BytesDefinition } from './bytes-definition';
import { bytesForms } from './bytes-source';
import type { Compiling } from './compiling';
import type { Predicate, PredicateKeys } from './mock-model';
import { compileKey, type KeyContext } from './predicate-keys';
import type { Check, MutableCaptures, StreamMatch, Subject } from './subject';

/** A compiled predicate. */
export interface CompiledPredicate {
  readonly checks: readonly Check[];
  /** The highest of its checks. */
  readonly rank: number;
  /** Names that a match catches. */
  readonly names: readonly string[];
  /** What was caught, or `undefined` when it does not match. */
  match(subject: Subject): Captures | undefined;
  /** All reasons why it does not match, those of bytes first; empty when it does. */
  reasons(subject: Subject): readonly Reason[];
  /** Matches at the beginning of a stream. */
  matchStream(bytes: Uint8Array, subject: Subject): StreamOutcome;
}

/** Why a predicate does not match. */
export interface Reason {
  readonly kind: Check['kind'];
  readonly text: string;
}

/** What a stream holds, seen from the cursor. */
export type StreamOutcome =
  | { readonly end: number; readonly captures: Captures }
  | 'more'
  | 'never';

/** Compiles a predicate. What is wrong with it is kept in `place.problems`. */
export function compilePredicate(predicate: Predicate, place: Compiling): CompiledPredicate {
  return predicateOf(checksOf(predicate, place, { compile: compilePredicate }));
}

function checksOf(predicate: Predicate, place: Compiling, context: KeyContext): readonly Check[] {
  const keys: PredicateKeys = isBytes(predicate) ? { equals: predicate } : predicate;
  return Object.entries(keys).flatMap(([key, value]) => {
    if (key === 'flags' || value === undefined) return [];
    const own = isBytes(predicate) ? place : place.at(key);
    const check = own.attempt(() => compileKey(key, value, keys, own, context), undefined);
    return check === undefined ? [] : [check];
  });
}

/** Whether a predicate is bytes, which means `equals`. */
export function isBytes(predicate: Predicate): predicate is BytesDefinition {
  if (typeof predicate === 'string' || predicate instanceof Uint8Array) return true;
  return bytesForms.some((form) => form in predicate);
}

function predicateOf(checks: readonly Check[]): CompiledPredicate {
  const rank = Math.max(1, ...checks.map((check) => check.rank));
  const [only, ...others] = checks.filter(({ kind }) => kind === 'bytes');
  const match = (subject: Subject): Captures | undefined => {
    const captures: MutableCaptures = {};
    return checks.every((check) => check.holds(subject, captures)) ? captures : undefined;
  };
  return {
    checks,
    rank,
    names: checks.flatMap(({ names = [] }) => names),
    match,
    reasons: (subject) =>
      checks
        .filter((check) => !check.holds(subject, {}))
        .map((check) => ({ kind: check.kind, text: check.reason(subject) })),
    matchStream(bytes, subject) {
      const whole = { ...subject, bytes };
      const captures: MutableCaptures = {};
      const rest = checks.filter((check) => check !== only);
      if (only?.onStream === undefined || others.length > 0) {
        const found = bytes.length === 0 ? undefined : match(whole);
        return found === undefined ? 'more' : { end: bytes.length, captures: found };
      }
      if (!rest.every((check) => check.holds(whole, captures))) return 'never';
      const end: StreamMatch = only.onStream(bytes, whole, captures);
      return typeof end === 'number' ? { end, captures } : end;
    },
  };
}

/** Bytes two strings have in common at their beginning. */
export function commonPrefix(left: Uint8Array, right: Uint8Array): number {
  const first = firstDifference(left, right);
  return first < 0 ? left.length : first;
}
