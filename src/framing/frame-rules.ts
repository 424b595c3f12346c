import { asBuffer } from '../base/bytes';
import { readBytesLike } from '../base/option-reader';
import type { Decoded, Frame, Framer } from './framer';
import { countBytes, encodeError, type FramingProblem } from './framing-problem';

/** A whole frame: its message, where it begins (default 0) and where it ends. Offsets count from the window. */
export interface Whole {
  readonly payload: Uint8Array;
  readonly start?: number;
  readonly end: number;
}

/** Not enough bytes yet. */
export interface Missing<R> {
  /** Length of the whole frame in bytes, as soon as it is known, or a lower bound of it. */
  readonly needs?: number;
  /** What the next look may start from. */
  readonly resume?: R;
  /** The bytes so far are a whole frame if nothing follows: they may be as many as `max`. */
  readonly open?: boolean;
  /** The bytes so far may stand at the end of a stream: they are dropped there, and are no problem. */
  readonly blank?: boolean;
}

/** What a framer sees at the start of a frame. */
export type Sight<R> = Whole | Missing<R> | FramingProblem;

/**
 * A framer without the loop.
 *
 * `look` gets a window that begins with the frame and is at most `max` bytes long: it cannot let
 * bytes beyond the limit change what it says, so the limit is met at the same byte however the
 * stream was cut.
 */
export interface FrameRules<R> {
  readonly max: number;
  readonly gapMs?: number;
  look(window: Buffer, eof: boolean, resume: R | undefined): Sight<R>;
  encode(payload: Uint8Array): Uint8Array;
}

/** Makes a framer from what it sees at the start of a frame. */
export function framerOf<R>(rules: FrameRules<R>): Framer {
  return {
    max: rules.max,
    ...(rules.gapMs === undefined ? {} : { gapMs: rules.gapMs }),
    decode: (buffer, eof, resume) => decodeAll(rules, asBuffer(buffer), eof, resume),
    encode(frame) {
      const payload = readBytesLike('frame', frame);
      const bytes = rules.encode(payload);
      if (bytes.length > rules.max) {
        const reason = `${countBytes(bytes.length)} on the wire exceed the limit of ${rules.max}`;
        throw encodeError(payload.length, reason);
      }
      return bytes;
    },
  };
}

/** A plain, independent copy of a part of a buffer. */
export function copyOf(bytes: Uint8Array, start = 0, end: number = bytes.length): Uint8Array {
  return new Uint8Array(bytes.subarray(start, end));
}

/** Byte strings joined into a new, plain array. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/**
 * Encodes a payload that brings its framing along: it is sent as it is when it is exactly one frame.
 *
 * @throws TcpError `EFRAME` - phase `write`
 */
export function encodeWhole<R>(
  look: FrameRules<R>['look'],
  payload: Uint8Array,
  what: string,
): Uint8Array {
  const sight = look(asBuffer(payload), true, undefined);
  if ('code' in sight) {
    throw encodeError(payload.length, `not ${what}: ${sight.message} (at byte ${sight.offset})`);
  }
  if (!('end' in sight)) throw encodeError(payload.length, `not ${what}: it is incomplete`);
  const { start = 0, end } = sight;
  if (start > 0 || end < payload.length) {
    const extra = countBytes(start + payload.length - end);
    throw encodeError(payload.length, `not ${what} alone: ${extra} around it`);
  }
  return copyOf(payload);
}

function decodeAll<R>(
  rules: FrameRules<R>,
  buffer: Buffer,
  eof: boolean,
  resume: unknown,
): Decoded {
  const frames: Frame[] = [];
  let position = 0;
  let hint = resume as R | undefined;
  while (position < buffer.length) {
    const window = buffer.subarray(position, position + rules.max);
    const full = position + window.length < buffer.length;
    const last = eof && !full;
    const sight = rules.look(window, last, hint);
    if ('end' in sight) {
      const start = position + (sight.start ?? 0);
      position += sight.end;
      frames.push({ payload: sight.payload, start, end: position });
      hint = undefined;
      continue;
    }
    const error = 'code' in sight ? sight : problemOf(rules.max, window, sight, { full, last });
    if (error !== undefined) {
      const shifted = { ...error, offset: error.offset + position };
      return { frames, consumed: position, error: shifted };
    }
    // At the end, and no problem: these bytes may stand there without being a frame.
    if (last) return { frames, consumed: buffer.length };
    const rest = 'code' in sight ? undefined : sight.resume;
    return { frames, consumed: position, ...(rest === undefined ? {} : { resume: rest }) };
  }
  return { frames, consumed: position };
}

/**
 * What is wrong with a frame that is not whole: nothing, while more may come and fit.
 *
 * @param full - bytes follow behind the window
 * @param last - no byte will follow
 */
function problemOf<R>(
  max: number,
  window: Buffer,
  { needs = 0, open = false, blank = false }: Missing<R>,
  { full, last }: { readonly full: boolean; readonly last: boolean },
): FramingProblem | undefined {
  if (needs > max || full || (window.length >= max && !open)) {
    const size = needs > max ? `a frame of at least ${countBytes(needs)}` : 'a frame';
    const message = `${size} is longer than the limit of ${countBytes(max)}`;
    return { code: 'frame-too-large', message, offset: 0 };
  }
  if (!last || blank) return undefined;
  const message = `incomplete frame at end of stream (${countBytes(window.length)})`;
  return { code: 'incomplete', message, offset: 0 };
}
