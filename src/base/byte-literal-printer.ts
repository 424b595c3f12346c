/**
 * From bytes back to a literal, and from a literal back to its text.
 *
 * The shortest of text, `N of` and hex wins. `line` never does: its word costs five characters, the
 * `\r\n` it saves four.
 *
 * @source docs/literals.md#how-bytes-are-printed
 */
import { printHex } from './byte-encodings';
import type { Literal, SimpleLiteral } from './byte-literal';
import { asBuffer } from './bytes';
import { escapeOfByte, quoteText } from './quoted-text';
import { formatByteCount, formatSize } from './size';

/** The longest repeated piece that is looked for. */
const longestUnit = 64;
/** No repetition of a piece is longer as text: whatever is longer itself is shorter so. */
const longestRepetition = 512;
/** In messages, longer byte strings lose their middle. */
const messageLimit = 4_096;

/** The shortest literal that stands for exactly these bytes: text, hex or a repetition of one. */
export function literalOf(bytes: Uint8Array): Literal {
  const unit = repeatedUnit(bytes);
  if (unit === undefined) return simpleOf(bytes);
  const repeated = { kind: 'repeat', size: bytes.byteLength, of: simpleOf(unit) } as const;
  if (bytes.byteLength > longestRepetition) return repeated;
  const whole = simpleOf(bytes);
  return printLiteral(repeated).length < printSimple(whole).length ? repeated : whole;
}

/** Whether {@link literalOf} is a repetition; quick also for many bytes. */
export function isRepetition(bytes: Uint8Array): boolean {
  return bytes.byteLength > longestRepetition
    ? repeatedUnit(bytes) !== undefined
    : literalOf(bytes).kind === 'repeat';
}

/** The text of {@link literalOf}; reads back as exactly these bytes. */
export function printBytes(bytes: Uint8Array): string {
  return printLiteral(literalOf(bytes));
}

/**
 * Bytes for a message: a literal, or of long ones the first and last 2 KiB as two literals with the
 * count of what is left out between them.
 *
 * @param limit - longest byte string that is shown whole; default 4096
 */
export function printBytesShortened(bytes: Uint8Array, limit: number = messageLimit): string {
  if (bytes.byteLength <= limit || repeatedUnit(bytes) !== undefined) return printBytes(bytes);
  const head = Math.ceil(limit / 2);
  const tail = Math.floor(limit / 2);
  const left = formatByteCount(bytes.byteLength - head - tail);
  const [first, last] = [bytes.subarray(0, head), bytes.subarray(bytes.byteLength - tail)];
  return `${printBytes(first)} … ${left} … ${tail === 0 ? '' : printBytes(last)}`.trimEnd();
}

/** The text of a literal, kept in its own form; reads back as the same literal. */
export function printLiteral(literal: Literal): string {
  switch (literal.kind) {
    case 'repeat':
      return `${formatSize(literal.size)} of ${printSimple(literal.of)}`;
    case 'random':
      return `${formatSize(literal.size)} of random data`;
    case 'joined':
      return literal.parts.map(printLiteral).join('\n');
    default:
      return printSimple(literal);
  }
}

/** Whether a byte is shown as itself or has an escape of its own name. */
export function isPrintable(byte: number): boolean {
  return (byte >= 0x20 && byte <= 0x7e) || escapeOfByte.has(byte);
}

/** Whether every byte {@link isPrintable}. */
export function allPrintable(bytes: Uint8Array): boolean {
  return bytes.every(isPrintable);
}

/** A byte as it stands in a quoted text: `a`, `\r`, `\xff`; a quote is escaped when it is `quote`. */
export function printByte(byte: number, quote: string = '"'): string {
  const named = escapeOfByte.get(byte);
  if (named !== undefined) return named;
  if (byte === quote.charCodeAt(0)) return `\\${quote}`;
  if (byte >= 0x20 && byte <= 0x7e) return String.fromCharCode(byte);
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}

/** Bytes as a quoted text, whatever they are. */
export function printText(bytes: Uint8Array, quote: string = quoteFor(bytes)): string {
  let text = '';
  for (const byte of bytes) text += printByte(byte, quote);
  return `${quote}${text}${quote}`;
}

function printSimple(literal: SimpleLiteral): string {
  switch (literal.kind) {
    case 'text':
      return printText(literal.bytes);
    case 'line':
      return `line ${printText(literal.bytes)}`;
    case 'hex':
      return `hex "${printHex(literal.bytes)}"`;
    case 'base64':
      return `base64 "${asBuffer(literal.bytes).toString('base64')}"`;
    case 'file':
      return `file ${quoteText(literal.path)}`;
  }
}

function simpleOf(bytes: Uint8Array): SimpleLiteral {
  let printable = 0;
  for (const byte of bytes) if (isPrintable(byte)) printable++;
  return { kind: printable * 4 >= bytes.byteLength * 3 ? 'text' : 'hex', bytes };
}

/** The single quote where it saves escapes, else the double one. */
function quoteFor(bytes: Uint8Array): string {
  let surplus = 0;
  for (const byte of bytes) {
    if (byte === 0x22) surplus++;
    else if (byte === 0x27) surplus--;
  }
  return surplus > 0 ? "'" : '"';
}

/** The shortest piece that the bytes are repetitions of, the last one perhaps cut. */
function repeatedUnit(bytes: Uint8Array): Uint8Array | undefined {
  const buffer = asBuffer(bytes);
  const length = buffer.byteLength;
  for (let unit = 1; unit <= longestUnit && unit * 2 <= length; unit++) {
    if (buffer.subarray(unit).equals(buffer.subarray(0, length - unit))) {
      return buffer.subarray(0, unit);
    }
  }
  return undefined;
}
