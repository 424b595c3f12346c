import { seededRandom } from '../../src/base/random';

/** What is sent: bytes that look like chance and are the same in every process. */
export const content: Buffer = Buffer.from(seededRandom(7).bytes(65_536 + 256));

/** One piece of a long stream. Neighbours differ, so that bytes in the wrong order show in a checksum. */
export function pieceAt(sent: number, total: number): Buffer {
  const begin = (sent / 65_536) % 256;
  return content.subarray(begin, begin + Math.min(65_536, total - sent));
}

/** How many bytes at the start of a chunk are the ones that stand at a place of the stream. */
export function rightBytes(chunk: Buffer, from: number, total: number): number {
  for (let at = 0; at < chunk.length; ) {
    const place = from + at;
    const piece = pieceAt(place - (place % 65_536), total).subarray(place % 65_536);
    const part = chunk.subarray(at, at + piece.length);
    if (part.length === 0 || !part.equals(piece.subarray(0, part.length))) return at;
    at += part.length;
  }
  return chunk.length;
}
