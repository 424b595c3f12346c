/** Places of masks in memory that this process has masked; gone with the memory. */
const spans = new WeakMap<ArrayBufferLike, [from: number, to: number][]>();

const none: readonly (readonly [number, number])[] = [];

/** Takes note that a part of some bytes is a mask. Parts of one memory come in order, or again. */
export function noteMasked(bytes: Uint8Array, from: number, to: number): void {
  const [first, last] = [bytes.byteOffset + from, bytes.byteOffset + to];
  const known = spans.get(bytes.buffer);
  if (known === undefined) spans.set(bytes.buffer, [[first, last]]);
  else known.push([first, last]);
}

/**
 * The parts of some bytes that are masks, in order and apart from each other. Views of masked bytes
 * have theirs too.
 */
export function maskedIn(bytes: Uint8Array): readonly (readonly [from: number, to: number])[] {
  const { byteOffset, byteLength, buffer } = bytes;
  const known = spans.get(buffer);
  if (known === undefined) return none;
  const joined: [number, number][] = [];
  for (const [from, to] of known.toSorted(([one], [other]) => one - other)) {
    const [first, last] = [Math.max(0, from - byteOffset), Math.min(byteLength, to - byteOffset)];
    if (last <= first) continue;
    const before = joined.at(-1);
    if (before !== undefined && first <= before[1]) before[1] = Math.max(before[1], last);
    else joined.push([first, last]);
  }
  return joined;
}
