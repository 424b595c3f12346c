import { firstDifference } from '../base/bytes';
import { formatByteCount } from '../base/size';
import type { ByteSource } from './byte-source';
import { PieceList } from './piece-list';

/** Bytes and segments that may wait for what is missing in front of them, per direction. */
const waitingBytes = 4 * 2 ** 20;
const waitingSegments = 4_096;

/** A segment as one direction takes it. */
export interface IncomingSegment {
  readonly sequence: number;
  /** Bytes that were sent, and those of them that are in the file. */
  readonly length: number;
  readonly captured: number;
  readonly fileAt: number;
  readonly atUs: number;
  readonly push: boolean;
  readonly fin: boolean;
}

interface Waiting {
  start: number;
  readonly length: number;
  /** Bytes behind it that were sent and are not in the file. */
  readonly missing: number;
  readonly fileAt: number;
  readonly push: boolean;
}

/**
 * Puts the segments of one direction in order.
 *
 * The first copy of a byte counts; what comes too early waits. Numbers of 32 bits are unwrapped, so
 * that a stream may be of any length.
 *
 * @source RFC 9293 section 3.4
 */
export class StreamAssembly {
  pieces: PieceList = new PieceList();
  readonly warnings: string[] = [];
  /** Bytes are missing behind the pieces: nothing more is added. */
  hasGap = false;
  /** FIN was seen, and everything in front of it. */
  finished = false;
  readonly #source: ByteSource;
  /** Sequence number of offset 0; not known before the first segment. */
  #base: number | undefined;
  /** Time of what was added last: what had waited is there when the hole is filled. */
  #atUs = 0;
  #finAt: number | undefined;
  #waiting: Waiting[] = [];
  #bytesWaiting = 0;
  /** Where SYN was not seen: what stands in front of the first segment that came. */
  #early: Waiting[] = [];
  #anchored = false;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** Whether a number for the first byte is known. */
  get started(): boolean {
    return this.#base !== undefined;
  }

  /** How far the number of the first byte known lies behind another one. */
  behind(sequence: number): number {
    return this.#base === undefined ? 0 : (this.#base - sequence) | 0;
  }

  /** Sets the number of the first byte, as SYN does; bytes that came before SYN are placed anew. */
  start(sequence: number): void {
    const behind = this.behind(sequence);
    this.#anchored = true;
    this.#base = behind > 0 ? sequence : (this.#base ?? sequence);
    if (behind > 0) this.#moveBack(behind);
    this.#early = [];
  }

  /** Offset of what is expected next. */
  get next(): number {
    return this.pieces.length;
  }

  add(segment: IncomingSegment): void {
    const { length, captured, fileAt, atUs, push, fin } = segment;
    this.#base ??= segment.sequence;
    const start = this.#offsetOf(segment.sequence);
    // A probe that only asks whether the peer lives repeats one old byte, and not always the same.
    if (length === 1 && start === this.next - 1 && !fin) return;
    if (fin && this.#finAt === undefined) this.#finAt = start + length;
    if (length > 0 && !this.hasGap) {
      const missing = length - captured;
      const piece = { start, length: captured, missing, fileAt, push };
      if (start < 0 && !this.#anchored) this.#early.push({ ...piece });
      this.#place(piece, atUs);
    }
    if (this.#finAt !== undefined && this.next >= this.#finAt) this.finished = true;
  }

  /** Nothing follows: what waits stays behind a gap. */
  end(): void {
    if (!this.#anchored) this.#moveBack(this.#earlier());
    const [first] = this.#waiting;
    if (this.hasGap) return;
    const missingTo = first?.start ?? this.#finAt;
    if (missingTo === undefined || missingTo <= this.next) return;
    this.#gap(missingTo - this.next);
  }

  /** The offset of a number, near what is expected next. */
  #offsetOf(sequence: number): number {
    const expected = (this.#base ?? 0) + this.next;
    return this.next + ((sequence - (expected % 0x1_0000_0000)) | 0);
  }

  #place(piece: Waiting, atUs: number): void {
    const { start, length } = piece;
    if (start > this.next) {
      this.#wait(piece);
      return;
    }
    if (start < this.next) this.#compare(piece);
    // Bytes that may follow once more are cut from the front.
    const old = this.next - start;
    if (old < length) this.#append(piece, old, atUs);
    if (piece.missing > 0 && start + length === this.next) this.#gap(piece.missing);
    else this.#release(atUs);
  }

  /** How far what came early reaches back from the first byte without a hole. */
  #earlier(): number {
    let from = 0;
    for (const { start, length } of this.#early.sort((left, right) => right.start - left.start)) {
      if (start + length < from) break;
      from = Math.min(from, start);
    }
    return -from;
  }

  /** The stream begins so many bytes earlier: everything is placed anew. */
  #moveBack(count: number): void {
    if (count === 0) return;
    const { pieces } = this;
    this.pieces = new PieceList();
    for (const waiting of this.#waiting) waiting.start += count;
    for (let index = 0; index < pieces.count; index++) {
      const { fileAt, length, offset, push } = pieces.at(index);
      this.#wait({ start: offset + count, length, missing: 0, fileAt, push });
    }
    if (this.#finAt !== undefined) this.#finAt += count;
    this.finished = false;
    for (const early of this.#early) this.#wait({ ...early, start: early.start + count });
    this.#early = [];
    this.#release(this.#atUs);
    this.finished = this.#finAt !== undefined && this.next >= this.#finAt;
  }

  #append(piece: Waiting, old: number, atUs: number): void {
    this.#atUs = Math.max(this.#atUs, atUs);
    this.pieces.add(piece.fileAt + old, piece.length - old, this.#atUs, piece.push);
  }

  #wait(piece: Waiting): void {
    const place = this.#waiting.findLastIndex(({ start }) => start <= piece.start) + 1;
    const before = this.#waiting[place - 1];
    if (before?.start === piece.start && before.length >= piece.length) return;
    this.#waiting.splice(place, 0, piece);
    this.#bytesWaiting += piece.length;
    if (this.#waiting.length > waitingSegments || this.#bytesWaiting > waitingBytes) this.end();
  }

  /** Adds what had waited for the bytes that are there now. */
  #release(atUs: number): void {
    for (;;) {
      const [first] = this.#waiting;
      if (first === undefined || first.start > this.next || this.hasGap) return;
      this.#waiting.shift();
      this.#bytesWaiting -= first.length;
      const old = this.next - first.start;
      if (old < first.length) this.#append(first, old, atUs);
      if (first.missing > 0 && first.start + first.length === this.next) this.#gap(first.missing);
    }
  }

  #gap(missing: number): void {
    this.hasGap = true;
    this.#waiting = [];
    this.warnings.push(`gap: ${formatByteCount(missing)} missing at offset ${this.next}`);
  }

  /** Says where a retransmission has other bytes than the first copy. */
  #compare({ start, length, fileAt }: Waiting): void {
    const to = Math.min(start + length, this.next);
    for (let at = Math.max(0, start); at < to; ) {
      const piece = this.pieces.at(this.pieces.indexOf(at));
      const skipped = at - piece.offset;
      const count = Math.min(to - at, piece.length - skipped);
      if (count <= 0) return;
      const first = this.#source.read(piece.fileAt + skipped, count);
      const again = this.#source.read(fileAt + at - start, count);
      if (firstDifference(first, again) >= 0) {
        this.warnings.push(`bytes ${Math.max(0, start)}–${to} differ in a retransmission`);
        return;
      }
      at += count;
    }
  }
}
