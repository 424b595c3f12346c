/** Copies of what is written, in memory that is used again: fresh pages cost more than the copy. */

const slabBytes = 65_536;
const mostSlabs = 16;
const idle: Uint8Array<ArrayBuffer>[] = [];

/** What was written, as it was at the call. */
export interface WriteCopy {
  readonly bytes: Uint8Array;
  /** Lets the memory be used again. Only for bytes that the network has taken in full. */
  release(): void;
}

/** Copies bytes that their owner may change from now on. */
export function copyOf(bytes: Uint8Array): WriteCopy {
  const slab = slabFor(bytes.byteLength);
  if (slab === undefined) return new Plain(bytes);
  slab.set(bytes);
  return new Slab(slab, bytes.byteLength);
}

function slabFor(length: number): Uint8Array<ArrayBuffer> | undefined {
  // Below this Node cuts a buffer from a pool of its own; above it nothing of ours is long enough.
  if (length < Buffer.poolSize >>> 1 || length > slabBytes) return undefined;
  const slab = idle.pop();
  // A slab of its own would multiply the memory of many short writes that wait.
  if (slab === undefined && length > slabBytes / 2) return new Uint8Array(slabBytes);
  return slab;
}

class Plain implements WriteCopy {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.allocUnsafe(bytes.byteLength);
    this.bytes.set(bytes);
  }

  release(): void {
    // Nothing to use again.
  }
}

class Slab implements WriteCopy {
  readonly bytes: Uint8Array;
  #slab: Uint8Array<ArrayBuffer> | undefined;

  constructor(slab: Uint8Array<ArrayBuffer>, length: number) {
    this.#slab = slab;
    this.bytes = slab.subarray(0, length);
  }

  release(): void {
    if (this.#slab !== undefined && idle.length < mostSlabs) idle.push(this.#slab);
    this.#slab = undefined;
  }
}
