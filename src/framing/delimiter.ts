import { asBuffer } from '../base/bytes';
import { configError } from '../base/errors';
import { readBytesLike, readFlag, refuseUnknownKeys } from '../base/option-reader';
import { copyOf, framerOf, joined } from './frame-rules';
import type { Framer, FramerOptions } from './framer';
import { readMax } from './framer-limit';
import { encodeError, hexText } from './framing-problem';

/** What `delimiter` takes beside the delimiter. */
export interface DelimiterOptions extends FramerOptions {
  /** The payload includes the delimiter; default false. */
  readonly keep?: boolean;
}

/**
 * Frames that end with a delimiter.
 *
 * @param bytes - the delimiter, 1 byte or more; it is found also when it arrives in pieces
 * @throws TcpError `ECONFIG` - an empty delimiter, a bad option
 * @remarks `encode` refuses a payload in which the delimiter would be found too early. With `keep`
 * the payload must end with the delimiter.
 * @source docs/framing.md#the-framers
 * @example
 * delimiter(Buffer.from('|')).encode(Buffer.from('a')); // a|
 */
export function delimiter(bytes: Uint8Array | ArrayBuffer, options: DelimiterOptions = {}): Framer {
  refuseUnknownKeys('delimiter', options, ['keep', 'max']);
  const mark = readMark('delimiter', bytes);
  const keep = readFlag('keep', options.keep ?? false);
  return framerOf<number>({
    max: readMax(options.max, mark.length),
    look(window, _eof, scanned = 0) {
      const at = window.indexOf(mark, resumeAt(scanned, mark));
      if (at < 0) return { resume: window.length };
      const end = at + mark.length;
      return { payload: copyOf(window, 0, keep ? end : at), end };
    },
    encode(payload) {
      const bytes = keep ? copyOf(payload) : joined(payload, mark);
      refuseEarly(bytes, mark, payload.length);
      return bytes;
    },
  });
}

/**
 * Lines that end with LF; a CR in front of the LF belongs to the line end. `encode` writes LF.
 *
 * @throws TcpError `ECONFIG` - a bad option
 * @remarks `encode` refuses a line that contains LF or ends with CR, since neither comes back.
 * @source docs/framing.md#the-framers
 */
export function line(options: FramerOptions = {}): Framer {
  refuseUnknownKeys('line', options, ['max']);
  return framerOf<number>({
    max: readMax(options.max),
    look(window, _eof, scanned = 0) {
      const at = window.indexOf(0x0a, scanned);
      if (at < 0) return { resume: window.length };
      const end = at > 0 && window[at - 1] === 0x0d ? at - 1 : at;
      return { payload: copyOf(window, 0, end), end: at + 1 };
    },
    encode(payload) {
      const bytes = joined(payload, Uint8Array.of(0x0a));
      refuseEarly(bytes, Buffer.from('\n'), payload.length);
      if (payload.at(-1) === 0x0d) {
        const reason = 'the payload ends with 0d, which would be read as part of the line end';
        throw encodeError(payload.length, reason);
      }
      return bytes;
    },
  });
}

/**
 * Lines that end with exactly CR LF; a bare CR or LF is data.
 *
 * @throws TcpError `ECONFIG` - a bad option
 * @source docs/framing.md#the-framers
 */
export function crlf(options: FramerOptions = {}): Framer {
  refuseUnknownKeys('crlf', options, ['max']);
  return delimiter(Buffer.from('\r\n'), options);
}

/** Bytes that mark a place in a stream: at least one. @throws TcpError `ECONFIG` */
export function readMark(field: string, value: unknown): Buffer {
  const bytes = readBytesLike(field, value);
  if (bytes.length === 0) throw configError(field, 'at least 1 byte', bytes);
  return Buffer.from(bytes);
}

/** Where to go on searching for a mark when the first `scanned` bytes do not hold a whole one. */
export function resumeAt(scanned: number, mark: Uint8Array): number {
  return Math.max(0, scanned - mark.length + 1);
}

/** Refuses bytes whose first mark is not their end. */
function refuseEarly(bytes: Uint8Array, mark: Buffer, length: number): void {
  const at = asBuffer(bytes).indexOf(mark);
  if (at + mark.length === bytes.length) return;
  const reason =
    at < 0
      ? `the payload does not end with the delimiter ${hexText(mark)}`
      : `the delimiter ${hexText(mark)} would be found at byte ${at} of the payload`;
  throw encodeError(length, reason);
}
