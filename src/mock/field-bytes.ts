import { asBuffer } from '../base/bytes';
import { crc32 } from '../base/crc32';
import { refusal } from '../base/errors';
import type { Checksum, FieldType } from './bytes-definition';

const bits = (type: string): number => Number(/\d+/.exec(type)?.[0] ?? 0);

/**
 * The bytes of a number.
 *
 * @param length - digits of `ascii-dec` and `ascii-hex`, filled with zeros; default as many as needed
 * @throws TcpError `ECONFIG` - not a number, or one that does not fit
 */
export function numberBytes(type: FieldType, value: number | bigint, length = 0): Uint8Array {
  if (type === 'ascii-dec' || type === 'ascii-hex') {
    const digits = value.toString(type === 'ascii-dec' ? 10 : 16).padStart(length, '0');
    if (length > 0 && digits.length > length) throw misfit(value, `${length} digits`);
    return Buffer.from(digits, 'latin1');
  }
  if (type === 'varint') return varintBytes(wholeOf(type, value));
  if (type.startsWith('f')) return floatBytes(type, Number(value));
  const width = bits(type);
  const whole = wholeOf(type, value);
  const signed = type.startsWith('i');
  const stored = signed ? BigInt.asIntN(width, whole) : BigInt.asUintN(width, whole);
  if (stored !== whole) throw misfit(value, type);
  const bytes = Buffer.alloc(width / 8);
  let rest = BigInt.asUintN(width, whole);
  for (let index = 0; index < bytes.length; index++) {
    bytes[type.endsWith('le') ? index : bytes.length - 1 - index] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}

/** A checksum as it stands on the wire: `crc16-modbus` low byte first, the others high byte first. */
export function checksumBytes(kind: Checksum, bytes: Uint8Array): Uint8Array {
  switch (kind) {
    case 'crc32':
      return numberBytes('u32be', crc32(bytes) >>> 0);
    case 'sum8':
      return Uint8Array.of(bytes.reduce((sum, byte) => (sum + byte) & 0xff, 0));
    case 'xor8':
      return Uint8Array.of(bytes.reduce((sum, byte) => sum ^ byte, 0));
    case 'crc16-modbus':
      return numberBytes('u16le', crc16Modbus(bytes));
    case 'crc16-ccitt':
      return numberBytes('u16be', crc16Ccitt(bytes));
  }
}

/** Polynomial 8005, reflected, from FFFF. */
function crc16Modbus(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  }
  return crc;
}

/** Polynomial 1021, from FFFF. */
function crc16Ccitt(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++)
      crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
  }
  return crc;
}

function wholeOf(type: string, value: number | bigint): bigint {
  if (typeof value === 'bigint') return value;
  if (!Number.isSafeInteger(value)) throw misfit(value, type);
  return BigInt(value);
}

function varintBytes(value: bigint): Uint8Array {
  if (value < 0n || value > 0xffff_ffff_ffff_ffffn) throw misfit(value, 'varint');
  const bytes: number[] = [];
  let rest = value;
  do {
    const more = rest > 0x7fn ? 0x80 : 0;
    bytes.push(Number(rest & 0x7fn) | more);
    rest >>= 7n;
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}

function floatBytes(type: string, value: number): Uint8Array {
  const bytes = Buffer.alloc(bits(type) / 8);
  const view = asBuffer(bytes);
  if (bytes.length === 4) type.endsWith('le') ? view.writeFloatLE(value) : view.writeFloatBE(value);
  else type.endsWith('le') ? view.writeDoubleLE(value) : view.writeDoubleBE(value);
  return bytes;
}

function misfit(value: number | bigint, what: string): Error {
  return refusal('value', `${value} does not fit into ${what}`);
}
