import { refuseUnknownKeys } from '../base/option-reader';
import { crlfLineAt, crlfProblemAt } from './crlf-line';
import { copyOf, encodeWhole, framerOf, type Missing, type Sight } from './frame-rules';
import type { Framer, FramerOptions } from './framer';
import { readMax } from './framer-limit';
import type { FramingProblem } from './framing-problem';

/**
 * Redis values, RESP2 and RESP3: one frame is one whole value, nested ones included.
 *
 * | First byte | Value |
 * | --- | --- |
 * | `+` `-` `:` `_` `#` `,` `(` | one line |
 * | `$` `!` `=` | a length, that many bytes, CR LF; `$-1` is null; `$?` is followed by parts `;n`, the last `;0` |
 * | `*` `~` `>` | a number of values, and the values; `*-1` is null; `*?` and `~?` end with `.` |
 * | `%` | a number of pairs, and twice as many values; `%?` ends with `.` |
 * | `\|` | an attribute: as `%`, and the value it belongs to is part of the same frame |
 *
 * @returns a framer whose payload is the value as it is on the wire
 * @throws TcpError `ECONFIG` - a bad option
 * @remarks Numbers, booleans and doubles are not checked, only borders are. Inline commands (plain
 * text without a type) are `bad-syntax`. Nesting costs no stack.
 * @source https://github.com/redis/redis-specifications/blob/master/protocol/RESP3.md
 */
export function resp(options: FramerOptions = {}): Framer {
  refuseUnknownKeys('resp', options, ['max']);
  const max = readMax(options.max, 3);
  const look = (window: Buffer, _eof: boolean, from: Progress = start): Sight<Progress> => {
    let progress = from;
    for (;;) {
      const step = advance(window, progress, max);
      if (!('at' in step)) return step;
      if (step.open === undefined) return { payload: copyOf(window, 0, step.at), end: step.at };
      progress = step;
    }
  };
  return framerOf<Progress>({
    max,
    look,
    encode: (payload) => encodeWhole(look, payload, 'one Redis value'),
  });
}

/** What is still to come of a value and of those around it. Never changed, so that it can be kept. */
interface Open {
  readonly kind: 'counted' | 'streamed' | 'parts';
  /** Values to come; of `streamed` the ones seen. */
  readonly count: number;
  /** The number of values must be even: a streamed map. */
  readonly pairs: boolean;
  readonly around: Open | undefined;
}

/** Where the next line begins and what it is part of; `open` is absent when the frame is whole. */
interface Progress {
  readonly at: number;
  readonly open: Open | undefined;
  /** Offset up to which the line was looked through. */
  readonly scanned?: number;
}

type Step = Progress | Missing<Progress> | FramingProblem;

const start: Progress = { at: 0, open: counted(1, undefined) };
const lineTypes = '+-:_#,(';
const blobTypes = '$!=';
const groupTypes = '*~>%|';
/** Types whose size may be `?`, ended by a mark. */
const streamedTypes = '$*~%';
const nullTypes = '$*';
/** The shortest value: a type and CR LF. */
const leastValue = 3;
const longestSize = 20;

/** Reads one line, and the bytes that belong to it. */
function advance(window: Buffer, progress: Progress, max: number): Step {
  const { at, open, scanned } = progress;
  if (open === undefined || at >= window.length) return { resume: progress };
  const type = String.fromCharCode(window[at] ?? 0);
  const wrong = typeProblem(type, open, at);
  if (wrong !== undefined) return wrong;

  const sized = !lineTypes.includes(type) && type !== '.';
  const line = crlfLineAt(window, at + 1, scanned);
  const read = 'textEnd' in line ? line.textEnd : window.length;
  const problem = sized ? sizeProblem(window, type, at + 1, read, 'textEnd' in line) : undefined;
  if (problem !== undefined) return problem;
  if ('code' in line) return line;
  if ('resume' in line) return { resume: { at, open, scanned: line.resume } };
  if (!sized && type !== '.') return { at: line.next, open: taken(open) };
  if (!sized && line.textEnd === at + 1) return { at: line.next, open: closed(open.around) };
  if (!sized) return { code: 'bad-syntax', message: 'expected CR LF behind .', offset: at + 1 };

  const text = window.toString('latin1', at + 1, line.textEnd);
  if (text === '?') return { at: line.next, open: streamed(type, taken(open)) };
  const size = Number(text);
  if (groupTypes.includes(type)) return group(type, size, line.next, progress, max);
  return blob(window, size, line.next, progress);
}

