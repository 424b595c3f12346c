import { configError } from '../base/errors';
import { readCount, readOneOf, refuseUnknownKeys } from '../base/option-reader';
import type { Framer, FramerOptions } from './framer';
import { digitsField } from './length-field';
import { lengthFramer } from './length-prefix';

/** What `asciiLength` takes beside the number of digits. */
export interface AsciiLengthOptions extends FramerOptions {
  /** 10 (default) or 16. Hexadecimal digits are read in both letter cases and written in lower case. */
  readonly radix?: 10 | 16;
  /** What the number counts: the bytes behind it (`payload`, default) or the digits too (`prefix`). */
  readonly includes?: 'payload' | 'prefix';
}

/**
 * Frames that begin with their length in ASCII digits.
 *
 * @param digits - 1 to 10; always all of them, with leading zeros
 * @throws TcpError `ECONFIG` - a bad number of digits or option
 * @source docs/framing.md#the-framers
 * @example
 * asciiLength(4).encode(Buffer.from('hello')); // 0005hello
 */
export function asciiLength(digits: number, options: AsciiLengthOptions = {}): Framer {
  refuseUnknownKeys('asciiLength', options, ['radix', 'includes', 'max']);
  const { radix = 10 } = options;
  const length = readCount('length', digits, 1);
  if (length > 10) throw configError('length', 'a number of digits from 1 to 10', digits);
  if (radix !== 10 && radix !== 16) throw configError('radix', '10 or 16', radix);
  return lengthFramer(digitsField(length, radix), {
    offset: 0,
    includes: readOneOf('includes', options.includes ?? 'payload', ['payload', 'prefix']),
    adjust: 0,
    keep: false,
    leastBody: 0,
    max: options.max,
  });
}
