/** Bytes that a search stepped over, and the step that did it. */
export interface Skipped {
  readonly from: number;
  readonly to: number;
  readonly step: string;
}

/** A client keeps this much of a stream; then it stops reading, and the peer feels it. */
export const transcriptLimit: number = 64 * 1_024 * 1_024;

/**
 * Everything one client received on one connection, with the time of each arrival, and the one
 * read cursor of that client.
 *
 * Offsets count from the first byte of the connection.
 */
export class Transcript {
  readonly skipped: Skipped[] = [];
  /** Offset of the first byte that no step has read. */
  cursor = 0;
  #buffer: Buffer = Buffer.alloc(0);
  #length = 0;
  readonly #arrivals: { readonly end: number; readonly atUs: number }[] = [];

  /** Bytes received. */
  get length(): number {
    return this.#length;
  }

  /** Whether no more may be taken from the network. */
  get full(): boolean {
    return this.#length >= transcriptLimit;
  }

  /** Everything received; a view, valid until more arrives. */
  get all(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** What no step has read yet; a view, valid until more arrives. */
  get unread(): Buffer {
    return this.#buffer.subarray(this.cursor, this.#length);
  }

  append(bytes: Uint8Array, atUs: number): void {
    this.#grow(this.#length + bytes.byteLength);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.byteLength;
    this.#arrivals.push({ end: this.#length, atUs });
  }

  /**
   * A look for `waitFor`: the offset of bytes at or after the cursor. It searches only what is
   * new since it last looked.
   */
  finder(wanted: Uint8Array): () => number | undefined {
    let from = this.cursor;
    return () => {
      const found = this.#buffer.subarray(0, this.#length).indexOf(wanted, from);
      if (found >= 0) return found;
      from = Math.max(from, this.#length - wanted.byteLength + 1);
      return undefined;
    };
  }

  /** Moves the cursor behind a match; what lay before the match was skipped. */
  consume(from: number, to: number, step: string): void {
    if (from > this.cursor) this.skipped.push({ from: this.cursor, to: from, step });
    this.cursor = to;
  }

  /** When the byte at an offset arrived. */
  arrivedAtUs(offset: number): number | undefined {
    return this.#arrivals.find(({ end }) => end > offset)?.atUs;
  }

  #grow(needed: number): void {
    if (needed <= this.#buffer.byteLength) return;
    const grown = Buffer.alloc(Math.max(needed, 4_096, this.#buffer.byteLength * 2));
    grown.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = grown;
  }
}
