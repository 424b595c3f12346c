import { printByte } from '../base/byte-literal-printer';
import { compilePattern, printPattern } from '../base/byte-pattern';
import { matchPattern } from '../base/byte-pattern-match';
import { compileByteRegex, printByteRegex } from '../base/byte-regex';
import { asBuffer, bytesEqual, firstDifference } from '../base/bytes';
import { suggestion } from '../base/closest-word';
import { refusal } from '../base/errors';
import type { BytesDefinition } from './bytes-definition';
import { compileConstant } from './bytes-source';
import type { Compiling } from './compiling';
import { testOf } from './handler-files';
import type { Predicate, PredicateKeys } from './mock-model';
import { compileAt } from './predicate-at';
import { compileJson } from './predicate-json';
import { runRegex } from './regex-limit';
import type { Check, MutableCaptures, Subject } from './subject';

/** The way back to whole predicates, for `not`, `allOf` and `anyOf`. */
export interface KeyContext {
  compile(predicate: Predicate, place: Compiling): Compiled;
}

interface Compiled {
  readonly names: readonly string[];
  match(subject: Subject): MutableCaptures | undefined;
  reasons(subject: Subject): readonly { readonly text: string }[];
}

type Compiler = (value: never, place: Compiling, context: KeyContext, keys: PredicateKeys) => Check;

/**
 * Compiles one key of a predicate.
 *
 * @throws TcpError `ECONFIG`
 */
export function compileKey(
  key: string,
  value: unknown,
  keys: PredicateKeys,
  place: Compiling,
  context: KeyContext,
): Check {
  const compile = Object.hasOwn(compilers, key) ? compilers[key] : undefined;
  if (compile === undefined) {
    throw refusal(place.path, `unknown key "${key}"${suggestion(key, Object.keys(compilers))}`);
  }
  return compile(value as never, place, context, keys);
}

const compilers: Readonly<Record<string, Compiler>> = {
  equals: (value: BytesDefinition, place) => equals(compileConstant(value, place)),
  startsWith: (value: BytesDefinition, place) => startsWith(compileConstant(value, place)),
  endsWith: (value: BytesDefinition, place) => endsWith(compileConstant(value, place)),
  contains: (value: BytesDefinition, place) => contains(compileConstant(value, place)),
  regex: (value: string, _place, _context, { flags }) => regexCheck(value, flags),
  pattern: (value: string) => patternCheck(value),
  length: (value: PredicateKeys['length'] & {}) => lengthCheck(value),
  at: (value: PredicateKeys['at'] & {}, place) => compileAt(value, place),
  json: (value: PredicateKeys['json'] & {}) => compileJson(value),
  any: () => ({
    kind: 'bytes',
    rank: 1,
    holds: () => true,
    reason: () => '',
    onStream: (bytes) => (bytes.length === 0 ? 'more' : bytes.length),
  }),
  not: (value: Predicate, place, context) => notCheck(context.compile(value, place)),
  allOf: (value: readonly Predicate[], place, context) =>
    allCheck(value.map((one, index) => context.compile(one, place.at(index)))),
  anyOf: (value: readonly Predicate[], place, context) =>
    anyCheck(value.map((one, index) => context.compile(one, place.at(index)))),
  state: (value: string | readonly string[]) => stateCheck([value].flat() as readonly string[]),
  connection: (value: number) =>
    condition(
      ({ connection }) => connection === value,
      ({ connection }) => `connection is ${connection}, rule wants ${value}`,
    ),
  tls: (value: boolean) =>
    condition(
      ({ secured }) => secured === value,
      () => `connection is ${value ? 'not ' : ''}secured`,
    ),
  clientCert: (value: string) =>
    condition(
      ({ clientCert }) => clientCert.includes(value),
      ({ clientCert: [name = 'none'] }) => `client certificate is ${name}, rule wants ${value}`,
    ),
  handler: (value: NonNullable<PredicateKeys['handler']>, place) => {
    const test = testOf(value, place);
    return {
      kind: 'bytes',
      rank: 2,
      holds: (subject, captures) => test(subject.context(captures)) === true,
      reason: () => 'the handler says no',
    };
  },
};

function equals(wanted: Uint8Array): Check {
  return {
    kind: 'bytes',
    rank: 3,
    wanted,
    holds: ({ bytes }) => bytesEqual(bytes, wanted),
    reason: ({ bytes }) => differenceOf(wanted, bytes),
    onStream: (bytes) => prefixOn(wanted, bytes),
  };
}

function startsWith(wanted: Uint8Array): Check {
  return {
    kind: 'bytes',
    rank: 2,
    wanted,
    holds: ({ bytes }) => bytesEqual(bytes.subarray(0, wanted.length), wanted),
    reason: ({ bytes }) => differenceOf(wanted, bytes.subarray(0, wanted.length)),
    onStream: (bytes) => prefixOn(wanted, bytes),
  };
}

function endsWith(wanted: Uint8Array): Check {
  const tail = (bytes: Uint8Array): Uint8Array =>
    bytes.subarray(Math.max(0, bytes.length - wanted.length));
  return {
    kind: 'bytes',
    rank: 2,
    holds: ({ bytes }) => bytesEqual(tail(bytes), wanted),
    reason: ({ bytes }) => `at the end, ${differenceOf(wanted, tail(bytes))}`,
    onStream: (bytes) => behind(bytes, wanted),
  };
}

function contains(wanted: Uint8Array): Check {
  return {
    kind: 'bytes',
    rank: 2,
    holds: ({ bytes }) => asBuffer(bytes).includes(asBuffer(wanted)),
    reason: () => `does not contain these ${wanted.length} bytes`,
    onStream: (bytes) => behind(bytes, wanted),
  };
}

