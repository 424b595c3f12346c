import { configError } from '../base/errors';
import { readCount, refuseUnknownKeys } from '../base/option-reader';
import { copyOf, framerOf } from './frame-rules';
import type { Framer, FramerOptions } from './framer';
import { readMax } from './framer-limit';
import { encodeError } from './framing-problem';

/** What `fixedLength` takes beside the length. */
export interface FixedLengthOptions extends FramerOptions {
  /** Byte, 0 to 255, that fills up a short payload; without it a short payload is refused. */
  readonly pad?: number;
}

/**
 * Frames of one length.
 *
 * @param length - bytes, 1 or more
 * @throws TcpError `ECONFIG` - a bad length or option
 * @remarks `decode` keeps what was padded: nobody knows whether it was data.
 * @source docs/framing.md#the-framers
 * @example
 * fixedLength(4, { pad: 0 }).encode(Buffer.from('ab')); // 61 62 00 00
 */
export function fixedLength(length: number, options: FixedLengthOptions = {}): Framer {
  refuseUnknownKeys('fixedLength', options, ['pad', 'max']);
  const size = readCount('length', length, 1);
  const pad = options.pad === undefined ? undefined : readByte('pad', options.pad);
  return framerOf({
    max: readMax(options.max, size),
    look: (window) =>
      window.length < size ? { needs: size } : { payload: copyOf(window, 0, size), end: size },
    encode(payload) {
      if (payload.length > size) throw encodeError(payload.length, `frames have ${size} bytes`);
      if (payload.length === size) return copyOf(payload);
      if (pad === undefined) {
        throw encodeError(payload.length, `frames have ${size} bytes, and no pad is given`);
      }
      const bytes = new Uint8Array(size).fill(pad);
      bytes.set(payload);
      return bytes;
    },
  });
}

function readByte(field: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 255) {
    throw configError(field, 'a byte from 0 to 255', value);
  }
  return value;
}
