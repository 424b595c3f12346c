/** Bytes that are shown of a comparison. */
const shown = 64;

/** Bytes for a comparison: `61 62 63`, the first 64 of them. */
export function hexOf(bytes: Uint8Array): string {
  const digits = Buffer.from(bytes.subarray(0, shown)).toString('hex');
  const pairs = digits.match(/../g)?.join(' ') ?? 'nothing';
  return bytes.length > shown ? `${pairs} … (${bytes.length} bytes)` : pairs;
}
