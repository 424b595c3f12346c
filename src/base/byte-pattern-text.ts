/** One element of a pattern as text: read and printed. */
import { printText } from './byte-literal-printer';
import type { PatternElement } from './byte-pattern-element';
import { suggestion } from './closest-word';
import { refusal } from './errors';
import { numberTypes } from './number-field';
import { columnOf, decodeEscapes, isQuote, quotedEnd } from './quoted-text';

/** An element and the index behind it. */
export interface ScannedElement {
  readonly element: PatternElement;
  readonly end: number;
}

/** Reads the element that starts at an index. @throws TcpError `ECONFIG`, field `pattern` or `literal` */
export function elementAt(source: string, at: number): ScannedElement {
  const first = source[at] ?? '';
  if (first === '*') return { element: { kind: 'run' }, end: at + 1 };
  if (first === '[') return setAt(source, at);
  if (first === '(') return captureAt(source, at);
  if (isQuote(first)) {
    const end = quotedEnd(source, at);
    if (end === at + 2) throw wrongPattern(source, at, 'an empty text matches nothing');
    return { element: { kind: 'text', bytes: decodeEscapes(source, at + 1, end - 1) }, end };
  }
  const byte = /^[0-9a-fA-F?]{2}/.exec(source.slice(at, at + 2))?.[0];
  if (byte === undefined) {
    const word = /^\S*/.exec(source.slice(at, at + 40))?.[0];
    throw wrongPattern(
      source,
      at,
      `expected a byte such as 0d, 1? or ??, a [set], a (capture), a 'text' or *, got ${word}`,
    );
  }
  const mask = (byte[0] === '?' ? 0 : 0xf0) | (byte[1] === '?' ? 0 : 0x0f);
  const value = Number.parseInt(byte.replaceAll('?', '0'), 16);
  return { element: { kind: 'byte', value, mask }, end: at + 2 };
}

function setAt(source: string, at: number): ScannedElement {
  const close = source.indexOf(']', at);
  if (close < 0) throw wrongPattern(source, at, 'the set is never closed');
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
      throw wrongPattern(
        source,
        at,
        `a set holds bytes such as 0d and ranges such as 00-7f, got ${item}`,
      );
    }
    if (to < from) throw wrongPattern(source, at, `the range ${item} runs backwards`);
    ranges.push([from, to]);
  }
  if (ranges.length === 0) throw wrongPattern(source, at, 'the set is empty');
  return { element: { kind: 'set', ranges, negated }, end: close + 1 };
}

function captureAt(source: string, at: number): ScannedElement {
  const close = source.indexOf(')', at);
  const inside = close < 0 ? '' : source.slice(at + 1, close);
  const match = /^([A-Za-z_]\w*):(\*|\w+(?:-\w+)?)$/.exec(inside);
  const [name, what] = [match?.[1], match?.[2] ?? ''];
  if (name === undefined) {
    throw wrongPattern(source, at, 'a capture is written (name:2), (name:u16be) or (name:*)');
  }
  const end = close + 1;
  if (what === '*') return { element: { kind: 'run', name }, end };
  if (/^\d+$/.test(what)) {
    const length = Number(what);
    if (length < 1 || length > 0x1000_0000) {
      throw wrongPattern(source, at, `a capture holds 1 to 268435456 bytes, got ${what}`);
    }
    return { element: { kind: 'bytes', name, length }, end };
  }
  const type = numberTypes.find((known) => known === what);
  if (type === undefined) {
    throw wrongPattern(source, at, `unknown number type ${what}${suggestion(what, numberTypes)}`);
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

/** The refusal of a pattern at an index. */
export function wrongPattern(source: string, at: number, message: string): Error {
  return refusal('pattern', `${message}, at column ${columnOf(source, at)}`);
}
