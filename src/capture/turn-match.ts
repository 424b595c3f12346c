/**
 * Whether one line of a script is what stands at a place of a log.
 *
 * Bytes are compared as a stream: a line may be cut into several pieces in the log, or several lines
 * may have arrived as one.
 */
import { describeDifference } from '../base/byte-difference';
import type { LiteralSources } from '../base/byte-literal';
import { printBytesShortened } from '../base/byte-literal-printer';
import { matchPattern } from '../base/byte-pattern-match';
import { matchByteRegex } from '../base/byte-regex';
import type { EventTurn, Expectation, ReceiveTurn, SendTurn, Turn } from './script';
import { type LogEntry, type LogPlace, payloadBytes, signOf } from './script-entries';
import { printTurnBody } from './script-printer';
import { printEvent } from './script-verbs';

/** The place behind the line; or in words why it does not match. */
export type TurnMatch = { readonly end: LogPlace } | { readonly reason: () => string };

/** Matches one line, its time and connection left aside. */
export function matchTurn(
  turn: Turn,
  entries: readonly LogEntry[],
  place: LogPlace,
  sources: LiteralSources,
): TurnMatch {
  const entry = entries[place.index];
  const bytes = turn.kind === 'event' ? undefined : wantedBytes(turn, sources);
  if (bytes?.byteLength === 0) return { end: place };
  if (entry === undefined) return { reason: () => `expected ${printTurnBody(turn)}, the log ends` };
  if (entry.sign !== signOf(turn)) return other(turn, entry, place);
  if (turn.kind === 'event') return matchEvent(turn, entry, place);
  if (bytes !== undefined) return matchBytes(bytes, entries, place);
  return turn.kind === 'receive'
    ? matchPieces(turn.expect, entries, place)
    : other(turn, entry, place);
}

/** The first place at or behind another at which bytes were received that hold the wanted ones. */
export function searchBytes(
  wanted: Uint8Array,
  entries: readonly LogEntry[],
  place: LogPlace,
): LogPlace | undefined {
  const pieces = receivedFrom(entries, place);
  const found = Buffer.concat(pieces).indexOf(wanted);
  if (found < 0) return undefined;
  let { index, offset } = place;
  let left = found;
  for (const piece of pieces) {
    if (left < piece.byteLength) return { index, offset: offset + left };
    left -= piece.byteLength;
    index++;
    offset = 0;
  }
  return { index, offset };
}

/** The bytes that a line names; `undefined` for patterns, expressions and words. */
export function wantedBytes(
  turn: SendTurn | ReceiveTurn,
  sources: LiteralSources,
): Uint8Array | undefined {
  const payload = turn.kind === 'send' ? turn.payload : turn.expect;
  return payload.kind === 'bare' || payload.kind === 'literal'
    ? payloadBytes(payload, sources)
    : undefined;
}

/** An entry from a byte on, as it is shown in messages. */
export function printEntry(entry: LogEntry, offset: number = 0): string {
  return entry.bytes === undefined
    ? printTurnBody(entry.turn)
    : `${entry.sign} ${printBytesShortened(entry.bytes.subarray(offset), 128)}`;
}

function matchEvent(turn: EventTurn, entry: LogEntry, place: LogPlace): TurnMatch {
  const isSame =
    entry.turn.kind === 'event' && printEvent(entry.turn.event) === printEvent(turn.event);
  return isSame ? { end: { index: place.index + 1, offset: 0 } } : other(turn, entry, place);
}

function matchBytes(wanted: Uint8Array, entries: readonly LogEntry[], place: LogPlace): TurnMatch {
  let { index, offset } = place;
  const first = entries[index];
  for (let at = 0; at < wanted.byteLength; ) {
    const entry = entries[index];
    if (entry?.bytes === undefined || !isSameStream(first, entry)) {
      const missing = wanted.subarray(at);
      return { reason: () => missingText(first, missing, entry) };
    }
    const got = entry.bytes.subarray(offset, offset + wanted.byteLength - at);
    const want = wanted.subarray(at, at + got.byteLength);
    if (!Buffer.from(want).equals(got)) {
      const received = Buffer.concat([wanted.subarray(0, at), entry.bytes.subarray(offset)]);
      return { reason: () => `${entry.sign} ${describeDifference(wanted, received)}` };
    }
    at += got.byteLength;
    offset += got.byteLength;
    if (offset === entry.bytes.byteLength) {
      index++;
      offset = 0;
    }
  }
  return { end: { index, offset } };
}

/** A pattern or expression takes one piece of the stream, or as many as it needs to match. */
function matchPieces(
  expect: Expectation,
  entries: readonly LogEntry[],
  place: LogPlace,
): TurnMatch {
  if (expect.kind === 'anything') return { end: { index: place.index + 1, offset: 0 } };
  const pieces = receivedFrom(entries, place);
  let reason = () => 'its bytes were not kept';
  for (let count = 1; count <= pieces.length; count++) {
    const bytes = Buffer.concat(pieces.slice(0, count));
    const end = { index: place.index + count, offset: 0 };
    if (expect.kind === 'regex') {
      if (matchByteRegex(expect.regex, bytes) !== undefined) return { end };
      reason = () => `the expression does not match ${printBytesShortened(bytes, 128)}`;
    } else if (expect.kind === 'pattern') {
      const result = matchPattern(expect.pattern, bytes);
      if (result.matched) return { end };
      reason = () => `the pattern does not match: ${result.reason}`;
    }
  }
  return { reason };
}

/** What one side sent from a place on, up to the next line that is something else. */
function receivedFrom(entries: readonly LogEntry[], place: LogPlace): Uint8Array[] {
  const first = entries[place.index];
  const pieces: Uint8Array[] = [];
  for (let index = place.index; index < entries.length; index++) {
    const entry = entries[index];
    if (entry?.bytes === undefined || !isSameStream(first, entry)) break;
    pieces.push(index === place.index ? entry.bytes.subarray(place.offset) : entry.bytes);
  }
  return pieces;
}

function isSameStream(first: LogEntry | undefined, entry: LogEntry): boolean {
  return first !== undefined && first.sign === entry.sign && first.rank === entry.rank;
}

function missingText(
  first: LogEntry | undefined,
  missing: Uint8Array,
  next: LogEntry | undefined,
): string {
  const what = `${first?.sign ?? ''} ${printBytesShortened(missing, 128)} is missing`.trimStart();
  return next === undefined ? `${what}, the log ends` : `${what}, ${printEntry(next)} follows`;
}

function other(turn: Turn, entry: LogEntry, place: LogPlace): TurnMatch {
  return {
    reason: () => `expected ${printTurnBody(turn)}, got ${printEntry(entry, place.offset)}`,
  };
}