function regexCheck(source: string, flags: string | undefined): Check {
  const regex = compileByteRegex(source, flags);
  const printed = printByteRegex(regex);
  const names = [...source.matchAll(/\(\?<([A-Za-z_$][\w$]*)>/g)].map((match) => match[1] ?? '');
  return {
    kind: 'bytes',
    rank: 2,
    names,
    holds(subject, captures) {
      const match = runRegex(regex, subject.bytes, subject.regexLimit);
      if (match === undefined) return false;
      Object.assign(captures, match.captures);
      return true;
    },
    reason: () => `${printed} does not match`,
    onStream(bytes, subject, captures) {
      const match = runRegex(regex, bytes, subject.regexLimit);
      if (match === undefined) return 'more';
      Object.assign(captures, match.captures);
      return match.end;
    },
  };
}

function patternCheck(source: string): Check {
  const pattern = compilePattern(source);
  const names = pattern.elements.flatMap((element) =>
    'name' in element && element.name !== undefined ? [element.name] : [],
  );
  return {
    kind: 'bytes',
    rank: 2,
    names,
    holds({ bytes }, captures) {
      const result = matchPattern(pattern, bytes);
      if (result.matched) Object.assign(captures, result.captures);
      return result.matched;
    },
    reason({ bytes }) {
      const result = matchPattern(pattern, bytes);
      return result.matched ? '' : `pattern "${printPattern(pattern)}": ${result.reason}`;
    },
    onStream(bytes, _subject, captures) {
      const result = matchPattern(pattern, bytes, { whole: false });
      if (!result.matched) return result.incomplete ? 'more' : 'never';
      Object.assign(captures, result.captures);
      return result.end;
    },
  };
}

function lengthCheck(value: number | { readonly min?: number; readonly max?: number }): Check {
  const { min = 0, max = Number.POSITIVE_INFINITY } =
    typeof value === 'number' ? { min: value, max: value } : value;
  const wanted =
    min === max ? `${min}` : `${min} to ${max === Number.POSITIVE_INFINITY ? 'any' : max}`;
  return {
    kind: 'bytes',
    rank: 2,
    holds: ({ bytes }) => bytes.length >= min && bytes.length <= max,
    reason: ({ bytes }) => `length is ${bytes.length}, rule wants ${wanted}`,
    onStream: (bytes) => (bytes.length < Math.max(1, min) ? 'more' : Math.min(bytes.length, max)),
  };
}

function stateCheck(states: readonly string[]): Check {
  const wanted = states.map((name) => `"${name}"`).join(' or ');
  return {
    kind: 'state',
    rank: 1,
    holds: ({ state }) => states.includes(state),
    reason: ({ state }) => `state is "${state}", rule wants ${wanted}`,
  };
}

function condition(
  holds: (subject: Subject) => boolean,
  reason: (subject: Subject) => string,
): Check {
  return { kind: 'condition', rank: 1, holds, reason };
}

function notCheck(inner: Compiled): Check {
  return {
    kind: 'bytes',
    rank: 2,
    holds: (subject) => inner.match(subject) === undefined,
    reason: () => 'what "not" excludes matches',
  };
}

function allCheck(parts: readonly Compiled[]): Check {
  return {
    kind: 'bytes',
    rank: 2,
    names: parts.flatMap(({ names }) => names),
    holds: (subject, captures) =>
      parts.every((part) => {
        const found = part.match(subject);
        if (found !== undefined) Object.assign(captures, found);
        return found !== undefined;
      }),
    reason: (subject) =>
      parts.flatMap((part) => part.reasons(subject).map(({ text }) => text)).join('; '),
  };
}

function anyCheck(parts: readonly Compiled[]): Check {
  return {
    kind: 'bytes',
    rank: 2,
    names: parts.flatMap(({ names }) => names),
    holds: (subject, captures) =>
      parts.some((part) => {
        const found = part.match(subject);
        if (found !== undefined) Object.assign(captures, found);
        return found !== undefined;
      }),
    reason: () => `none of ${parts.length} alternatives matches`,
  };
}

function prefixOn(wanted: Uint8Array, bytes: Uint8Array): number | 'more' | 'never' {
  const shared = Math.min(wanted.length, bytes.length);
  if (!bytesEqual(bytes.subarray(0, shared), wanted.subarray(0, shared))) return 'never';
  return bytes.length < wanted.length ? 'more' : wanted.length;
}

function behind(bytes: Uint8Array, wanted: Uint8Array): number | 'more' {
  const found = asBuffer(bytes).indexOf(asBuffer(wanted));
  return found < 0 ? 'more' : found + wanted.length;
}

/** `bytes differ at byte 0: expected 4c "L", got 6c "l" (equal when case is ignored)`. */
function differenceOf(expected: Uint8Array, received: Uint8Array): string {
  const at = firstDifference(expected, received);
  if (at < 0) return '';
  if (at >= Math.min(expected.length, received.length)) {
    return `lengths differ: expected ${expected.length}, got ${received.length}`;
  }
  const folded = equalFolded(expected, received) ? ' (equal when case is ignored)' : '';
  return `bytes differ at byte ${at}: expected ${named(expected[at])}, got ${named(received[at])}${folded}`;
}

/** Whether two byte strings differ in the case of letters only. */
export function equalFolded(left: Uint8Array, right: Uint8Array): boolean {
  const fold = (bytes: Uint8Array): string => asBuffer(bytes).toString('latin1').toLowerCase();
  return left.length === right.length && fold(left) === fold(right);
}

function named(byte: number = 0): string {
  return `${byte.toString(16).padStart(2, '0')} "${printByte(byte)}"`;
}
