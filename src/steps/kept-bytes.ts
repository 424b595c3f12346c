/** A run of bytes that was kept, with its place in everything that arrived. */
export interface KeptRun {
  /** Offset of the first byte, 0-based. */
  readonly start: number;
  /** A view of the memory; good until more arrives. */
  readonly bytes: Buffer;
}

/**
 * The first and the last half of a stream of bytes, within a fixed limit.
 *
 * Offsets count everything that arrived, so a cursor stays right when the middle is dropped.
 *
 * @source docs/processes.md#output
 */
export class KeptBytes {
  readonly #half: number;
  /** The first half, then up to two more: when it is full, the older of those two gives way. */
  #memory: Buffer = Buffer.alloc(0);
  #used = 0;
  #total = 0;

  /** @param limit - bytes kept at most, in two equal halves */
  constructor(limit: number) {
    this.#half = Math.ceil(limit / 2);
  }

  /** Bytes that arrived, also those dropped. */
  get total(): number {
    return this.#total;
  }

  /** Bytes between the two halves that are gone. */
  get dropped(): number {
    return Math.max(0, this.#total - 2 * this.#half);
  }

  add(chunk: Uint8Array): void {
    for (let from = 0; from < chunk.byteLength; from += this.#half) {
      this.#addPiece(chunk.subarray(from, from + this.#half));
    }
  }

  /** What is kept from an offset on, oldest first: one run, or two where the middle was dropped. */
  runs(from = 0): readonly KeptRun[] {
    const kept = this.#memory.subarray(0, this.#used);
    if (this.dropped === 0) return [cut({ start: 0, bytes: kept }, from)];
    const tail = kept.subarray(this.#used - this.#half);
    return [
      cut({ start: 0, bytes: kept.subarray(0, this.#half) }, from),
      cut({ start: this.#total - this.#half, bytes: tail }, from),
    ].filter((run) => run.bytes.length > 0);
  }

  #addPiece(piece: Uint8Array): void {
    if (this.#used + piece.byteLength > 3 * this.#half) {
      this.#memory.copyWithin(this.#half, this.#used - this.#half, this.#used);
      this.#used = 2 * this.#half;
    }
    this.#grow(this.#used + piece.byteLength);
    this.#memory.set(piece, this.#used);
    this.#used += piece.byteLength;
    this.#total += piece.byteLength;
  }

  #grow(needed: number): void {
    if (needed <= this.#memory.length) return;
    const size = Math.min(3 * this.#half, Math.max(needed, 2 * this.#memory.length));
    const larger = Buffer.alloc(size);
    larger.set(this.#memory.subarray(0, this.#used));
    this.#memory = larger;
  }
}

function cut(run: KeptRun, from: number): KeptRun {
  const skip = Math.min(Math.max(0, from - run.start), run.bytes.length);
  return { start: run.start + skip, bytes: run.bytes.subarray(skip) };
}
