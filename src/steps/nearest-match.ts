import { formatDifference } from '../base/byte-difference';
import { printBytesShortened } from '../base/byte-literal-printer';

/** A beginning of what was expected is looked for in this many bytes. */
const searched = 65_536;

/** How expected bytes differ from what came, at the place that fits best; nothing when nothing came. */
export function nearestMatch(expected: Uint8Array, unread: Buffer): string {
  if (unread.byteLength === 0) return '';
  const { at, same } = bestOffset(expected, unread);
  if (same === 0) {
    const received = printBytesShortened(unread, 512);
    return `expected  ${printBytesShortened(expected, 512)}\nreceived  ${received}`;
  }
  const piece = unread.subarray(at, at + expected.byteLength);
  const rest = at === 0 ? '' : `nearest match at byte ${at} of what is unread\n`;
  return rest + formatDifference(expected, piece);
}

/** Where the longest beginning of the expected bytes stands, the first such place, and its length. */
function bestOffset(expected: Uint8Array, unread: Buffer): { at: number; same: number } {
  let best = 0;
  let longest = 0;
  const first = expected[0] ?? 0;
  const last = Math.min(unread.byteLength, searched);
  for (let at = unread.indexOf(first); at >= 0 && at < last; at = unread.indexOf(first, at + 1)) {
    let same = 1;
    while (same < expected.byteLength && unread[at + same] === expected[same]) same++;
    if (same > longest) [best, longest] = [at, same];
  }
  return { at: best, same: longest };
}
