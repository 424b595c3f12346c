/**
 * How expected and received bytes are shown beside each other.
 *
 * @source docs/literals.md#how-bytes-are-printed
 */
import { allPrintable, printByte, printBytesShortened, printText } from './byte-literal-printer';
import { firstDifference } from './bytes';
import { formatByteCount } from './size';

/** Bytes shown before and behind the first difference, in hex. */
const context = 8;
/** The same in text. */
const textContext = 32;
/** Extra and missing bytes are quoted up to this many. */
const quotedBytes = 32;

/**
 * The difference of two byte strings around the first byte that differs: as text when both are
 * printable, else as aligned hex with `^^` under what differs and `++` under what is too much; a
 * missing byte is `--`.
 *
 * @returns lines joined by LF, without indent; the empty text when both are the same
 */
export function formatDifference(expected: Uint8Array, received: Uint8Array): string {
  const first = firstDifference(expected, received);
  if (first < 0) return '';
  return allPrintable(expected) && allPrintable(received)
    ? textDifference(expected, received, first)
    : hexDifference(expected, received, first);
}

/** `differs at byte 0: expected 4c "L", got 6c "l"`; the empty text when both are the same. */
export function describeDifference(expected: Uint8Array, received: Uint8Array): string {
  const first = firstDifference(expected, received);
  if (first < 0) return '';
  return `differs at byte ${first}: expected ${nameByte(expected[first])}, got ${nameByte(received[first])}`;
}

/** `4c "L"`, or `the end` where there is no byte. */
function nameByte(byte: number | undefined): string {
  return byte === undefined ? 'the end' : `${hexByte(byte)} ${printText(Uint8Array.of(byte), '"')}`;
}

function hexDifference(expected: Uint8Array, received: Uint8Array, first: number): string {
  const longest = Math.max(expected.byteLength, received.byteLength);
  const from = Math.max(0, first - context);
  const to = Math.min(longest, first + 1 + context);
  const offsets = Array.from({ length: to - from }, (_, index) => from + index);
  const missing = (offset: number) => (offset < expected.byteLength ? '--' : '');
  const rows = [
    [offsetLabel(from, to), offsets.map((offset) => hexByte(offset & 0xff))],
    ['expected', offsets.map((offset) => hexCell(expected[offset]))],
    ['received', offsets.map((offset) => hexCell(received[offset]) || missing(offset))],
    ['', offsets.map((offset) => mark(expected[offset], received[offset]))],
  ] as const;
  const lead = from > 0 ? '… ' : '';
  const lines = rows.map(([label, cells], index) => {
    const gap = index === 1 || index === 2 ? lead : ' '.repeat(lead.length);
    return `${label.padEnd(10)}${gap}${cells.map((cell) => cell.padEnd(2)).join(' ')}`.trimEnd();
  });
  const surplus = lengthNote(expected, received);
  if (to < expected.byteLength) lines[1] += ' …';
  if (to < received.byteLength) lines[2] += ' …';
  if (surplus !== '')
    lines[3] = `${(lines[3] ?? '').padEnd((lines[0] ?? '').length)}      ${surplus}`;
  return [`first difference at byte ${first}`, ...lines, ...restNote(expected, received, to)].join(
    '\n',
  );
}

function textDifference(expected: Uint8Array, received: Uint8Array, first: number): string {
  const from = Math.max(0, first - textContext);
  const lead = from > 0 ? '… ' : '';
  const row = (label: string, bytes: Uint8Array) => {
    const end = Math.min(bytes.byteLength, first + textContext);
    return `${label.padEnd(10)}${lead}${printText(bytes.subarray(from, end), '"')}${end < bytes.byteLength ? ' …' : ''}`;
  };
  const before = Array.from(expected.subarray(from, first), (byte) => printByte(byte)).join('');
  const surplus = lengthNote(expected, received);
  const pointer = `${' '.repeat(10 + lead.length + 1 + before.length)}^${surplus && `      ${surplus}`}`;
  return [
    `first difference at byte ${first}${linePosition(expected, first)}`,
    row('expected', expected),
    row('received', received),
    pointer,
  ].join('\n');
}

/** ` (line 3, column 5)` in text of several lines. */
function linePosition(bytes: Uint8Array, offset: number): string {
  const before = Buffer.from(bytes.subarray(0, offset)).toString('latin1').split('\n');
  const column = (before.at(-1)?.length ?? 0) + 1;
  return before.length === 1 ? '' : ` (line ${before.length}, column ${column})`;
}

function lengthNote(expected: Uint8Array, received: Uint8Array): string {
  const extra = received.byteLength - expected.byteLength;
  if (extra === 0) return '';
  const [longer, kind] = extra > 0 ? [received, 'extra'] : [expected, 'missing'];
  const rest = longer.subarray(Math.min(expected.byteLength, received.byteLength));
  const count = formatByteCount(rest.byteLength).replace(' byte', ` ${kind} byte`);
  return `${count}: ${printBytesShortened(rest, quotedBytes)}`;
}

/** Differences behind the window; what is extra or missing has its own note. */
function restNote(expected: Uint8Array, received: Uint8Array, from: number): string[] {
  const shorter = Math.min(expected.byteLength, received.byteLength);
  let count = 0;
  for (let at = from; at < shorter; at++) if (expected[at] !== received[at]) count++;
  if (count === 0) return [];
  const bytes = formatByteCount(count).replace(' byte', ' more byte');
  return [`${bytes} ${count === 1 ? 'differs' : 'differ'} behind byte ${from - 1}`];
}

function mark(expected: number | undefined, received: number | undefined): string {
  if (expected === undefined) return '++';
  return expected === received ? '' : '^^';
}

/** The row of offsets shows their low byte; where that does not say all, the label names the first. */
function offsetLabel(from: number, to: number): string {
  return to <= 0x100 ? '' : `0x${from.toString(16)}`;
}

function hexCell(byte: number | undefined): string {
  return byte === undefined ? '' : hexByte(byte);
}

function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
