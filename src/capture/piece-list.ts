/** Where one piece of a stream stands in the file: a row of {@link PieceList}. */
export interface Piece {
  /** Offset of its first byte in the file. */
  readonly fileAt: number;
  readonly length: number;
  readonly atUs: number;
  /** Offset of its first byte in the stream. */
  readonly offset: number;
  /** The sender wanted it delivered at once: an end of something. */
  readonly push: boolean;
}

const columns = 3;

/**
 * The pieces of one stream, in order, in little memory: 24 bytes each.
 *
 * The bytes stay in the file until somebody asks for them.
 */
export class PieceList {
  /** Bytes of the stream. */
  length = 0;
  count = 0;
  /** Place in the file, time, and the offset behind the piece; negative with PSH. */
  #table = new Float64Array(16 * columns);

  /** Adds what follows. */
  add(fileAt: number, length: number, atUs: number, push: boolean): void {
    if ((this.count + 1) * columns > this.#table.length) {
      const larger = new Float64Array(this.#table.length * 2);
      larger.set(this.#table);
      this.#table = larger;
    }
    this.length += length;
    const row = this.count * columns;
    this.#table[row] = fileAt;
    this.#table[row + 1] = atUs;
    this.#table[row + 2] = push ? -this.length : this.length;
    this.count++;
  }

  at(index: number): Piece {
    const row = index * columns;
    const end = this.#table[row + 2] ?? 0;
    const offset = index === 0 ? 0 : Math.abs(this.#table[row - 1] ?? 0);
    return {
      fileAt: this.#table[row] ?? 0,
      atUs: this.#table[row + 1] ?? 0,
      offset,
      length: Math.abs(end) - offset,
      push: end < 0,
    };
  }

  /** Index of the piece that holds an offset of the stream. */
  indexOf(offset: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (Math.abs(this.#table[middle * columns + 2] ?? 0) > offset) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
