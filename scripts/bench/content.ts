import { seededRandom } from '../../src/base/random';

/** What is sent: bytes that look like chance and are the same in every process. */
export const content: Buffer = Buffer.from(seededRandom(7).bytes(65_536 + 256));

/** One piece of a long stream. Neighbours differ, so that bytes in the wrong order show in a checksum. */
export function pieceAt(sent: number, total: number): Buffer {
  const begin = (sent / 65_536) % 256;
  return content.subarray(begin, begin + Math.min(65_536, total - sent));
}
