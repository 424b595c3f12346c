/**
 * The one grammar of byte literals: `"PING\r\n"`, `hex "de ad"`, `base64 "AQID"`, `file "a.bin"`,
 * `line "QUIT"`, `64 KiB of "a"`, `1 KiB of random data`.
 *
 * A literal is read once into data and becomes bytes when it is used, because files and chance
 * belong to a scenario. Several lines of literals are in `byte-literal-lines.ts`, the way back from
 * bytes to a literal in `byte-literal-printer.ts`, escapes in `quoted-text.ts`.
 *
 * @source docs/literals.md#literals
 */
import { isAbsolute, join } from 'node:path';
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
import type { Random } from './random';
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

/** Where a literal takes what it does not hold itself. */
export interface LiteralSources {
  /** Content of a file, read now; throws Node's own error (`ENOENT`) when there is none. */
  readonly readFile?: (path: string) => Uint8Array;
  /** Folder that relative paths start from; named when a file is not found. */
  readonly baseFolder?: string;
  /** Chance for `random data`. */
  readonly random?: Pick<Random, 'bytes'>;
}

/** No literal may stand for more bytes than this. */
export const literalLimit: number = 256 * 1_048_576;

/**
 * Reads one literal, which must be the whole text.
 *
 * @throws TcpError `ECONFIG`, field `literal` - says the column (from 1) and what was expected there
 */
export function parseLiteral(text: string): Literal {
  const { literal, end } = literalAt(text, 0);
  if (end < text.length) {
    const rest = JSON.stringify(shorten(text.slice(end)));
    throw refusal(
      'literal',
      `unexpected ${rest} after the literal, at column ${columnOf(text, end)}`,
    );
  }
  return literal;
}

/**
 * The bytes of a literal. They may be shared with the literal: read them, do not write to them.
 *
 * @throws TcpError `ECONFIG`, field `literal` - a file that is not there, nothing to read files or
 * chance from, or more than 256 MiB
 */
export function resolveLiteral(literal: Literal, sources: LiteralSources = {}): Uint8Array {
  switch (literal.kind) {
    case 'line':
      return Buffer.concat([literal.bytes, Buffer.from('\r\n')]);
    case 'file':
      return readLiteralFile(literal.path, sources);
    case 'repeat':
      return repeat(literal.size, resolveLiteral(literal.of, sources));
    case 'random':
      if (sources.random === undefined) {
        throw refusal('literal', 'random data needs a source of chance, and there is none here');
      }
      checkSize(literal.size);
      return sources.random.bytes(literal.size);
    case 'joined': {
      const parts = literal.parts.map((part) => resolveLiteral(part, sources));
      checkSize(parts.reduce((sum, part) => sum + part.byteLength, 0));
      return Buffer.concat(parts);
    }
    default:
      return literal.bytes;
  }
}

/** The bytes of a literal that needs neither files nor chance. @throws TcpError `ECONFIG` */
export function literalBytes(text: string): Uint8Array {
  return resolveLiteral(parseLiteral(text));
}

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

function readLiteralFile(path: string, sources: LiteralSources): Uint8Array {
  const { readFile, baseFolder } = sources;
  const name = JSON.stringify(path);
  if (readFile === undefined) {
    throw refusal('literal', `file ${name} cannot be read here: there is no folder to look in`);
  }
  let bytes: Uint8Array;
  try {
    bytes = readFile(baseFolder === undefined || isAbsolute(path) ? path : join(baseFolder, path));
  } catch (error) {
    const code = (error as { code?: unknown } | null)?.code;
    throw code === 'ENOENT'
      ? refusal(
          'literal',
          `file ${name} not found (looked in ${baseFolder ?? 'the working folder'})`,
          error,
        )
      : refusal('literal', `file ${name} not readable: ${code ?? String(error)}`, error);
  }
  checkSize(bytes.byteLength);
  return bytes;
}

function repeat(size: number, unit: Uint8Array): Uint8Array {
  checkSize(size);
  if (size > 0 && unit.byteLength === 0) {
    throw refusal('literal', `${formatSize(size)} cannot be made of nothing`);
  }
  return size === 0 ? new Uint8Array() : Buffer.alloc(size, unit);
}

function checkSize(bytes: number, amount: string = formatSize(bytes)): void {
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

function shorten(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`;
}
