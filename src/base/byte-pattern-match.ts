/**
 * Matching of patterns.
 *
 * The runs (`*`) cut a pattern into pieces. A piece is found at its first place behind the piece
 * before it; no place is ever tried again, so the work is at most bytes times the length of the
 * pattern. That is what trying every length of every run, shortest first, would find: the end of a
 * piece never moves back when its start moves on.
 */
import type { BytePattern } from './byte-pattern';
import { elementLength, type PatternElement, widthRange } from './byte-pattern-element';
import {
  type Captures,
  type CaptureValue,
  capturesOf,
  mismatch,
  type PatternMatch,
  type PatternMismatch,
  type PatternResult,
  type Span,
  type Stop,
} from './byte-pattern-result';
import { asBuffer } from './bytes';

export type { Captures, CaptureValue, PatternMatch, PatternMismatch, PatternResult };

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
