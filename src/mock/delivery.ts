import { readDuration } from '../base/duration';
import { readRate, readSize } from '../base/size';
import type { Compiling } from './compiling';
import type { SendModifiers } from './mock-model';

/** How bytes leave: what becomes of them, in which pieces, and with which pauses. */
export interface Delivery {
  /** Changes and cuts the bytes. */
  pieces(bytes: Uint8Array): readonly Uint8Array[];
  /** Pause after a piece of that many bytes, in milliseconds. */
  pauseMs(length: number): number;
}

const atOnce: Delivery = { pieces: (bytes) => [bytes], pauseMs: () => 0 };

/** Pieces of a rate without `chunks`: small enough to be smooth, large enough to be few. */
const ratePiece = 1_024;

/**
 * Reads how bytes leave.
 *
 * @throws TcpError `ECONFIG`
 */
export function readDelivery(modifiers: SendModifiers, place: Compiling): Delivery {
  const { chunks, every, rate, truncate, flip } = modifiers;
  const given = [chunks, every, rate, truncate, flip].some((value) => value !== undefined);
  if (!given) return atOnce;
  const everyMs = every === undefined ? 0 : readDuration(place.at('every').path, every);
  const perSecond = rate === undefined ? 0 : readRate(place.at('rate').path, rate);
  const most = truncate === undefined ? undefined : readSize(place.at('truncate').path, truncate);
  const cut = readCut(modifiers, place);
  return {
    pieces(bytes) {
      const kept = most === undefined ? bytes : bytes.subarray(0, most);
      return cut(flip === undefined ? kept : flipped(kept, flip));
    },
    pauseMs: (length) => everyMs + (perSecond === 0 ? 0 : (length / perSecond) * 1_000),
  };
}

type Cut = (bytes: Uint8Array) => readonly Uint8Array[];

function readCut({ chunks, every, rate }: SendModifiers, place: Compiling): Cut {
  if (typeof chunks === 'object' && 'count' in chunks) {
    const { count } = chunks;
    return (bytes) => inSizes(bytes, nearEqual(bytes.length, count));
  }
  if (typeof chunks === 'object') return (bytes) => inSizes(bytes, chunks);
  if (chunks !== undefined) {
    const size = Math.max(1, readSize(place.at('chunks').path, chunks));
    return (bytes) => inSizes(bytes, [size]);
  }
  if (every !== undefined) return (bytes) => inSizes(bytes, [1]);
  return rate === undefined ? (bytes) => [bytes] : (bytes) => inSizes(bytes, [ratePiece]);
}

/** Sizes of `count` pieces that differ by one byte at most; fewer pieces when there are fewer bytes. */
function nearEqual(length: number, count: number): readonly number[] {
  const pieces = Math.max(1, Math.min(count, length));
  const least = Math.floor(length / pieces);
  return Array.from({ length: pieces }, (_, index) => least + (index < length % pieces ? 1 : 0));
}

/** The last size repeats. */
function inSizes(bytes: Uint8Array, sizes: readonly number[]): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0, index = 0; at < bytes.length; index++) {
    const size = sizes[Math.min(index, sizes.length - 1)] ?? bytes.length;
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

function flipped(
  bytes: Uint8Array,
  { byte, bit }: { readonly byte: number; readonly bit?: number },
): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const at = byte < 0 ? copy.length + byte : byte;
  if (at >= 0 && at < copy.length)
    copy[at] = (copy[at] ?? 0) ^ (bit === undefined ? 0xff : 1 << bit);
  return copy;
}
