/**
 * What a literal is, and how one is read out of a longer text.
 *
 * @source docs/literals.md#literals
 */
import { readBase64, readHex } from './byte-encodings';
import { suggestion } from './closest-word';
import { refusal } from './errors';
import {
  characterAt,
  columnOf,
  decodeEscapes,
  decodeText,
  isQuote,
  quotedEnd,
} from './quoted-text';
import { bytesOfUnit, formatSize } from './size';

/** A literal that can be repeated. */
export type SimpleLiteral =
  | { readonly kind: 'text' | 'hex' | 'base64'; readonly bytes: Uint8Array }
  /** The bytes without the CR LF that follows them. */
  | { readonly kind: 'line'; readonly bytes: Uint8Array }
  | { readonly kind: 'file'; readonly path: string };

/** What a literal says. Sizes are whole bytes. */
export type Literal =
  | SimpleLiteral
  | { readonly kind: 'repeat'; readonly size: number; readonly of: SimpleLiteral }
  | { readonly kind: 'random'; readonly size: number }
  /** One after the other, as the lines of a doc string are. */
  | { readonly kind: 'joined'; readonly parts: readonly Literal[] };

/** No literal may stand for more bytes than this. */
export const literalLimit: number = 256 * 1_048_576;

/**
 * Reads the literal that starts at an index and says where it ends; for grammars that hold
 * literals. Columns in refusals count from the start of `text`.
 */
export function literalAt(text: string, start: number): { literal: Literal; end: number } {
  const size = sizeAt(text, start);
  if (size === undefined) return simpleAt(text, start);
  const random = ' of random data';
  if (text.startsWith(random, size.end)) {
    return { literal: { kind: 'random', size: size.bytes }, end: size.end + random.length };
  }
  if (!text.startsWith(' of ', size.end)) {
    const amount = text.slice(start, size.end);
    throw refusal(
      'literal',
      `expected " of " after ${amount}, at column ${columnOf(text, size.end)}`,
    );
  }
  const of = simpleAt(text, size.end + 4);
  return { literal: { kind: 'repeat', size: size.bytes, of: of.literal }, end: of.end };
}

const readers: Readonly<Record<string, (text: string, at: number, end: number) => SimpleLiteral>> =
  {
    hex: (text, at, end) => ({ kind: 'hex', bytes: readHex(text, at + 1, end - 1) }),
    base64: (text, at, end) => ({ kind: 'base64', bytes: readBase64(text, at + 1, end - 1) }),
    file: (text, at, end) => ({ kind: 'file', path: readPath(text, at, end) }),
    line: (text, at, end) => ({ kind: 'line', bytes: decodeEscapes(text, at + 1, end - 1) }),
  };

function simpleAt(text: string, start: number): { literal: SimpleLiteral; end: number } {
  if (isQuote(text[start])) {
    const end = quotedEnd(text, start);
    return { literal: { kind: 'text', bytes: decodeEscapes(text, start + 1, end - 1) }, end };
  }
  const word = /^[A-Za-z0-9_]*/.exec(text.slice(start, start + 40))?.[0] ?? '';
  const read = Object.hasOwn(readers, word) ? readers[word] : undefined;
  if (read === undefined) throw notALiteral(text, start, word);
  const quote = start + word.length + 1;
  if (text[quote - 1] !== ' ' || !isQuote(text[quote])) {
    const column = columnOf(text, start + word.length);
    throw refusal('literal', `expected a blank and a quote after ${word}, at column ${column}`);
  }
  const end = quotedEnd(text, quote);
  return { literal: read(text, quote, end), end };
}

function sizeAt(text: string, start: number): { bytes: number; end: number } | undefined {
  const match = /^(\d+(?:\.\d+)?)\s?([A-Za-z]*)/.exec(text.slice(start, start + 400));
  if (match === null) return undefined;
  const [amount, digits, unit] = [match[0], match[1], match[2] ?? ''];
  if (!Object.hasOwn(bytesOfUnit, unit)) {
    const column = columnOf(text, start + amount.length - unit.length);
    throw unit === ''
      ? refusal('literal', `expected a unit such as bytes or KiB, at column ${column}`)
      : refusal(
          'literal',
          `unknown unit "${unit}" at column ${column}${suggestion(unit, Object.keys(bytesOfUnit))}`,
        );
  }
  const bytes = Math.round(Number(digits) * (bytesOfUnit[unit] ?? 1));
  checkSize(bytes, amount);
  return { bytes, end: start + amount.length };
}

function readPath(text: string, at: number, end: number): string {
  const path = decodeText(text, at + 1, end - 1);
  if (path === '' || path.includes('\0')) {
    throw refusal('literal', `expected the path of a file, at column ${columnOf(text, at)}`);
  }
  return path;
}

/** @throws TcpError `ECONFIG` - more bytes than a literal may stand for */
export function checkSize(bytes: number, amount: string = formatSize(bytes)): void {
  if (bytes > literalLimit) {
    throw refusal('literal', `a literal of ${amount} is larger than 256 MiB`);
  }
}

function notALiteral(text: string, start: number, word: string): Error {
  const got = start >= text.length ? 'nothing' : JSON.stringify(word || characterAt(text, start));
  const forms = '"text", hex "…", base64 "…", file "…", line "…" or 4 bytes of "…"';
  const near = word === '' ? '' : suggestion(word, Object.keys(readers));
  return refusal(
    'literal',
    `expected ${forms}, got ${got} at column ${columnOf(text, start)}${near}`,
  );
}
