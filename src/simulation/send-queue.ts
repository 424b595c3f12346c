import type { WireEvent } from '../network/wire-event';
import { Segment } from './segment';

interface Piece {
  bytes: Buffer;
  /** Whether a write ends here: the border of a segment unless segments are made otherwise. */
  readonly ends: boolean;
  readonly cause: WireEvent | undefined;
}

/** Bytes that a socket has taken from its program and not yet sent. */
export class SendQueue {
  #pieces: Piece[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** @param ends - whether these are the last bytes of a write */
  add(bytes: Buffer, ends: boolean, cause: WireEvent | undefined): void {
    this.#pieces.push({ bytes, ends, cause });
    this.#length += bytes.length;
  }

  /** Takes up to `limit` bytes as a segment: of one write only, unless writes are merged. */
  take(limit: number, merge: boolean): Segment {
    const first = this.#pieces[0];
    // Nearly always the segment is a write.
    if (first?.ends === true && first.bytes.length <= limit && !merge) {
      this.#pieces.shift();
      return this.#segment(first.bytes, first.cause, true);
    }
    return this.#collect(limit, merge);
  }

  #collect(limit: number, merge: boolean): Segment {
    const taken: Buffer[] = [];
    let room = limit;
    let cause: WireEvent | undefined;
    let ends = false;
    for (let first = this.#pieces[0]; first !== undefined && room > 0; first = this.#pieces[0]) {
      cause = first.cause;
      ends = first.ends && first.bytes.length <= room;
      if (first.bytes.length > room) {
        taken.push(first.bytes.subarray(0, room));
        first.bytes = first.bytes.subarray(room);
        break;
      }
      this.#pieces.shift();
      taken.push(first.bytes);
      room -= first.bytes.length;
      if (first.ends && !merge) break;
    }
    const [only] = taken;
    const bytes = taken.length === 1 && only !== undefined ? only : Buffer.concat(taken);
    return this.#segment(bytes, cause, ends, taken.length === 1);
  }

  #segment(bytes: Buffer, cause: WireEvent | undefined, ends: boolean, whole = true): Segment {
    this.#length -= bytes.length;
    const segment = new Segment('data', cause?.index, bytes);
    segment.ends = ends;
    if (whole && cause?.length === bytes.length) segment.digest = cause.digest;
    return segment;
  }

  /** Drops everything. Returns how many bytes that was. */
  clear(): number {
    const dropped = this.#length;
    this.#pieces = [];
    this.#length = 0;
    return dropped;
  }
}
