interface Piece {
  bytes: Buffer;
  /** Whether a write ends here: the border of a segment unless segments are made otherwise. */
  readonly ends: boolean;
  readonly cause: number | undefined;
}

/** Bytes that a socket has taken from its program and not yet sent. */
export class SendQueue {
  #pieces: Piece[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** @param ends - whether these are the last bytes of a write */
  add(bytes: Buffer, ends: boolean, cause: number | undefined): void {
    this.#pieces.push({ bytes, ends, cause });
    this.#length += bytes.length;
  }

  /**
   * Takes up to `limit` bytes: of one write only, unless writes are merged.
   *
   * @returns the bytes, the cause of the last of them, and whether a write ends there
   */
  take(limit: number, merge: boolean): { bytes: Buffer; cause: number | undefined; ends: boolean } {
    const taken: Buffer[] = [];
    let room = limit;
    let cause: number | undefined;
    let ends = false;
    for (let first = this.#pieces[0]; first !== undefined && room > 0; first = this.#pieces[0]) {
      cause = first.cause;
      ends = first.ends && first.bytes.length <= room;
      if (first.bytes.length > room) {
        taken.push(first.bytes.subarray(0, room));
        first.bytes = first.bytes.subarray(room);
        room = 0;
        break;
      }
      this.#pieces.shift();
      taken.push(first.bytes);
      room -= first.bytes.length;
      if (first.ends && !merge) break;
    }
    const only = taken[0];
    const bytes = taken.length === 1 && only !== undefined ? only : Buffer.concat(taken);
    this.#length -= bytes.length;
    return { bytes, cause, ends };
  }

  /** Drops everything. Returns how many bytes that was. */
  clear(): number {
    const dropped = this.#length;
    this.#pieces = [];
    this.#length = 0;
    return dropped;
  }
}
