import { type Duration, readDuration } from '../base/duration';
import { configError } from '../base/errors';
import { refuseUnknownKeys } from '../base/option-reader';
import { copyOf, framerOf, type Sight } from './frame-rules';
import type { Framer, FramerOptions } from './framer';
import { readMax } from './framer-limit';
import { encodeError } from './framing-problem';

/**
 * Frames that end when the line is silent.
 *
 * The framer has no clock. Whoever owns the bytes measures the silence: after `framer.gapMs` without
 * a byte it calls `decode` with `eof` true (`FrameReader.silence()` does), and what had arrived is
 * one frame. So is what had arrived when the stream ends.
 *
 * @param gap - silence that ends a frame, above 0
 * @throws TcpError `ECONFIG` - a bad gap or option
 * @remarks The gap between two frames of a sender must be longer, and pauses of the network inside a
 * frame shorter, than `gap`; TCP promises neither.
 * @source docs/framing.md#the-framers
 */
export function idleGap(gap: Duration, options: FramerOptions = {}): Framer {
  refuseUnknownKeys('idleGap', options, ['max']);
  const gapMs = readDuration('gap', gap);
  if (gapMs === 0 || gapMs === Number.POSITIVE_INFINITY) {
    throw configError('gap', 'a duration above 0', gap);
  }
  return framerOf({
    max: readMax(options.max),
    gapMs,
    look: (window, eof): Sight<never> =>
      eof ? { payload: copyOf(window), end: window.length } : { open: true },
    encode(payload) {
      if (payload.length === 0) throw encodeError(0, 'silence alone is no frame');
      return copyOf(payload);
    },
  });
}
