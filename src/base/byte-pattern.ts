/**
 * Patterns over bytes: `02 ?? (seq:2) 10 [00-7f] 'OK' *`.
 *
 * This file holds what a pattern is, reads it and prints it; `byte-pattern-match.ts` matches.
 *
 * @source docs/literals.md#patterns
 */
import { printText } from './byte-literal-printer';
import { suggestion } from './closest-word';
import { refusal } from './errors';
import { type NumberType, numberTypes } from './number-field';
import { columnOf, decodeEscapes, isQuote, quotedEnd } from './quoted-text';

/** One element of a pattern. */
export type PatternElement =
  /** A byte whose bits under `mask` are those of `value`: `02`, `1?`, `?f`, `??`. */
  | { readonly kind: 'byte'; readonly value: number; readonly mask: number }
  /** One byte inside (or, negated, outside) the ranges: `[00-7f]`, `[0a 0d]`, `[^00]`. */
  | {
      readonly kind: 'set';
      readonly ranges: readonly (readonly [from: number, to: number])[];
      readonly negated: boolean;
    }
  | { readonly kind: 'text'; readonly bytes: Uint8Array }
  /** Any run, also empty; with a name its bytes are captured: `*`, `(rest:*)`. */
  | { readonly kind: 'run'; readonly name?: string }
  | { readonly kind: 'bytes'; readonly name: string; readonly length: number }
  | { readonly kind: 'number'; readonly name: string; readonly type: NumberType };

/** A compiled pattern; plain data. */
export interface BytePattern {
  readonly elements: readonly PatternElement[];
}

/** A pattern may hold this many runs, so that matching stays linear in practice and readable. */
const mostRuns = 4;

/**
 * Reads the inside of a pattern, as it stands between the quotes of `pattern "…"`.
 *
 * @throws TcpError `ECONFIG`, field `pattern` - an unknown element with its column, more than 4
 * runs, a name used twice, no element at all
 */
export function compilePattern(source: string): BytePattern {
  const elements: PatternElement[] = [];
  const names = new Set<string>();
  let at = skipBlanks(source, 0);
  while (at < source.length) {
    const { element, end } = elementAt(source, at);
    const name = 'name' in element ? element.name : undefined;
    if (name !== undefined && names.has(name)) {
      throw wrong(source, at, `the name "${name}" is used twice`);
    }
    if (name !== undefined) names.add(name);
    if (end < source.length && !isBlank(source[end])) {
      throw wrong(source, end, `expected a blank after ${source.slice(at, end)}`);
    }
    elements.push(element);
    at = skipBlanks(source, end);
  }
  if (elements.length === 0) throw refusal('pattern', 'a pattern needs at least one element');
  const runs = elements.filter((element) => element.kind === 'run').length;
  if (runs > mostRuns) {
    throw refusal('pattern', `a pattern has at most ${mostRuns} runs (*), got ${runs}`);
  }
  return { elements };
}

/**
 * Reads `pattern "…"`, the form of steps and scripts; escapes are read inside the texts of the
 * pattern only.
 *
 * @throws TcpError `ECONFIG`, field `pattern` or `literal`
 */
export function parsePattern(text: string): BytePattern {
  const { pattern, end } = patternAt(text, 0);
  if (end < text.length) throw wrong(text, end, 'unexpected text after the pattern');
  return pattern;
}

/** Reads the `pattern "…"` that starts at an index and says where it ends. */
export function patternAt(text: string, start: number): { pattern: BytePattern; end: number } {
  const quote = start + 'pattern '.length;
  if (!text.startsWith('pattern ', start) || !isQuote(text[quote])) {
    throw wrong(text, start, 'expected pattern "…"');
  }
  const end = quotedEnd(text, quote);
  return { pattern: compilePattern(text.slice(quote + 1, end - 1)), end };
}

/** The inside of a pattern; {@link compilePattern} reads it back as the same pattern. */
export function printPattern(pattern: BytePattern): string {
  return pattern.elements.map(printElement).join(' ');
}

/** `pattern "…"`, as a step or a script holds it. */
export function printQuotedPattern(pattern: BytePattern): string {
  return `pattern "${printPattern(pattern)}"`;
}

/** One element as a pattern holds it. A quote that would end `pattern "…"` is written `\x22`. */
export function printElement(element: PatternElement): string {
  switch (element.kind) {
    case 'byte':
      return `${nibble(element.value, element.mask, 4)}${nibble(element.value, element.mask, 0)}`;
    case 'set':
      return `[${element.negated ? '^' : ''}${element.ranges.map(printRange).join(' ')}]`;
    case 'text':
      return printText(element.bytes, "'").replaceAll('"', '\\x22');
    case 'run':
      return element.name === undefined ? '*' : `(${element.name}:*)`;
    case 'bytes':
      return `(${element.name}:${element.length})`;
    case 'number':
      return `(${element.name}:${element.type})`;
  }
}

