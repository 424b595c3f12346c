/** Bytes of a slab: as much as one write takes. */
export const slabSize: number = 256 * 1_024;

/** Memory that packets are written into. */
export class Slab {
  readonly bytes: Uint8Array = new Uint8Array(slabSize);
  readonly view: DataView = new DataView(this.bytes.buffer);
  /** The same memory, for checksums. */
  readonly words: Uint32Array = new Uint32Array(this.bytes.buffer);
}

/** What is ready to be written: parts, in order. */
export interface Batch {
  readonly parts: readonly Uint8Array[];
  readonly bytes: number;
  /** Slabs that are used up: free once this batch and all before it are written. */
  readonly slabs: readonly Slab[];
}

/**
 * Puts parts of a file together: small things are copied into slabs, large ones are referenced.
 *
 * Slabs that were given back are used again.
 */
export class PacketMemory {
  slab: Slab = new Slab();
  /** Where the next byte goes. */
  at = 0;
  readonly #free: Slab[] = [];
  #parts: Uint8Array[] = [];
  #slabs: Slab[] = [];
  /** Bytes of the slab up to here are in #parts. */
  #cut = 0;
  #bytes = 0;

  /** Bytes that {@link take} would give. */
  get ready(): number {
    return this.#bytes + this.at - this.#cut;
  }

  /** Makes sure that so many bytes, at most a slab, fit at `at`. */
  reserve(length: number): void {
    if (this.at + length <= slabSize) return;
    this.#closePart();
    this.#slabs.push(this.slab);
    this.#renew();
  }

  /** Adds bytes that nobody changes any more. */
  reference(bytes: Uint8Array): void {
    this.#closePart();
    this.#parts.push(bytes);
    this.#bytes += bytes.byteLength;
  }

  /** Adds bytes, copied where they fit. */
  add(bytes: Uint8Array): void {
    if (bytes.byteLength > slabSize / 4) {
      this.reference(bytes);
      return;
    }
    this.reserve(bytes.byteLength);
    this.slab.bytes.set(bytes, this.at);
    this.at += bytes.byteLength;
  }

  /** Everything so far; what follows goes on in the same slab. */
  take(): Batch {
    this.#closePart();
    const batch = { parts: this.#parts, bytes: this.#bytes, slabs: this.#slabs };
    this.#parts = [];
    this.#slabs = [];
    this.#bytes = 0;
    return batch;
  }

  /** Gives slabs back whose bytes are written. */
  release(slabs: readonly Slab[]): void {
    for (const slab of slabs) if (this.#free.length < 8) this.#free.push(slab);
  }

  #renew(): void {
    this.slab = this.#free.pop() ?? new Slab();
    this.at = 0;
    this.#cut = 0;
  }

  #closePart(): void {
    if (this.at === this.#cut) return;
    this.#parts.push(this.slab.bytes.subarray(this.#cut, this.at));
    this.#bytes += this.at - this.#cut;
    this.#cut = this.at;
  }
}
