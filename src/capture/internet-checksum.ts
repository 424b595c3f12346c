/**
 * The checksum of IP and TCP, in the parts that a writer of many packets needs.
 *
 * A sum is one of 16-bit words in network order, not folded: sums of parts can be added as numbers.
 *
 * @source RFC 1071 section 2
 */

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** The checksum of a sum: folded to 16 bits and inverted. */
export function checksumOf(sum: number): number {
  return ~fold(sum) & 0xffff;
}

/** The 32-bit words of the memory that bytes are in, from its first multiple of four. */
export function wordsOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.buffer, 0, bytes.buffer.byteLength >>> 2);
}

/**
 * The sum of a range of bytes, as if it began at an even offset.
 *
 * The range is summed as aligned 32-bit words in the order of the machine, which gives the sum with
 * its bytes swapped; bytes in front of the first aligned word are summed apart.
 *
 * @param words - {@link wordsOf} the bytes: made once, used for many ranges
 */
export function sumRange(bytes: Uint8Array, words: Uint32Array, from: number, to: number): number {
  const base = bytes.byteOffset;
  const lead = Math.min(-(base + from) & 3, to - from);
  const first = from + lead;
  const wordCount = (to - first) >>> 2;
  const wordFrom = (base + first) >>> 2;
  const last = first + wordCount * 4;
  let sum = fold(sumWords(words, wordFrom, wordFrom + wordCount));
  if (isLittleEndian) sum = swap(sum);
  sum += sumBytes(bytes, last, to);
  // Behind an odd count of bytes high and low are exchanged.
  if (lead & 1) sum = swap(fold(sum));
  return sum + sumBytes(bytes, from, first);
}

/** Four sums at a time, so that one addition does not wait for the one before; each is exact up to 2⁵³. */
function sumWords(words: Uint32Array, from: number, to: number): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let at = from;
  for (const end = to - 3; at < end; at += 4) {
    a += words[at] as number;
    b += words[at + 1] as number;
    c += words[at + 2] as number;
    d += words[at + 3] as number;
  }
  for (; at < to; at++) a += words[at] as number;
  return a + b + c + d;
}

/** Few bytes, one by one. */
function sumBytes(bytes: Uint8Array, from: number, to: number): number {
  let sum = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] as number;
    sum += (at - from) & 1 ? byte : byte << 8;
  }
  return sum;
}

function fold(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = Math.floor(folded / 0x1_0000) + (folded % 0x1_0000);
  return folded;
}

function swap(sum: number): number {
  return ((sum & 0xff) << 8) | (sum >>> 8);
}
