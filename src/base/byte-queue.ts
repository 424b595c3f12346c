import { asBuffer } from './bytes';

/**
 * Bytes in the order they came, kept as the chunks they came in.
 *
 * Nothing is copied on the way in. What is handed out shares no memory with what stays, so it may be
 * changed by whoever gets it; only `peek` and `gather` show the queue's own memory.
 */
export class ByteQueue {
  #chunks: Uint8Array[] = [];
  /** Index of the first chunk that still holds bytes, and how many of its bytes are gone. */
  #head = 0;
  #offset = 0;
  #length = 0;
  /** Memory of a gathered first chunk with room for more; see `gather`. */
  #gathered: Uint8Array | undefined;

  /** Bytes in the queue. */
  get length(): number {
    return this.#length;
  }

  /** Adds bytes at the end. The chunk belongs to the queue from then on. */
  push(chunk: Uint8Array): void {
    if (chunk.byteLength === 0) return;
    this.#chunks.push(chunk);
    this.#length += chunk.byteLength;
  }

  /** Takes the next chunk, cut after `most` bytes; `undefined` when the queue is empty. */
  shift(most: number = Number.POSITIVE_INFINITY): Uint8Array | undefined {
    const first = this.#chunks[this.#head];
    if (first === undefined) return undefined;
    return this.take(Math.min(most, first.byteLength - this.#offset));
  }

  /** Takes exactly `count` bytes from the front; fewer only when there are fewer. */
  take(count: number): Uint8Array {
    const first = this.#chunks[this.#head];
    const whole = this.#offset === 0 && first?.byteLength === count;
    if (first !== undefined && whole && this.#gathered === undefined) {
      this.#dropHead(first);
      return first;
    }
    const bytes = this.copy(count);
    this.skip(bytes.byteLength);
    return bytes;
  }

  /** Copies up to `count` bytes from the front and takes nothing. */
  copy(count: number = this.#length): Uint8Array {
    const result = Buffer.allocUnsafeSlow(Math.min(count, this.#length));
    let filled = 0;
    let offset = this.#offset;
    for (let index = this.#head; filled < result.byteLength; index++) {
      const chunk = this.#chunks[index] ?? result;
      const part = chunk.subarray(offset, offset + result.byteLength - filled);
      result.set(part, filled);
      filled += part.byteLength;
      offset = 0;
    }
    return result;
  }

  /** Drops up to `count` bytes from the front. */
  skip(count: number): void {
    let left = Math.min(count, this.#length);
    for (;;) {
      const first = this.#chunks[this.#head];
      if (first === undefined || left === 0) return;
      const here = first.byteLength - this.#offset;
      if (left < here) {
        this.#offset += left;
        this.#length -= left;
        return;
      }
      left -= here;
      this.#dropHead(first);
    }
  }

  /** Drops everything. */
  clear(): void {
    this.#chunks = [];
    this.#head = 0;
    this.#offset = 0;
    this.#length = 0;
    this.#gathered = undefined;
  }

  /** The offset at which `wanted` begins, at `from` or later; -1 when it is not there. */
  indexOf(wanted: Uint8Array, from = 0): number {
    const lead = wanted[0];
    if (lead === undefined) return Math.min(from, this.#length);
    let start = -this.#offset;
    for (let index = this.#head; index < this.#chunks.length; index++) {
      const chunk = this.#chunks[index];
      if (chunk === undefined) break;
      let at = Math.max(0, from - start);
      while (at < chunk.byteLength) {
        at = asBuffer(chunk).indexOf(lead, at);
        if (at === -1) break;
        if (this.#matches(wanted, index, at)) return start + at;
        at++;
      }
      start += chunk.byteLength;
    }
    return -1;
  }

  /**
   * All bytes in one piece, as a view into the queue's memory, taking nothing.
   *
   * Repeated calls while bytes arrive copy each byte a bounded number of times.
   */
  gather(): Uint8Array {
    const first = this.#chunks[this.#head];
    if (first === undefined) return new Uint8Array(0);
    if (this.#chunks.length - this.#head === 1) return first.subarray(this.#offset);

    let memory = this.#gathered;
    let used = first.byteLength;
    let next = this.#head + 1;
    if (memory === undefined || memory.byteLength < this.#offset + this.#length) {
      // Room for as much again: growing by chunks would copy a long message once per chunk.
      memory = Buffer.allocUnsafeSlow(2 * this.#length);
      used = 0;
      next = this.#head;
    }
    let offset = used === 0 ? this.#offset : 0;
    for (const chunk of this.#chunks.slice(next)) {
      memory.set(offset === 0 ? chunk : chunk.subarray(offset), used);
      used += chunk.byteLength - offset;
      offset = 0;
    }
    if (next === this.#head) this.#offset = 0;
    this.#chunks = [memory.subarray(0, used)];
    this.#head = 0;
    this.#gathered = memory;
    return memory.subarray(this.#offset, used);
  }

  #dropHead(first: Uint8Array): void {
    this.#length -= first.byteLength - this.#offset;
    this.#offset = 0;
    this.#gathered = undefined;
    this.#head++;
    if (this.#head === this.#chunks.length) {
      this.#chunks.length = 0;
      this.#head = 0;
    } else if (this.#head >= 64) {
      this.#chunks.splice(0, this.#head);
      this.#head = 0;
    }
  }

  #matches(wanted: Uint8Array, index: number, at: number): boolean {
    let chunk = this.#chunks[index];
    let position = at;
    for (const byte of wanted) {
      while (chunk !== undefined && position >= chunk.byteLength) {
        index++;
        position = 0;
        chunk = this.#chunks[index];
      }
      if (chunk?.[position] !== byte) return false;
      position++;
    }
    return true;
  }
}
