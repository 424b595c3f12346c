/** Bytes as the rest of Brine takes them. Text has no bytes without an encoding and is refused. */
export type BytesLike = Uint8Array | ArrayBuffer;

/** A Buffer over the same memory, for its fast methods. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Whether two byte strings are the same. */
export function bytesEqual(left: Uint8Array, right: Uint8Array): boolean {
  return left.byteLength === right.byteLength && asBuffer(left).equals(right);
}

/** The offset of the first byte in which two byte strings differ; -1 when they are the same. */
export function firstDifference(left: Uint8Array, right: Uint8Array): number {
  const shorter = Math.min(left.byteLength, right.byteLength);
  for (let index = 0; index < shorter; index++) {
    if (left[index] !== right[index]) return index;
  }
  return left.byteLength === right.byteLength ? -1 : shorter;
}
