/** Bytes that have arrived at a socket and were not yet read by its program. */
export class ReceiveBuffer {
  #chunks: Buffer[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(bytes: Buffer): void {
    this.#chunks.push(bytes);
    this.#length += bytes.length;
  }

  /** The next up to `limit` bytes as one chunk, as one `read` gives them; `undefined` when there are none. */
  take(limit: number): Buffer | undefined {
    const first = this.#chunks[0];
    if (first === undefined) return undefined;
    if (this.#chunks.length === 1 && first.length <= limit) {
      this.#chunks = [];
      this.#length = 0;
      return first;
    }
    const bytes = Buffer.allocUnsafe(Math.min(limit, this.#length));
    let filled = 0;
    let used = 0;
    for (const chunk of this.#chunks) {
      const part = Math.min(chunk.length, bytes.length - filled);
      chunk.copy(bytes, filled, 0, part);
      filled += part;
      if (part < chunk.length) {
        this.#chunks[used] = chunk.subarray(part);
        break;
      }
      used++;
    }
    this.#chunks.splice(0, used);
    this.#length -= filled;
    return bytes;
  }

  /** Drops everything. Returns how many bytes that was. */
  clear(): number {
    const dropped = this.#length;
    this.#chunks = [];
    this.#length = 0;
    return dropped;
  }
}
