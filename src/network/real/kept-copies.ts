/** Copies for traces, which keep many short ones for long: cut from memory that they share. */

const poolBytes = 65_536;
/** Longer ones have memory of their own, so that little of a pool is wasted at its end. */
const longest = poolBytes / 8;

let pool = new ArrayBuffer(0);
let used = 0;

/** Copies bytes that somebody may change from now on. */
export function keptCopy(bytes: Uint8Array): Buffer {
  const { byteLength } = bytes;
  if (byteLength > longest) return Buffer.from(bytes);
  if (used + byteLength > pool.byteLength) {
    pool = new ArrayBuffer(poolBytes);
    used = 0;
  }
  const copy = Buffer.from(pool, used, byteLength);
  used += byteLength;
  copy.set(bytes);
  return copy;
}
