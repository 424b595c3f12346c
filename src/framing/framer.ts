/**
 * Framing: bytes → messages and back.
 *
 * TCP carries a stream without borders; a framer knows where a message ends. It is pure: it holds no
 * bytes, no clock and no connection. Who reads a stream keeps the bytes, most easily in a
 * `FrameReader` (`frame-reader.ts`), and asks the framer again when more has come.
 *
 * Start here for the contract, in `framer-names.ts` for the presets, in `framing-definition.ts` for
 * framings that come from data, and in `frame-rules.ts` to write a new one: a framer says what it
 * sees at the start of a frame, the loop there does the rest.
 */
import type { FramingProblem } from './framing-problem';

/** A frame found in a buffer. */
export interface Frame<F = Uint8Array> {
  /** The message. Bytes are a copy: they stay as they are when the buffer is used again. */
  readonly payload: F;
  /** Offset in the buffer, 0-based, of the first byte of the frame, its framing included. */
  readonly start: number;
  /** Offset behind the last byte of the frame. */
  readonly end: number;
}

/** What a buffer holds. */
export interface Decoded<F = Uint8Array> {
  /** All whole frames, in order. */
  readonly frames: readonly Frame<F>[];
  /**
   * Bytes from the start of the buffer that are done with: the end of the last frame, or 0. With
   * `eof` also what may follow the last message, such as an empty line in HTTP/1.
   */
  readonly consumed: number;
  /** Why the bytes at `consumed` are not, and will never be, a frame. Absent while more may come. */
  readonly error?: FramingProblem;
  /** For the next call of `decode`, so that it need not look at the same bytes again. */
  readonly resume?: unknown;
}

/**
 * A kind of framing. `F` is the type of a message, for nearly all framers its bytes.
 *
 * @remarks What every framer keeps, and the contract test checks: frames do not depend on how the
 * bytes were cut; a frame is given with its last byte, not later and not earlier (framers whose
 * frame ends with silence or with the stream cannot, and say so); `decode(encode(f))` is `f`;
 * `decode` never throws, whatever the bytes; and the result depends on the arguments alone.
 * @source docs/framing.md#what-every-framer-promises
 */
export interface Framer<F = Uint8Array> {
  /** Longest frame in bytes, its framing included; also the most bytes kept without a frame. */
  readonly max: number;
  /**
   * Milliseconds of silence that end a frame; present on `idleGap` alone. Whoever owns the clock
   * calls `decode` with `eof` true when the line was silent that long.
   */
  readonly gapMs?: number;

  /**
   * Finds all whole frames of a buffer that begins where a frame begins.
   *
   * @param buffer - bytes not consumed so far; only read, and not kept
   * @param eof - true when no byte will follow: the stream ended, or the gap of an `idleGap` passed.
   *   An incomplete rest is then the error `incomplete`
   * @param resume - `resume` of the last call, allowed when `buffer` begins with the bytes which that
   *   call left unconsumed; makes byte-by-byte arrival linear and never changes the result
   * @returns frames before an error are valid; after an error, or after `eof`, do not call again
   */
  decode(buffer: Uint8Array, eof: boolean, resume?: unknown): Decoded<F>;

  /**
   * The bytes that carry a message.
   *
   * @returns a new array
   * @throws TcpError `EFRAME` - phase `write`: this framing cannot carry it, such as a payload that
   *   contains the delimiter, is too long for the length prefix, or makes a frame longer than `max`
   */
  encode(frame: F): Uint8Array;
}

/** What every framing takes. */
export interface FramerOptions {
  /** Longest frame, its framing included: bytes, or text such as `'4KiB'`; default 16 MiB. */
  readonly max?: number | string;
}
