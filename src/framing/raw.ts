import { refuseUnknownKeys } from '../base/option-reader';
import { copyOf, framerOf } from './frame-rules';
import type { Framer, FramerOptions } from './framer';
import { readMax } from './framer-limit';

/**
 * No framing: whatever has arrived is a frame, cut after `max` bytes.
 *
 * @throws TcpError `ECONFIG` - a bad option
 * @remarks Not promised: that one write of the peer is one frame here. An empty payload encodes to no
 * bytes and does not come back.
 * @source docs/framing.md#the-framers
 */
export function raw(options: FramerOptions = {}): Framer {
  refuseUnknownKeys('raw', options, ['max']);
  return framerOf({
    max: readMax(options.max),
    look: (window) => ({ payload: copyOf(window), end: window.length }),
    encode: (payload) => copyOf(payload),
  });
}
