import { isRepetition, literalOf, printBytes, printLiteral } from '../base/byte-literal-printer';
import { formatByteCount } from '../base/size';
import { printTime } from './script-time';
import { printEvent } from './script-verbs';
import type { WireLogLine } from './wire-log-lines';

/** How a log is laid out. */
export interface WireLogLayout {
  /** Only the last lines, under a comment that counts those before. Default: all. */
  readonly last?: number;
  /** `start`: `@3 ms` since the beginning; `previous`: `+3 ms` since the line before. Default `start`. */
  readonly times?: 'start' | 'previous' | 'none';
  /** Times are rounded to this. Default 1 ms on a real network, 1 µs on a simulated one. */
  readonly resolutionUs?: number;
  /** `[n]` in front of lines: always, or when there is more than one connection. Default `several`. */
  readonly numbers?: 'always' | 'several';
  /** Longer payloads keep their first 64 and last 16 bytes. Default 256; `Infinity` keeps all. */
  readonly payloadLimit?: number;
}

/** The comment that a log begins with when it lacks bytes. */
export const shortenedMark = '# shortened';

const [keptHead, keptTail] = [64, 16];

/** Lines as text, their times in microseconds since the beginning. */
export function printLogLines(lines: readonly WireLogLine[], layout: WireLogLayout): string {
  const { last = lines.length, payloadLimit = 256 } = layout;
  const left = Math.max(0, lines.length - last);
  const shown = lines.slice(left);
  const columns = [
    timesOf(shown, left > 0, layout),
    numbersOf(shown, layout.numbers === 'always' || isSeveral(lines)),
  ].map(aligned);
  const texts = shown.map((line, index) => {
    const words = columns.map((column) => column[index] ?? '').filter((word) => word !== '');
    return [...words, bodyText(line, payloadLimit)].join(' ');
  });
  return [...headOf(shown, left, payloadLimit), ...texts].map((line) => `${line}\n`).join('');
}

/** Whether a line lacks bytes of its event. */
function lacksBytes({ body }: WireLogLine, limit: number): boolean {
  return body.kind === 'length' || (body.kind === 'bytes' && isLong(body.bytes, limit));
}

/** A long repetition is short as a literal. */
function isLong(bytes: Uint8Array, limit: number): boolean {
  return bytes.byteLength > limit && !isRepetition(bytes);
}

function headOf(shown: readonly WireLogLine[], left: number, limit: number): string[] {
  if (left > 0) return [`# ${left} earlier ${left === 1 ? 'line' : 'lines'}`];
  return shown.some((line) => lacksBytes(line, limit)) ? [shortenedMark] : [];
}

function bodyText({ body }: WireLogLine, limit: number): string {
  if (body.kind === 'length') return `# ${body.sign} ${formatByteCount(body.length)}, not kept`;
  if (body.kind === 'event') {
    const comment = body.comment?.replace(/\p{C}+/gu, ' ');
    return `* ${printEvent(body.event)}${comment === undefined ? '' : `  # ${comment}`}`;
  }
  const { sign, bytes } = body;
  if (!isLong(bytes, limit)) return `${sign} ${printLiteral(literalOf(bytes))}`;
  const head = printBytes(bytes.subarray(0, keptHead));
  const tail = printBytes(bytes.subarray(bytes.byteLength - keptTail));
  const left = formatByteCount(Math.max(0, bytes.byteLength - keptHead - keptTail));
  return `${sign} ${head}  # (… ${left} …) ${tail}`;
}

function timesOf(lines: readonly WireLogLine[], isCut: boolean, layout: WireLogLayout): string[] {
  const { times = 'start', resolutionUs = 1 } = layout;
  if (times === 'none') return [];
  const rounded = lines.map(({ atUs }) => Math.round(atUs / resolutionUs) * resolutionUs);
  return rounded.map((us, index) => {
    if (times === 'start') return `@${printTime(us)}`;
    const before = rounded[index - 1] ?? (isCut ? us : 0);
    return `+${printTime(Math.max(0, us - before))}`;
  });
}

function numbersOf(lines: readonly WireLogLine[], isShown: boolean): string[] {
  return isShown ? lines.map(({ pair }) => (pair === undefined ? '' : `[${pair.number}]`)) : [];
}

function isSeveral(lines: readonly WireLogLine[]): boolean {
  return new Set(lines.flatMap(({ pair }) => (pair === undefined ? [] : [pair]))).size > 1;
}

function aligned(column: readonly string[]): string[] {
  const width = Math.max(0, ...column.map((word) => word.length));
  return column.map((word) => word.padEnd(width));
}
