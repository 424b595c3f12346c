import { asBuffer } from './bytes';
import { formatByteCount } from './size';

const perLine = 16;

export interface HexdumpOptions {
  /** What the first byte is counted as; default 0. */
  readonly offset?: number;
  /** Longest byte string that is shown whole; the middle of longer ones is left out. Default: all. */
  readonly limit?: number;
}

/**
 * A dump of 16 bytes a line: offset in hex, bytes in hex, printable ASCII.
 *
 * @returns lines joined by LF; no bytes give the empty text
 * @example
 * hexdump(bytes`PING\r\n`); // 00000000  50 49 4e 47 0d 0a                                  PING..
 */
export function hexdump(bytes: Uint8Array, options: HexdumpOptions = {}): string {
  const { offset = 0, limit = Number.POSITIVE_INFINITY } = options;
  if (bytes.byteLength <= limit) return dumpLines(bytes, 0, bytes.byteLength, offset).join('\n');
  const lines = Math.max(1, Math.floor(limit / perLine / 2));
  const head = Math.min(lines * perLine, bytes.byteLength);
  const tail = Math.max(head, (Math.ceil(bytes.byteLength / perLine) - lines) * perLine);
  const left = tail > head ? [`… ${formatByteCount(tail - head)} …`] : [];
  return [
    ...dumpLines(bytes, 0, head, offset),
    ...left,
    ...dumpLines(bytes, tail, bytes.byteLength, offset),
  ].join('\n');
}

function dumpLines(bytes: Uint8Array, from: number, to: number, offset: number): string[] {
  const lines: string[] = [];
  for (let at = from; at < to; at += perLine) {
    lines.push(dumpLine(bytes.subarray(at, Math.min(at + perLine, to)), offset + at));
  }
  return lines;
}

function dumpLine(bytes: Uint8Array, offset: number): string {
  const hex = asBuffer(bytes).toString('hex');
  const halves = [hex.slice(0, perLine), hex.slice(perLine)].map((half) =>
    half.replace(/..(?=.)/g, '$& ').padEnd(23),
  );
  const text = asBuffer(bytes)
    .toString('latin1')
    .replace(/[^ -~]/g, '.');
  return `${offset.toString(16).padStart(8, '0')}  ${halves.join('  ')}  ${text}`;
}
