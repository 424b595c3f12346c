import { type ByteRegex, compileByteRegex } from '../base/byte-regex';
import { readText } from '../base/byte-text';
import { configError, refusal } from '../base/errors';
import { refuseUnknownKeys } from '../base/option-reader';
import { copyOf, encodeWhole, framerOf, type Sight } from './frame-rules';
import type { Framer, FramerOptions } from './framer';
import { readMax } from './framer-limit';

/** How much of a window is tried first; then four times as much, until all of it was. */
const firstTry = 256;

/**
 * Frames that end where a regular expression has matched: a frame is the shortest run of bytes,
 * from where the last frame ended, that the expression matches.
 *
 * @param pattern - flags `d i m s u v`. Bytes are read as latin-1, one character a byte; with `u` or
 *   `v` as UTF-8, where a byte that belongs to no character reads as U+FFFD
 * @throws TcpError `ECONFIG` - a wrong flag, or an expression that looks behind its match (`$`, `\b`,
 *   `\B`, `(?=`, `(?!`): a frame would depend on bytes that are still to come
 * @remarks The payload is the whole match. Greedy and lazy quantifiers give the same frames. What has
 * arrived of a frame is matched again with each chunk, so a large frame in many small chunks costs
 * more than its size; no other framer has this cost. An empty match is `bad-syntax`.
 * @source docs/framing.md#patterns
 * @example
 * patternEnd(/.*?(OK|ERR)\r\n/s).decode(Buffer.from('a\r\nOK\r\n'), false); // one frame
 */
export function patternEnd(pattern: RegExp, options: FramerOptions = {}): Framer {
  refuseUnknownKeys('patternEnd', options, ['max']);
  if (!(pattern instanceof RegExp)) throw configError('pattern', 'a regular expression', pattern);
  const regex = compileByteRegex(pattern.source, pattern.flags);
  refuseLookingAhead(regex);
  const engine = new RegExp(regex.source, `${regex.flags.replace('d', '')}y`);

  const look = (window: Buffer, _eof: boolean, tried = 0): Sight<number> => {
    for (let size = Math.max(firstTry, tried + 1); ; size *= 4) {
      const text = readText(regex, wholeCharacters(regex, window.subarray(0, size)));
      const found = matchedAt(engine, text.characters);
      if (found !== undefined) {
        const end = text.offsetOf(shortest(engine, text.characters, found));
        if (end > 0) return { payload: copyOf(window, 0, end), end };
        const message = `expected a match of ${pattern}, got one of no bytes`;
        return { code: 'bad-syntax', message, offset: 0 };
      }
      if (size >= window.length) return { resume: window.length };
    }
  };
  return framerOf<number>({
    max: readMax(options.max),
    look,
    encode: (payload) => encodeWhole(look, payload, `one match of ${pattern}`),
  });
}

/** The end of a match at the start, or `undefined`. */
function matchedAt(engine: RegExp, text: string): number | undefined {
  engine.lastIndex = 0;
  return engine.exec(text)?.[0].length;
}

/**
 * The length of the shortest start of a text that matches. What matches a text and does not look
 * ahead also matches every longer text, so halving finds it.
 */
function shortest(engine: RegExp, text: string, found: number): number {
  let [low, high] = [0, found];
  while (low < high) {
    const middle = (low + high) >> 1;
    // Between the two halves of a surrogate pair no character ends.
    const split = (text.codePointAt(middle - 1) ?? 0) > 0xffff;
    const end = matchedAt(engine, text.slice(0, split ? middle - 1 : middle));
    if (end === undefined) low = middle + 1;
    else high = end;
  }
  return high;
}

/** The bytes without a character at their end that more bytes could complete. */
function wholeCharacters({ encoding }: ByteRegex, bytes: Buffer): Buffer {
  if (encoding === 'latin1') return bytes;
  for (let length = 1; length <= 3; length++) {
    const start = bytes.length - length;
    if (start >= 0 && startsCharacter(bytes, start, length)) return bytes.subarray(0, start);
  }
  return bytes;
}

/** Whether `length` bytes are the start, but not the whole, of a UTF-8 character. @source RFC 3629 section 4 */
function startsCharacter(bytes: Buffer, start: number, length: number): boolean {
  const [lead = 0, second = 0x80, third = 0x80] = bytes.subarray(start, start + length);
  const whole = lead < 0xc2 || lead > 0xf4 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  const least = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const most = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  const follows = length === 1 || (second >= least && second <= most);
  return length < whole && follows && third >= 0x80 && third <= 0xbf;
}

/** @throws TcpError `ECONFIG` */
function refuseLookingAhead({ source, flags }: ByteRegex): void {
  const deepest = flags.includes('v') ? Number.POSITIVE_INFINITY : 1;
  let classes = 0;
  for (let at = 0; at < source.length; at++) {
    const [here = '', next = ''] = source.slice(at, at + 2);
    const group = source.slice(at, at + 3);
    const inside = classes > 0;
    if (here === '[' && classes < deepest) classes++;
    else if (here === ']' && inside) classes--;
    const word = here === '\\' ? here + next : group === '(?=' || group === '(?!' ? group : here;
    if (!inside && ['$', '\\b', '\\B', '(?=', '(?!'].includes(word)) {
      const reason = 'looks at bytes behind the frame, which may still be to come; leave it out';
      throw refusal('pattern', `pattern /${source}/: ${word} ${reason}`);
    }
    if (here === '\\') at++;
  }
}
