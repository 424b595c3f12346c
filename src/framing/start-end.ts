import { asBuffer, bytesEqual } from '../base/bytes';
import { readFlag, refuseUnknownKeys } from '../base/option-reader';
import { readMark, resumeAt } from './delimiter';
import { copyOf, encodeWhole, framerOf, joined, type Sight } from './frame-rules';
import type { Framer, FramerOptions } from './framer';
import { readMax } from './framer-limit';
import { encodeError, type FramingProblem, hexText } from './framing-problem';

/** What `startEnd` takes beside the marks. */
export interface StartEndOptions extends FramerOptions {
  /**
   * Bytes in front of a byte that is data although a mark begins there. `encode` writes them where
   * the payload holds the start, the end or the escape itself; default none.
   */
  readonly escape?: Uint8Array | ArrayBuffer;
  /** The payload is the frame as it is on the wire, marks and escapes included; default false. */
  readonly keep?: boolean;
}

/**
 * Frames between a start and an end.
 *
 * @param start - 1 byte or more; other bytes where a frame must start are `bad-delimiter`
 * @param end - 1 byte or more
 * @throws TcpError `ECONFIG` - an empty mark, a bad option
 * @remarks An end is looked for before an escape, so that DLE may be the escape of DLE STX … DLE ETX.
 * @source docs/framing.md#marks-and-escapes
 * @example
 * startEnd(Uint8Array.of(2), Uint8Array.of(3)).encode(Buffer.from('hi')); // 02 68 69 03
 */
export function startEnd(
  start: Uint8Array | ArrayBuffer,
  end: Uint8Array | ArrayBuffer,
  options: StartEndOptions = {},
): Framer {
  refuseUnknownKeys('startEnd', options, ['escape', 'keep', 'max']);
  const marks: Marks = {
    start: readMark('start', start),
    end: readMark('end', end),
    escaper: options.escape === undefined ? undefined : readMark('escape', options.escape),
  };
  const keep = readFlag('keep', options.keep ?? false);
  const look = (window: Buffer, _eof: boolean, resume = marks.start.length): Sight<number> => {
    const wrong = firstNotStart(window, marks.start);
    if (wrong !== undefined) return wrong;
    if (window.length < marks.start.length) return {};
    const found = findEnd(window, resume, marks);
    if (typeof found !== 'number') return found;
    const whole = found + marks.end.length;
    const payload = keep
      ? copyOf(window, 0, whole)
      : unescaped(window.subarray(marks.start.length, found), marks);
    return { payload, end: whole };
  };
  return framerOf<number>({
    max: readMax(options.max, marks.start.length + marks.end.length),
    look,
    encode(payload) {
      if (keep) return encodeWhole(look, payload, 'one frame between its marks');
      const bytes = joined(marks.start, escaped(payload, marks), marks.end);
      const sight = look(asBuffer(bytes), true, undefined);
      if ('payload' in sight && sight.end === bytes.length && bytesEqual(sight.payload, payload)) {
        return bytes;
      }
      throw encodeError(payload.length, `the end ${hexText(marks.end)} would be found too early`);
    },
  });
}

interface Marks {
  readonly start: Buffer;
  readonly end: Buffer;
  /** The option `escape`. */
  readonly escaper: Buffer | undefined;
}

function firstNotStart(window: Buffer, start: Buffer): FramingProblem | undefined {
  const length = Math.min(window.length, start.length);
  for (let offset = 0; offset < length; offset++) {
    if (window[offset] === start[offset]) continue;
    const got = hexText(window.subarray(offset, offset + 1));
    const message = `expected the start ${hexText(start)}, got ${got}`;
    return { code: 'bad-delimiter', message, offset };
  }
  return undefined;
}

/** The offset of the end, or where to go on looking. */
function findEnd(
  window: Buffer,
  from: number,
  marks: Marks,
): number | { resume: number } | FramingProblem {
  const { start, end, escaper } = marks;
  if (escaper === undefined) {
    const at = window.indexOf(end, Math.max(start.length, resumeAt(from, end)));
    return at < 0 ? { resume: Math.max(start.length, window.length) } : at;
  }
  let at = from;
  while (at < window.length) {
    const isEnd = startsWith(window, at, end);
    if (isEnd === true) return at;
    const isEscape = isEnd === undefined ? undefined : startsWith(window, at, escaper);
    const escapedAt = at + escaper.length;
    // Undecided bytes wait here: what they are must not depend on how much has arrived.
    if (isEscape === undefined || (isEscape && escapedAt >= window.length)) return { resume: at };
    if (!isEscape) {
      at++;
      continue;
    }
    const byte = window[escapedAt];
    if (byte !== start[0] && byte !== end[0] && byte !== escaper[0]) {
      const got = hexText(window.subarray(escapedAt, escapedAt + 1));
      const message = `expected the first byte of a mark behind the escape ${hexText(escaper)}, got ${got}`;
      return { code: 'bad-escape', message, offset: escapedAt };
    }
    at = escapedAt + 1;
  }
  return { resume: at };
}

/** Whether bytes begin with a mark; `undefined` while the bytes so far could. */
function startsWith(window: Buffer, at: number, mark: Buffer): boolean | undefined {
  const length = Math.min(mark.length, window.length - at);
  for (let index = 0; index < length; index++) {
    if (window[at + index] !== mark[index]) return false;
  }
  return length === mark.length ? true : undefined;
}

function unescaped(body: Buffer, { escaper }: Marks): Uint8Array {
  if (escaper === undefined) return copyOf(body);
  const bytes = new Uint8Array(body.length);
  let length = 0;
  for (let at = 0; at < body.length; at++) {
    if (startsWith(body, at, escaper) === true) at += escaper.length;
    bytes[length++] = body[at] ?? 0;
  }
  return bytes.slice(0, length);
}

function escaped(payload: Uint8Array, { start, end, escaper }: Marks): Uint8Array {
  if (escaper === undefined) return payload;
  // The end stands behind the payload, so a payload that ends like a mark begins is seen too.
  const body = asBuffer(joined(payload, end));
  const parts: Uint8Array[] = [];
  for (let at = 0; at < payload.length; at++) {
    const isMark = [start, end, escaper].some((mark) => startsWith(body, at, mark) === true);
    if (isMark) parts.push(escaper);
    parts.push(payload.subarray(at, at + 1));
  }
  return joined(...parts);
}
