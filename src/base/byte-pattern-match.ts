/**
 * Matching of patterns.
 *
 * The runs (`*`) cut a pattern into pieces. A piece is found at its first place behind the piece
 * before it; no place is ever tried again, so the work is at most bytes times the length of the
 * pattern. That is what trying every length of every run, shortest first, would find: the end of a
 * piece never moves back when its start moves on.
 */
import type { BytePattern, PatternElement } from './byte-pattern';
import { printElement } from './byte-pattern';
import { elementLength, widthRange } from './byte-pattern-element';
import { asBuffer } from './bytes';
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

export interface PatternMatchOptions {
  /** Offset of the first byte to match; default 0. */
  readonly from?: number;
  /**
   * Whether the pattern must reach the end of the bytes, as it must over a frame; default true. On a
   * stream, false: what follows does not matter, and a run at the end takes all that has arrived.
   */
  readonly whole?: boolean;
}

/** Matches a pattern against bytes from an offset on. Never throws. */
export function matchPattern(
  pattern: BytePattern,
  bytes: Uint8Array,
  options: PatternMatchOptions = {},
): PatternResult {
  const { from = 0, whole = true } = options;
  const spans: Span[] = [];
  let at = from;
  for (const piece of piecesOf(pattern)) {
    const outcome = placePiece(piece, bytes, at, whole);
    if ('failed' in outcome) return mismatch(pattern, bytes, outcome.failed);
    if (piece.run !== undefined) spans.push({ index: piece.run, from: at, to: outcome.start });
    spans.push(...outcome.spans);
    at = outcome.end;
  }
  return { matched: true, end: at, captures: capturesOf(pattern, bytes, spans) };
}

/** The elements between two runs; `run` is the index of the run before them. */
interface Piece {
  readonly run?: number;
  readonly first: number;
  readonly elements: readonly PatternElement[];
  readonly last: boolean;
}

interface Span {
  readonly index: number;
  readonly from: number;
  readonly to: number;
}

interface Stop {
  /** Index of an element, or the count of elements when bytes were left over. */
  readonly index: number;
  readonly offset: number;
  /** More bytes could mend it. */
  readonly short: boolean;
  /** Searched from the offset on and not found. */
  readonly absent?: boolean;
}

type Placed =
  | { readonly start: number; readonly end: number; readonly spans: readonly Span[] }
  | { readonly failed: Stop };

function piecesOf(pattern: BytePattern): Piece[] {
  const { elements } = pattern;
  const runs = elements.flatMap((element, index) => (element.kind === 'run' ? [index] : []));
  return [undefined, ...runs].map((run, number) => {
    const first = run === undefined ? 0 : run + 1;
    const piece = {
      first,
      elements: elements.slice(first, runs[number] ?? elements.length),
      last: number === runs.length,
    };
    return run === undefined ? piece : { ...piece, run };
  });
}

/** Finds a piece: where it must start, or anywhere behind a run. */
function placePiece(piece: Piece, bytes: Uint8Array, from: number, whole: boolean): Placed {
  const toEnd = piece.last && whole;
  if (piece.run === undefined) return matchAt(piece, bytes, from, toEnd);
  if (piece.elements.length === 0) {
    const end = piece.last ? bytes.byteLength : from;
    return { start: end, end, spans: [] };
  }
  const widths = piece.elements.map(widthRange);
  const least = widths.reduce((sum, [shortest]) => sum + shortest, 0);
  const most = widths.reduce((sum, [, longest]) => sum + longest, 0);
  const lastStart = bytes.byteLength - least;
  // A piece at the end of a frame has one place, or a few when it holds varints.
  let start = toEnd ? Math.max(from, bytes.byteLength - most) : from;
  let best: Stop = toEnd
    ? { index: piece.first, offset: bytes.byteLength, short: true }
    : { index: piece.first, offset: from, short: true, absent: true };
  for (; start <= lastStart; start++) {
    if (!toEnd) start = nextCandidate(piece, bytes, start);
    if (start > lastStart) break;
    const outcome = matchAt(piece, bytes, start, toEnd);
    if (!('failed' in outcome)) return outcome;
    const further = outcome.failed.index > best.index;
    if (further || (toEnd && outcome.failed.index === best.index)) best = outcome.failed;
  }
  // Whatever stopped it here, bytes that are still to come can hold the whole piece.
  return { failed: { ...best, short: true } };
}

/** The next place at which a piece that starts with known bytes can start. */
function nextCandidate(piece: Piece, bytes: Uint8Array, start: number): number {
  const first = piece.elements[0];
  let wanted: Uint8Array | number | undefined;
  if (first?.kind === 'text') wanted = first.bytes;
  else if (first?.kind === 'byte' && first.mask === 0xff) wanted = first.value;
  if (wanted === undefined) return start;
  const found = asBuffer(bytes).indexOf(wanted, start);
  return found < 0 ? bytes.byteLength : found;
}

function matchAt(piece: Piece, bytes: Uint8Array, start: number, toEnd: boolean): Placed {
  const spans: Span[] = [];
  let at = start;
  for (const [number, element] of piece.elements.entries()) {
    const index = piece.first + number;
    const length = elementLength(element, bytes, at);
    if (typeof length !== 'number') {
      return { failed: { index, offset: at + length.matched, short: length.short } };
    }
    spans.push({ index, from: at, to: at + length });
    at += length;
  }
  if (toEnd && at < bytes.byteLength) {
    const index = piece.first + piece.elements.length;
    return { failed: { index, offset: at, short: false } };
  }
  return { start, end: at, spans };
}

function capturesOf(pattern: BytePattern, bytes: Uint8Array, spans: readonly Span[]): Captures {
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

function mismatch(pattern: BytePattern, bytes: Uint8Array, stop: Stop): PatternMismatch {
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
