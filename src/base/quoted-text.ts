/** Quoted text and its escapes: the ground of byte literals, patterns and scripts. */
import { refusal } from './errors';

/** Bytes of the escapes that are a backslash and one character. */
const namedEscapes: Readonly<Record<string, number>> = {
  r: 0x0d,
  n: 0x0a,
  t: 0x09,
  '0': 0x00,
  e: 0x1b,
  b: 0x08,
  f: 0x0c,
  v: 0x0b,
  '\\': 0x5c,
  '"': 0x22,
  "'": 0x27,
};

/** Byte → the escape that names it, without quotes. */
export const escapeOfByte: ReadonlyMap<number, string> = new Map(
  Object.entries(namedEscapes)
    .filter(([name]) => name !== '"' && name !== "'")
    .map(([name, byte]) => [byte, `\\${name}`]),
);

/** The column of an index: characters before it (code points) and one. */
export function columnOf(text: string, index: number): number {
  let column = 1;
  for (let at = 0; at < index; at += stepAt(text, at)) column++;
  return column;
}

/** The whole character at an index, also one of two UTF-16 units. */
export function characterAt(text: string, index: number): string {
  return text.slice(index, index + stepAt(text, index));
}

/** Whether a quoted text starts at an index. */
export function isQuote(character: string | undefined): boolean {
  return character === '"' || character === "'";
}

/**
 * Finds the end of the quoted text that starts at `start`.
 *
 * @returns the index behind the closing quote
 * @throws TcpError `ECONFIG` - the quote is never closed
 */
export function quotedEnd(text: string, start: number): number {
  const quote = text[start];
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === quote) return at + 1;
  }
  throw refusal('literal', `the quote at column ${columnOf(text, start)} is never closed`);
}

/**
 * Turns text with escapes into bytes: UTF-8, and `\xHH` as that one byte.
 *
 * @param from - index of the first character to read
 * @param to - index behind the last one
 * @param extra - more characters that a backslash may stand before
 * @throws TcpError `ECONFIG` - an unknown or incomplete escape, half a surrogate pair
 */
export function decodeEscapes(
  text: string,
  from: number = 0,
  to: number = text.length,
  extra: string = '',
): Uint8Array {
  const parts: Uint8Array[] = [];
  let plain = from;
  for (let at = text.indexOf('\\', from); at >= 0 && at < to; at = text.indexOf('\\', plain)) {
    parts.push(encode(text, plain, at));
    const read = readEscape(text, at, to, extra);
    parts.push(read.bytes);
    plain = read.end;
  }
  parts.push(encode(text, plain, to));
  return parts.length === 1 ? (parts[0] ?? new Uint8Array()) : Buffer.concat(parts);
}

/**
 * Text with escapes that must be text: names and paths.
 *
 * @throws TcpError `ECONFIG` - as {@link decodeEscapes}, or bytes that are not UTF-8
 */
export function decodeText(text: string, from: number, to: number): string {
  const bytes = Buffer.from(decodeEscapes(text, from, to));
  const decoded = bytes.toString('utf8');
  if (!Buffer.from(decoded, 'utf8').equals(bytes)) {
    throw refusal('literal', `not valid UTF-8 text, at column ${columnOf(text, from)}`);
  }
  return decoded;
}

/** Quotes text so that {@link decodeText} reads it back: only controls, quotes and backslashes are escaped. */
export function quoteText(text: string): string {
  let quoted = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (character === '"') quoted += '\\"';
    else if (code >= 0x20 && code !== 0x7f && code !== 0x5c) quoted += character;
    else quoted += escapeOfByte.get(code) ?? `\\x${code.toString(16).padStart(2, '0')}`;
  }
  return `"${quoted}"`;
}

interface Escape {
  readonly bytes: Uint8Array;
  readonly end: number;
}

function readEscape(text: string, at: number, to: number, extra: string): Escape {
  const name = at + 1 < to ? characterAt(text, at + 1) : '';
  if (name === 'x') return readByteEscape(text, at, to);
  if (name === 'u') return readCodePointEscape(text, at, to);
  if (name !== '' && extra.includes(name)) {
    return { bytes: Buffer.from(name), end: at + 1 + name.length };
  }
  if (!Object.hasOwn(namedEscapes, name)) throw unknownEscape(text, at, name);
  return { bytes: Uint8Array.of(namedEscapes[name] ?? 0), end: at + 2 };
}

function readByteEscape(text: string, at: number, to: number): Escape {
  const digits = text.slice(at + 2, Math.min(at + 4, to));
  if (!/^[0-9a-fA-F]{2}$/.test(digits)) {
    throw refusal('literal', `\\x needs two hex digits, at column ${columnOf(text, at)}`);
  }
  return { bytes: Uint8Array.of(Number.parseInt(digits, 16)), end: at + 4 };
}

function readCodePointEscape(text: string, at: number, to: number): Escape {
  const digits = /^\{([0-9a-fA-F]+)\}/.exec(text.slice(at + 2, Math.min(to, at + 40)))?.[1];
  if (digits === undefined) {
    const form = '\\u needs a code point in braces, as in \\u{e9}';
    throw refusal('literal', `${form}, at column ${columnOf(text, at)}`);
  }
  const code = Number.parseInt(digits, 16);
  if (code > 0x10_ffff || (code >= 0xd800 && code <= 0xdfff)) {
    const reason = code > 0x10_ffff ? 'is above 10ffff' : 'is a surrogate, not a character';
    throw refusal('literal', `\\u{${digits}} ${reason}, at column ${columnOf(text, at)}`);
  }
  return { bytes: Buffer.from(String.fromCodePoint(code)), end: at + 4 + digits.length };
}

function unknownEscape(text: string, at: number, name: string): Error {
  const column = columnOf(text, at);
  const code = name.codePointAt(0);
  if (code === undefined) {
    return refusal('literal', `a backslash with nothing behind it at column ${column}`);
  }
  const visible = /^[^\p{C}\p{Z}]$/u.test(name);
  const shown = visible ? name : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return visible
    ? refusal(
        'literal',
        `unknown escape \\${name} at column ${column} (write \\\\${name} for a backslash)`,
      )
    : refusal(
        'literal',
        `unknown escape \\ before ${shown} at column ${column} (write \\\\ for a backslash)`,
      );
}

function encode(text: string, from: number, to: number): Uint8Array {
  const slice = text.slice(from, to);
  const lone = /\p{Cs}/u.exec(slice);
  if (lone !== null) {
    const column = columnOf(text, from + lone.index);
    throw refusal('literal', `half a surrogate pair is no character, at column ${column}`);
  }
  return Buffer.from(slice, 'utf8');
}

function stepAt(text: string, index: number): number {
  return (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
}
