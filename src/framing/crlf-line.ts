import type { Missing } from './frame-rules';
import type { FramingProblem } from './framing-problem';

const CR = 0x0d;
const LF = 0x0a;

/** A line of a text protocol: where its text ends, and where the next line starts. */
export interface CrlfLine {
  readonly textEnd: number;
  readonly next: number;
}

/**
 * The line that starts at an offset and ends with CR LF. A CR or an LF alone ends no line and is no
 * text: reading it as either is how two programs come to see different messages.
 *
 * @param scanned - offset up to which the line is known to hold neither
 * @returns the line; `resume`, the `scanned` of the next call, while it is incomplete; or the problem
 */
export function crlfLineAt(
  window: Buffer,
  start: number,
  scanned: number = start,
): CrlfLine | (Missing<number> & { readonly resume: number }) | FramingProblem {
  const cr = window.indexOf(CR, scanned);
  const end = cr < 0 ? window.length : cr;
  const lf = window.subarray(scanned, end).indexOf(LF);
  if (lf >= 0) return bareAt(scanned + lf, 'CR LF (0d 0a)', '0a alone');
  const next = window[end + 1];
  if (next === undefined) return { resume: end };
  if (next === LF) return { textEnd: end, next: end + 2 };
  return bareAt(end + 1, '0a behind 0d', next.toString(16).padStart(2, '0'));
}

/** What is wrong with the CR LF that must stand at an offset; `undefined` while it is right so far. */
export function crlfProblemAt(window: Buffer, offset: number): FramingProblem | undefined {
  for (const [index, wanted] of [CR, LF].entries()) {
    const byte = window[offset + index];
    if (byte === undefined || byte === wanted) continue;
    const got = byte.toString(16).padStart(2, '0');
    return bareAt(offset + index, `${wanted === CR ? '0d' : '0a'} of CR LF`, got);
  }
  return undefined;
}

function bareAt(offset: number, expected: string, got: string): FramingProblem {
  return { code: 'bad-delimiter', message: `expected ${expected}, got ${got}`, offset };
}
