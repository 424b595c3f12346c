import { refuseUnknownKeys } from '../base/option-reader';
import type { Framer, FramerOptions } from './framer';
import { lengthPrefix } from './length-prefix';

/**
 * Frames that begin with their length as LEB128: seven bits a byte, lowest first, at most 10 bytes.
 * This is how streams of Protocol Buffers messages are delimited.
 *
 * @throws TcpError `ECONFIG` - a bad option
 * @remarks Longer forms than needed are read; the shortest is written.
 * @source docs/framing.md#the-framers
 */
export function varint(options: FramerOptions = {}): Framer {
  refuseUnknownKeys('varint', options, ['max']);
  return lengthPrefix('varint', options);
}
