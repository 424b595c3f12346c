import { asBuffer } from './bytes';

/** Numbers that stand in bytes: `u16be` is two bytes, unsigned, big-endian; `varint` is LEB128. */
export const numberTypes = [
  'u8',
  'i8',
  'u16be',
  'u16le',
  'i16be',
  'i16le',
  'u24be',
  'u24le',
  'u32be',
  'u32le',
  'i32be',
  'i32le',
  'u64be',
  'u64le',
  'f32be',
  'f32le',
  'f64be',
  'f64le',
  'varint',
] as const;

/** The name of a number's form. @source docs/literals.md#patterns */
export type NumberType = (typeof numberTypes)[number];

/** A number and the bytes it took. */
export interface NumberField {
  /** A `bigint` only where a `number` would not be exact: above 2^53 − 1. */
  readonly value: number | bigint;
  readonly length: number;
}

/** A varint has at most this many bytes, and 64 bits of value in them. */
const longestVarint = 10;
const largestVarint = 0xffff_ffff_ffff_ffffn;

/**
 * Reads a number at an offset.
 *
 * @returns `short` when the bytes end inside it, `long` for a varint of more than 10 bytes or 64 bits
 */
export function readNumber(
  bytes: Uint8Array,
  offset: number,
  type: NumberType,
): NumberField | 'short' | 'long' {
  if (type === 'varint') return readVarint(bytes, offset);
  const length = widthOf(type);
  if (offset + length > bytes.byteLength) return 'short';
  return { value: exact(fixedNumber(bytes, offset, type, length)), length };
}

/** Bytes of a number; of a varint the least, 1. */
export function widthOf(type: NumberType): number {
  return type === 'varint' ? 1 : Number(type.replace(/\D/g, '')) / 8;
}

function fixedNumber(
  bytes: Uint8Array,
  offset: number,
  type: Exclude<NumberType, 'varint'>,
  length: number,
): number | bigint {
  const buffer = asBuffer(bytes);
  const little = type.endsWith('le');
  switch (type[0]) {
    case 'f':
      if (length === 4) return little ? buffer.readFloatLE(offset) : buffer.readFloatBE(offset);
      return little ? buffer.readDoubleLE(offset) : buffer.readDoubleBE(offset);
    case 'i':
      return little ? buffer.readIntLE(offset, length) : buffer.readIntBE(offset, length);
    default:
      if (length === 8) {
        return little ? buffer.readBigUInt64LE(offset) : buffer.readBigUInt64BE(offset);
      }
      return little ? buffer.readUIntLE(offset, length) : buffer.readUIntBE(offset, length);
  }
}

function readVarint(bytes: Uint8Array, offset: number): NumberField | 'short' | 'long' {
  let value = 0n;
  for (let length = 1; length <= longestVarint; length++) {
    const byte = bytes[offset + length - 1];
    if (byte === undefined) return 'short';
    value |= BigInt(byte & 0x7f) << BigInt(7 * (length - 1));
    if (byte < 0x80) return value > largestVarint ? 'long' : { value: exact(value), length };
  }
  return 'long';
}

function exact(value: number | bigint): number | bigint {
  return typeof value === 'bigint' && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}
