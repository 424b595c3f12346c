import type { Random } from '../base/random';

/**
 * A serial number of 16 bytes, in hex.
 *
 * The first bits keep it positive and of full length, as RFC 5280 section 4.1.2.2 wants it.
 */
export function drawSerial(random: Random): string {
  const bytes = Buffer.from(random.bytes(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}
