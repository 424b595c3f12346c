import { asBuffer } from '../base/bytes';
import type { FramingProblem } from './framing-problem';

/** A number in front of a message. */
export interface LengthField {
  /** How it reads in messages: `u16be`. */
  readonly name: string;
  /** The smallest and the largest size in bytes; they differ only for `varint`. */
  readonly leastBytes: number;
  readonly mostBytes: number;
  /** The largest value it holds. */
  readonly largest: number;
  /** The number at an offset, `undefined` while bytes are missing. Problems count from the window. */
  read(window: Buffer, offset: number): ReadLength | FramingProblem | undefined;
  /** The number in `size` bytes, or `undefined` when it is not written in that many. */
  write(value: number, size: number): Uint8Array | undefined;
}

/** A number that was read, and the bytes it took. */
export interface ReadLength {
  readonly value: number;
  readonly size: number;
}

/** The widths and byte orders a length field may have. */
export const lengthTypes = [
  'u8',
  'u16be',
  'u16le',
  'u24be',
  'u24le',
  'u32be',
  'u32le',
  'u64be',
  'u64le',
  'varint',
] as const;

/** `u8`, `u16be`, … `u64le`: bits and byte order; `varint`: LEB128, 1 to 10 bytes. */
export type LengthType = (typeof lengthTypes)[number];

/** The field of a type. */
export function lengthField(type: LengthType): LengthField {
  if (type === 'varint') return varintField;
  const bits = Number(/\d+/.exec(type)?.[0]);
  return integerField(type, bits / 8, type.endsWith('le'));
}

/** A number of decimal or hexadecimal digits. Both letter cases are read, lower case is written. */
export function digitsField(digits: number, radix: 10 | 16): LengthField {
  const isDigit = radix === 10 ? /^[0-9]$/ : /^[0-9a-fA-F]$/;
  const name = `${digits}-digit ${radix === 10 ? 'decimal' : 'hexadecimal'} length`;
  return {
    name,
    leastBytes: digits,
    mostBytes: digits,
    largest: radix ** digits - 1,
    read(window, offset) {
      const text = window.toString('latin1', offset, offset + digits);
      for (let index = 0; index < text.length; index++) {
        if (isDigit.test(text[index] ?? '')) continue;
        const got = window.toString('hex', offset + index, offset + index + 1);
        const message = `expected a ${name}, got the byte ${got}`;
        return { code: 'bad-length', message, offset: offset + index };
      }
      if (text.length < digits) return undefined;
      return { value: Number.parseInt(text, radix), size: digits };
    },
    write: (value) => Buffer.from(value.toString(radix).padStart(digits, '0'), 'latin1'),
  };
}

function integerField(name: string, size: number, little: boolean): LengthField {
  return {
    name,
    leastBytes: size,
    mostBytes: size,
    largest: size === 8 ? Number.MAX_SAFE_INTEGER : 2 ** (8 * size) - 1,
    read(window, offset) {
      if (window.length < offset + size) return undefined;
      if (size < 8) {
        const value = little ? window.readUIntLE(offset, size) : window.readUIntBE(offset, size);
        return { value, size };
      }
      const value = little ? window.readBigUInt64LE(offset) : window.readBigUInt64BE(offset);
      return { value: Number(value), size };
    },
    write(value) {
      const bytes = Buffer.alloc(size);
      if (size < 8) {
        if (little) bytes.writeUIntLE(value, 0, size);
        else bytes.writeUIntBE(value, 0, size);
      } else if (little) bytes.writeBigUInt64LE(BigInt(value));
      else bytes.writeBigUInt64BE(BigInt(value));
      return bytes;
    },
  };
}

const most = 10;

/**
 * LEB128: seven bits a byte, lowest first, the high bit says that more follow. Longer forms than
 * needed are read, as Protocol Buffers do; the shortest is written.
 */
const varintField: LengthField = {
  name: 'varint',
  leastBytes: 1,
  mostBytes: most,
  largest: Number.MAX_SAFE_INTEGER,
  read(window, offset) {
    let value = 0;
    for (let size = 1; size <= most; size++) {
      const byte = window[offset + size - 1];
      if (byte === undefined) return undefined;
      // The tenth byte holds bit 63 alone.
      if (size === most && byte > 1) break;
      value += (byte & 0x7f) * 2 ** (7 * (size - 1));
      if (byte < 0x80) return { value, size };
    }
    const message = 'expected a varint of at most 64 bits, got one that goes on';
    return { code: 'bad-length', message, offset: offset + most - 1 };
  },
  write(value, size) {
    const bytes: number[] = [];
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
    bytes.push(rest);
    return bytes.length === size ? asBuffer(Uint8Array.from(bytes)) : undefined;
  },
};
