import { printHex, readHex } from '../base/byte-encodings';
import { bytesEqual } from '../base/bytes';
import { refusal } from '../base/errors';
import { type NumberType, readNumber } from '../base/number-field';
import type { BytesDefinition, FieldType } from './bytes-definition';
import { compileConstant } from './bytes-source';
import type { Compiling } from './compiling';
import type { PredicateKeys } from './mock-model';
import type { Check } from './subject';

type At = NonNullable<PredicateKeys['at']>;

/**
 * Compiles a look at one offset: a number of a type, or bytes. A mask is laid over the bytes before
 * they are read. Out of range does not match.
 *
 * @throws TcpError `ECONFIG`
 */
export function compileAt(at: At, place: Compiling): Check {
  const { offset, type, mask, is } = at;
  const bits = mask === undefined ? undefined : readHex(mask);
  const read = type === undefined ? undefined : (bytes: Uint8Array) => readField(bytes, type);
  const wanted = read === undefined ? bytesOf(is, place) : undefined;
  if (read !== undefined && !['number', 'bigint', 'string'].includes(typeof is)) {
    throw refusal(place.path, `is must be a number, since type is ${type}`);
  }
  const found = (frame: Uint8Array): Uint8Array | undefined => {
    const from = offset < 0 ? frame.length + offset : offset;
    const length = wanted?.length ?? frame.length - from;
    if (from < 0 || length <= 0 || from + length > frame.length) return undefined;
    const bytes = Uint8Array.from(frame.subarray(from, from + length));
    for (const [index, bit] of (bits ?? []).entries()) {
      if (index < bytes.length) bytes[index] = (bytes[index] ?? 0) & bit;
    }
    return bytes;
  };
  return {
    kind: 'bytes',
    rank: 2,
    holds({ bytes: frame }) {
      const bytes = found(frame);
      if (bytes === undefined) return false;
      if (read === undefined) return wanted !== undefined && bytesEqual(bytes, wanted);
      const value = read(bytes);
      return value !== undefined && String(value) === String(is);
    },
    reason({ bytes: frame }) {
      const bytes = found(frame);
      if (bytes === undefined) return `byte ${offset} is outside of ${frame.length} bytes`;
      const value = read?.(bytes) ?? printHex(bytes);
      const expected = wanted === undefined ? String(is) : printHex(wanted);
      return `at byte ${offset}: expected ${expected}, got ${value}`;
    },
  };
}

/** Reads a field at the beginning of bytes; `undefined` when they end inside it. */
export function readField(bytes: Uint8Array, type: FieldType): number | bigint | undefined {
  if (type === 'ascii-dec' || type === 'ascii-hex') {
    const digits = type === 'ascii-dec' ? /^\d+/ : /^[0-9a-f]+/i;
    const [text] = digits.exec(Buffer.from(bytes).toString('latin1')) ?? [];
    if (text === undefined) return undefined;
    return Number.parseInt(text, type === 'ascii-dec' ? 10 : 16);
  }
  const field = readNumber(bytes, 0, type as NumberType);
  return typeof field === 'object' ? field.value : undefined;
}

/** Without a type: a byte value, or bytes in one of their forms. */
function bytesOf(is: unknown, place: Compiling): Uint8Array {
  if (typeof is === 'number') {
    if (Number.isInteger(is) && is >= 0 && is <= 255) return Uint8Array.of(is);
    throw refusal(place.path, 'is must be a byte, or type must say how the number stands in bytes');
  }
  return compileConstant(is as BytesDefinition, place);
}