interface Scanned {
  readonly element: PatternElement;
  readonly end: number;
}

function elementAt(source: string, at: number): Scanned {
  const first = source[at] ?? '';
  if (first === '*') return { element: { kind: 'run' }, end: at + 1 };
  if (first === '[') return setAt(source, at);
  if (first === '(') return captureAt(source, at);
  if (isQuote(first)) {
    const end = quotedEnd(source, at);
    if (end === at + 2) throw wrong(source, at, 'an empty text matches nothing');
    return { element: { kind: 'text', bytes: decodeEscapes(source, at + 1, end - 1) }, end };
  }
  const byte = /^[0-9a-fA-F?]{2}/.exec(source.slice(at, at + 2))?.[0];
  if (byte === undefined) {
    const word = /^\S*/.exec(source.slice(at, at + 40))?.[0];
    throw wrong(
      source,
      at,
      `expected a byte such as 0d, 1? or ??, a [set], a (capture), a 'text' or *, got ${word}`,
    );
  }
  const mask = (byte[0] === '?' ? 0 : 0xf0) | (byte[1] === '?' ? 0 : 0x0f);
  const value = Number.parseInt(byte.replaceAll('?', '0'), 16);
  return { element: { kind: 'byte', value, mask }, end: at + 2 };
}

function setAt(source: string, at: number): Scanned {
  const close = source.indexOf(']', at);
  if (close < 0) throw wrong(source, at, 'the set is never closed');
  const inside = source.slice(at + 1, close);
  const negated = inside.startsWith('^');
  const ranges: (readonly [number, number])[] = [];
  for (const item of inside
    .slice(negated ? 1 : 0)
    .split(/\s+/)
    .filter(Boolean)) {
    const match = /^([0-9a-fA-F]{2})(?:-([0-9a-fA-F]{2}))?$/.exec(item);
    const from = Number.parseInt(match?.[1] ?? '', 16);
    const to = match?.[2] === undefined ? from : Number.parseInt(match[2], 16);
    if (match === null) {
      throw wrong(source, at, `a set holds bytes such as 0d and ranges such as 00-7f, got ${item}`);
    }
    if (to < from) throw wrong(source, at, `the range ${item} runs backwards`);
    ranges.push([from, to]);
  }
  if (ranges.length === 0) throw wrong(source, at, 'the set is empty');
  return { element: { kind: 'set', ranges, negated }, end: close + 1 };
}

function captureAt(source: string, at: number): Scanned {
  const close = source.indexOf(')', at);
  const inside = close < 0 ? '' : source.slice(at + 1, close);
  const match = /^([A-Za-z_]\w*):(\*|\w+(?:-\w+)?)$/.exec(inside);
  const [name, what] = [match?.[1], match?.[2] ?? ''];
  if (name === undefined) {
    throw wrong(source, at, 'a capture is written (name:2), (name:u16be) or (name:*)');
  }
  const end = close + 1;
  if (what === '*') return { element: { kind: 'run', name }, end };
  if (/^\d+$/.test(what)) {
    const length = Number(what);
    if (length < 1 || length > 0x1000_0000) {
      throw wrong(source, at, `a capture holds 1 to 268435456 bytes, got ${what}`);
    }
    return { element: { kind: 'bytes', name, length }, end };
  }
  const type = numberTypes.find((known) => known === what);
  if (type === undefined) {
    throw wrong(source, at, `unknown number type ${what}${suggestion(what, numberTypes)}`);
  }
  return { element: { kind: 'number', name, type }, end };
}

function printRange([from, to]: readonly [number, number]): string {
  const [first, last] = [from, to].map((byte) => byte.toString(16).padStart(2, '0'));
  return from === to ? `${first}` : `${first}-${last}`;
}

function nibble(value: number, mask: number, shift: number): string {
  return (mask >> shift) & 0xf ? ((value >> shift) & 0xf).toString(16) : '?';
}

function skipBlanks(source: string, from: number): number {
  let at = from;
  while (at < source.length && isBlank(source[at])) at++;
  return at;
}

function isBlank(character: string | undefined): boolean {
  return character !== undefined && /\s/.test(character);
}

function wrong(source: string, at: number, message: string): Error {
  return refusal('pattern', `${message}, at column ${columnOf(source, at)}`);
}
