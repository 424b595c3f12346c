import type { TcpError } from '../base/errors';
import type { Frame, Framer } from './framer';
import { type FramingProblem, framingError } from './framing-problem';

const smallestStorage = 1_024;
const storageWorthKeeping = 65_536;

/**
 * Keeps the bytes of one stream and gives its frames.
 *
 * Chunks go in with {@link FrameReader.push} as they come; frames come out with
 * {@link FrameReader.take} or {@link FrameReader.frames}. Feeding n bytes costs O(n) however they
 * are cut, and at most `framer.max` bytes plus one chunk are kept without a frame.
 *
 * @remarks A reader belongs to one direction of one connection. It has no clock: for a framer with
 * `gapMs`, whoever owns the clock calls {@link FrameReader.silence}.
 * @source docs/framing.md#the-reader
 * @example
 * const reader = new FrameReader(crlf());
 * reader.push(Buffer.from('EHLO a\r\nQU'));
 * for (const line of reader.frames()) console.log(Buffer.from(line).toString()); // EHLO a
 */
export class FrameReader<F = Uint8Array> {
  readonly framer: Framer<F>;
  /** Bytes from #taken to #end are kept; those from #decoded on are no frame yet. */
  #storage: Uint8Array = new Uint8Array(0);
  #taken = 0;
  #decoded = 0;
  #end = 0;
  /** Bytes of the stream that were before #storage[0]. */
  #dropped = 0;
  #resume: unknown;
  /** Frames not taken, with #waitingFrom the next; their ends count in the stream. */
  #waiting: Frame<F>[] = [];
  #waitingFrom = 0;
  #problem: FramingProblem | undefined;
  #over = false;

  constructor(framer: Framer<F>) {
    this.framer = framer;
  }

  /** Whole frames that wait to be taken. */
  get ready(): number {
    return this.#waiting.length - this.#waitingFrom;
  }

  /** Bytes kept that are no whole frame yet. */
  get buffered(): number {
    return this.#end - this.#decoded;
  }

  /** What is wrong with the bytes behind the last frame; `offset` counts from the start of the stream. */
  get problem(): FramingProblem | undefined {
    return this.#problem;
  }

  /**
   * Adds what arrived. The chunk is copied. After an error or after {@link FrameReader.end} it is
   * dropped, since no frame can follow.
   */
  push(chunk: Uint8Array): void {
    if (this.#over || chunk.length === 0) return;
    this.#makeRoom(chunk.length);
    this.#storage.set(chunk, this.#end);
    this.#end += chunk.length;
    this.#decode(false);
  }

  /** Marks the end of the stream: an incomplete rest becomes an error. May be called twice. */
  end(): void {
    if (this.#over) return;
    this.#decode(true);
    this.#over = true;
  }

  /** Marks that the line was silent for `framer.gapMs`; without effect on framers that have none. */
  silence(): void {
    if (this.#over || this.framer.gapMs === undefined) return;
    this.#decode(true);
  }

  /**
   * Takes the next frame.
   *
   * @returns `undefined` when there is none yet, or none any more after a clean end
   * @throws TcpError `EFRAME` - all frames are taken and the bytes behind them break the framing
   * @throws TcpError `ELIMIT` - the frame behind them is longer than `framer.max`
   * @throws TcpError `EPEERCLOSED` - the stream ended inside a frame; `partial` holds what came of it
   */
  take(): F | undefined {
    const frame = this.#waiting[this.#waitingFrom];
    if (frame === undefined) {
      const error = this.error();
      if (error !== undefined) throw error;
      return undefined;
    }
    this.#waitingFrom++;
    this.#taken = frame.end - this.#dropped;
    if (this.#waitingFrom === this.#waiting.length) {
      this.#waiting = [];
      this.#waitingFrom = 0;
    }
    return frame.payload;
  }

  /**
   * Takes the frames that are there, one at a time; a loop left early leaves the rest for later.
   *
   * @throws TcpError - as {@link FrameReader.take}, behind the last frame
   */
  *frames(): Generator<F, void, undefined> {
    for (let frame = this.take(); frame !== undefined; frame = this.take()) yield frame;
  }

  /** The error that {@link FrameReader.take} throws when all frames are taken. */
  error(): TcpError | undefined {
    if (this.#problem === undefined) return undefined;
    const partial = new Uint8Array(this.#storage.subarray(this.#decoded, this.#end));
    return framingError(this.#problem, { partial });
  }

  /** A copy of all bytes that were not taken: whole frames that wait, and the rest behind them. */
  rest(): Uint8Array {
    return new Uint8Array(this.#storage.subarray(this.#taken, this.#end));
  }

  #decode(eof: boolean): void {
    const view = this.#storage.subarray(this.#decoded, this.#end);
    const { frames, consumed, error, resume } = this.framer.decode(view, eof, this.#resume);
    const base = this.#dropped + this.#decoded;
    for (const { payload, start, end } of frames) {
      this.#waiting.push({ payload, start: base + start, end: base + end });
    }
    this.#decoded += consumed;
    this.#resume = resume;
    if (error === undefined) return;
    this.#problem = { ...error, offset: base + error.offset };
    this.#over = true;
  }

  /**
   * Room for `length` bytes behind #end. Bytes move only when at least as many were dropped before,
   * and storage grows by doubling, so that each byte is moved a bounded number of times.
   */
  #makeRoom(length: number): void {
    const kept = this.#end - this.#taken;
    if (kept === 0) this.#rebase(this.#takeStorage(length));
    if (this.#end + length <= this.#storage.length) return;
    const wanted = kept + length;
    if (wanted <= this.#storage.length && kept <= this.#taken) {
      this.#storage.copyWithin(0, this.#taken, this.#end);
      this.#rebase(this.#storage);
      return;
    }
    const storage = new Uint8Array(Math.max(smallestStorage, wanted, 2 * kept));
    storage.set(this.#storage.subarray(this.#taken, this.#end));
    this.#rebase(storage);
  }

  /** Storage for a reader that holds nothing: a large one is not kept for small chunks. */
  #takeStorage(length: number): Uint8Array {
    const large = this.#storage.length > storageWorthKeeping;
    return large && length <= storageWorthKeeping ? new Uint8Array(0) : this.#storage;
  }

  /** Goes on with storage that begins with the first byte not taken. */
  #rebase(storage: Uint8Array): void {
    const before = this.#taken;
    this.#storage = storage;
    this.#dropped += before;
    this.#taken = 0;
    this.#decoded -= before;
    this.#end -= before;
  }
}
