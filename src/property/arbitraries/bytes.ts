import fc, { type Arbitrary } from 'fast-check';
import { readCount } from '../../base/option-reader';

/** What {@link bytes} generates. */
export interface BytesOptions {
  /** Shortest, in bytes; default 0. */
  readonly min?: number;
  /** Longest, in bytes; default 256. */
  readonly max?: number;
  /** Bytes that programs trip over; default 00, 0a, 0d, 1b, 7f, 80 and ff. */
  readonly interesting?: readonly number[];
  /** Delimiters of the protocol, which are put in whole and in part. */
  readonly delimiters?: readonly Uint8Array[];
}

const troublesome = [0x00, 0x0a, 0x0d, 0x1b, 0x7f, 0x80, 0xff];
/** The bytes of characters that UTF-8 writes with two, three and four bytes. */
const characters = ['é', '€', '🧂'].map((text) => [...Buffer.from(text)]);
const letterA = 0x61;

/**
 * Bytes as programs meet them: mostly text, with line ends, zeros, delimiters and pieces of UTF-8
 * in between.
 *
 * Shrinks towards fewer bytes, each of them `a`.
 *
 * @throws TcpError `ECONFIG` - a limit is no whole number, or `min` is more than `max`
 * @source docs/fuzzing.md#what-is-generated
 */
export function bytes(options: BytesOptions = {}): Arbitrary<Uint8Array> {
  const min = readCount('min', options.min ?? 0);
  const max = readCount('max', options.max ?? 256, min);
  const { interesting = troublesome, delimiters = [] } = options;
  const known = [...delimiters.map((delimiter) => [...delimiter]), ...characters];
  const piece = fc.oneof(
    { withCrossShrink: true },
    { arbitrary: printable.map((byte) => [byte]), weight: 6 },
    { arbitrary: fc.constantFrom(...interesting).map((byte) => [byte]), weight: 2 },
    { arbitrary: fc.constantFrom(...known), weight: delimiters.length > 0 ? 2 : 1 },
    { arbitrary: anyByte.map((byte) => [byte]), weight: 1 },
  );
  const drawn = fc
    .array(piece, { minLength: min, maxLength: max })
    .map((pieces) => Uint8Array.from(pieces.flat().slice(0, max)));
  const lengths = edges.filter((length) => length >= min && length <= max);
  if (lengths.length === 0) return drawn;
  const atEdge = fc.constantFrom(...lengths).map((length) => new Uint8Array(length).fill(letterA));
  return fc.oneof(
    { withCrossShrink: true },
    { arbitrary: drawn, weight: 15 },
    { arbitrary: atEdge, weight: 1 },
  );
}

/** Lengths at which a length field of one or two bytes, signed or not, changes its look. */
const edges = [127, 128, 255, 256, 32_767, 32_768, 65_535, 65_536];

/** From `a` on, so that it shrinks to that. */
const printable = fc
  .integer({ min: 0, max: 0x7e - 0x20 })
  .map((step) => 0x20 + ((letterA - 0x20 + step) % (0x7f - 0x20)));
const anyByte = fc.integer({ min: 0, max: 255 }).map((step) => (letterA + step) & 0xff);
