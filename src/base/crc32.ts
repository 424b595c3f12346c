import { crc32 as nativeCrc32 } from 'node:zlib';

/** From this length on the native function is faster than the tables, whose calls cost less. */
const nativeFrom = 160;

/** Four tables of 256 words: the checksum takes four bytes a step. */
const tables = makeTables();

/**
 * The CRC-32 of bytes (the checksum of zip, gzip and PNG): a whole number from 0 to 2³² − 1.
 *
 * @source RFC 1952 section 8
 */
export function crc32(bytes: Uint8Array): number {
  return bytes.byteLength >= nativeFrom ? nativeCrc32(bytes) : crc32BySlices(bytes);
}

function crc32BySlices(bytes: Uint8Array): number {
  const length = bytes.byteLength;
  const whole = length & ~3;
  let crc = -1;
  let at = 0;
  for (; at < whole; at += 4) {
    crc ^= byte(bytes, at) | (byte(bytes, at + 1) << 8) | (byte(bytes, at + 2) << 16);
    crc ^= byte(bytes, at + 3) << 24;
    crc =
      word(768 + (crc & 0xff)) ^
      word(512 + ((crc >>> 8) & 0xff)) ^
      word(256 + ((crc >>> 16) & 0xff)) ^
      word(crc >>> 24);
  }
  for (; at < length; at++) crc = word((crc ^ byte(bytes, at)) & 0xff) ^ (crc >>> 8);
  return ~crc >>> 0;
}

function byte(bytes: Uint8Array, at: number): number {
  return bytes[at] as number;
}

function word(at: number): number {
  return tables[at] as number;
}

function makeTables(): Int32Array {
  const made = new Int32Array(1024);
  for (let index = 0; index < 256; index++) {
    let crc = index;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    made[index] = crc;
  }
  for (let index = 256; index < 1024; index++) {
    const before = made[index - 256] as number;
    made[index] = (before >>> 8) ^ (made[before & 0xff] as number);
  }
  return made;
}