/** Bytes of a known length, and their CR LF. The last part of a streamed string has neither. */
function blob(window: Buffer, size: number, from: number, { at, open }: Progress): Step {
  if (open === undefined) return {};
  const part = open.kind === 'parts';
  if (part && size === 0) return { at: from, open: closed(open.around) };
  if (size < 0) return { at: from, open: taken(open) };
  const end = from + size;
  const problem = crlfProblemAt(window, end);
  if (problem !== undefined) return problem;
  if (window.length < end + 2) return { needs: end + 2, resume: { at, open } };
  return { at: end + 2, open: part ? open : taken(open) };
}

/** A number of values follows. */
function group(type: string, size: number, from: number, { open }: Progress, max: number): Step {
  if (open === undefined) return {};
  const values = Math.max(0, type === '%' || type === '|' ? 2 * size : size);
  const needs = from + leastValue * values;
  // A count that cannot come true is refused now, not when the limit is reached.
  if (needs > max) return { needs };
  const around = type === '|' ? open : taken(open);
  return { at: from, open: values === 0 ? around : counted(values, around) };
}

function typeProblem(type: string, open: Open, offset: number): FramingProblem | undefined {
  const inside = open.kind === 'parts' ? ';' : `${lineTypes}${blobTypes}${groupTypes}`;
  const mayEnd = open.kind === 'streamed' && !(open.pairs && open.count % 2 === 1);
  if (inside.includes(type) || (mayEnd && type === '.')) return undefined;
  const expected = open.kind === 'parts' ? 'a part of a string (;)' : 'the type of a Redis value';
  const got = type.charCodeAt(0).toString(16).padStart(2, '0');
  return { code: 'bad-syntax', message: `expected ${expected}, got ${got}`, offset };
}

/** What is wrong with a size, also while its line is incomplete. */
function sizeProblem(
  window: Buffer,
  type: string,
  from: number,
  to: number,
  whole: boolean,
): FramingProblem | undefined {
  const text = window.toString('latin1', from, Math.min(to, from + longestSize + 1));
  const digits = whole ? text : text.replace(/\r$/, '');
  const signed = nullTypes.includes(type) && /^-1?$/.test(digits);
  const open = streamedTypes.includes(type) && digits === '?';
  const fits = digits.length <= longestSize && /^\d*$/.test(digits);
  const complete = !whole || (digits !== '' && digits !== '-');
  if ((fits || signed || open) && complete) return undefined;
  const message = `expected a size behind ${type}, got ${JSON.stringify(digits)}`;
  return { code: 'bad-length', message, offset: from };
}

function counted(count: number, around: Open | undefined): Open {
  return { kind: 'counted', count, pairs: false, around };
}

function streamed(type: string, around: Open | undefined): Open {
  return { kind: type === '$' ? 'parts' : 'streamed', count: 0, pairs: type === '%', around };
}

/** One value fewer is to come; groups that are whole then are left. */
function taken(open: Open): Open | undefined {
  const step = open.kind === 'counted' ? -1 : 1;
  return closed({ ...open, count: open.count + step });
}

/** Leaves the groups that are whole. Their own place was counted when they began. */
function closed(open: Open | undefined): Open | undefined {
  let left = open;
  while (left?.kind === 'counted' && left.count === 0) left = left.around;
  return left;
}
