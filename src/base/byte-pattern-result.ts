/** What comes of matching a pattern, in the words of users. */
import type { BytePattern } from './byte-pattern';
import { printElement } from './byte-pattern-text';
import { readNumber } from './number-field';

/** What a name caught: bytes (a view, not a copy), or the number of `(name:u16be)`. */
export type CaptureValue = Uint8Array | number | bigint;
export type Captures = Readonly<Record<string, CaptureValue>>;

export type PatternResult = PatternMatch | PatternMismatch;

export interface PatternMatch {
  readonly matched: true;
  /** Offset behind the last byte matched. */
  readonly end: number;
  readonly captures: Captures;
}

export interface PatternMismatch {
  readonly matched: false;
  /** Index of the element that stopped matching; behind the last one when bytes were left over. */
  readonly element: number;
  /** Offset of the byte at which it stopped. */
  readonly offset: number;
  /** Such as `element 3 (10) at byte 4: got 11`. */
  readonly reason: string;
  /** Whether more bytes at the end could still make it match. */
  readonly incomplete: boolean;
}

/** The bytes that an element took. */
export interface Span {
  readonly index: number;
  readonly from: number;
  readonly to: number;
}

/** Where matching stopped. */
export interface Stop {
  /** Index of an element, or the count of elements when bytes were left over. */
  readonly index: number;
  readonly offset: number;
  /** More bytes could mend it. */
  readonly short: boolean;
  /** Searched from the offset on and not found. */
  readonly absent?: boolean;
}

/** The bytes and numbers that names caught. */
export function capturesOf(
  pattern: BytePattern,
  bytes: Uint8Array,
  spans: readonly Span[],
): Captures {
  const entries: [string, CaptureValue][] = [];
  for (const { index, from, to } of spans) {
    const element = pattern.elements[index];
    if (element === undefined || !('name' in element) || element.name === undefined) continue;
    const field = element.kind === 'number' ? readNumber(bytes, from, element.type) : undefined;
    entries.push([
      element.name,
      typeof field === 'object' ? field.value : bytes.subarray(from, to),
    ]);
  }
  return Object.fromEntries(entries);
}

/** Says which element stopped and why. */
export function mismatch(pattern: BytePattern, bytes: Uint8Array, stop: Stop): PatternMismatch {
  const element = pattern.elements[stop.index];
  const got = bytes[stop.offset];
  const facts = { matched: false, element: stop.index, offset: stop.offset } as const;
  if (element === undefined || element.kind === 'run') {
    const left = bytes.byteLength - stop.offset;
    const rest = `${left} more ${left === 1 ? 'byte follows' : 'bytes follow'}`;
    return {
      ...facts,
      incomplete: stop.short,
      reason: `the pattern ends at byte ${stop.offset}, ${rest}`,
    };
  }
  const name = `element ${stop.index + 1} (${printElement(element)})`;
  if (stop.absent === true) {
    const reason = `${name} does not occur from byte ${stop.offset} on`;
    return { ...facts, incomplete: true, reason };
  }
  const what = got === undefined ? 'the bytes end' : `got ${got.toString(16).padStart(2, '0')}`;
  return { ...facts, incomplete: stop.short, reason: `${name} at byte ${stop.offset}: ${what}` };
}
