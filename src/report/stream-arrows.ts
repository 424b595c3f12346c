import type { WireEvent } from '../network/wire-event';

/** A stretch of bytes of one direction, as it left and as it arrived. */
export interface StreamArrow {
  /** Undefined where the sending end told nothing. */
  readonly write: WireEvent | undefined;
  /** Undefined where the receiving end told nothing, or the bytes never came. */
  readonly read: WireEvent | undefined;
  /** Offset in the direction. */
  readonly start: number;
  readonly length: number;
  /** What arrived, else what was written; undefined where bytes are not kept. */
  readonly bytes: Uint8Array | undefined;
  /** How many arrows the write became; 1 where there is no write. */
  pieces: number;
}

interface Stretch {
  readonly event: WireEvent;
  readonly start: number;
  readonly end: number;
}

/**
 * Joins what one end of a direction wrote with what the other received, by offset: one write cut
 * into several reads gives an arrow per read, several writes joined into one read an arrow per
 * write. Every byte that was read is in exactly one arrow.
 */
export function joinStream(
  writes: readonly WireEvent[],
  reads: readonly WireEvent[],
): readonly StreamArrow[] {
  const sent = stretchesOf(writes);
  const got = stretchesOf(reads);
  const arrows: StreamArrow[] = [];
  for (let at = 0, w = 0, r = 0; w < sent.length || r < got.length; ) {
    const [write, read] = [sent[w], got[r]];
    const start = Math.max(at, Math.min(startOf(write), startOf(read)));
    const isWritten = startOf(write) <= start;
    const isRead = startOf(read) <= start;
    const end = Math.min(
      isWritten ? endOf(write) : startOf(write),
      isRead ? endOf(read) : startOf(read),
    );
    arrows.push(arrow(isWritten ? write : undefined, isRead ? read : undefined, start, end));
    at = end;
    if (endOf(write) <= at) w++;
    if (endOf(read) <= at) r++;
  }
  countPieces(arrows);
  return arrows;
}

function startOf(stretch: Stretch | undefined): number {
  return stretch?.start ?? Number.POSITIVE_INFINITY;
}

function endOf(stretch: Stretch | undefined): number {
  return stretch?.end ?? Number.POSITIVE_INFINITY;
}

/** Where a trace has no offsets, bytes follow each other. */
function stretchesOf(events: readonly WireEvent[]): readonly Stretch[] {
  let last = 0;
  const stretches: Stretch[] = [];
  for (const event of events) {
    const length = event.bytes?.byteLength ?? event.length ?? 0;
    const start = Math.max(last, event.stream ?? last);
    last = start + length;
    if (length > 0) stretches.push({ event, start, end: last });
  }
  return stretches;
}

function arrow(
  write: Stretch | undefined,
  read: Stretch | undefined,
  start: number,
  end: number,
): StreamArrow {
  const source = read?.event.bytes === undefined ? (write ?? read) : read;
  const bytes = source?.event.bytes;
  const from = start - (source?.start ?? 0);
  const length = end - start;
  const isWhole = from === 0 && bytes?.byteLength === length;
  return {
    write: write?.event,
    read: read?.event,
    start,
    length,
    bytes: isWhole ? bytes : bytes?.subarray(from, from + length),
    pieces: 1,
  };
}

/** Arrows of one write follow each other. */
function countPieces(arrows: readonly StreamArrow[]): void {
  for (let from = 0, to = 0; from < arrows.length; from = to) {
    const { write } = arrows[from] as StreamArrow;
    for (to = from + 1; write !== undefined && arrows[to]?.write === write; ) to++;
    for (let at = from; at < to; at++) (arrows[at] as StreamArrow).pieces = to - from;
  }
}
