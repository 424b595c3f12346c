import { toMicroseconds } from '../base/duration';
import { TcpError } from '../base/errors';
import { FrameReader } from '../framing/frame-reader';
import type { Framer } from '../framing/framer';
import type { ClockTimer } from '../network/clock';
import type { Caller } from './caller';
import type { CloseInfo } from './close-info';
import type { FrameLink } from './frame-link';
import { isThenable } from './handler-error';
import type { Awaitable, ConnectionService } from './service';
import { checkFrameHandlers } from './service-shape';

/** What {@link framed} takes: `onFrame` in place of `onBytes`. */
export interface FrameHandlers<F> extends Omit<ConnectionService, 'onBytes'> {
  /**
   * Runs once per message, in order.
   *
   * @returns a message that is encoded and written back, before that of the next call
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: a handler that returns nothing is a void one
  onFrame(frame: F, caller: Caller): Awaitable<F | void>;
}

/**
 * A connection service that gets messages instead of chunks.
 *
 * Bytes that break the framing, or a FIN inside a message, go to `onError`; the connection is closed
 * then. One service may serve many connections: each has its own bytes.
 *
 * @throws TcpError `ECONFIG` - a handler is unknown, missing, no function, or takes too much
 * @source docs/listeners.md
 * @example
 * listener.attach(() => framed(crlf(), { onFrame: (line) => line }));
 */
export function framed<F>(framer: Framer<F>, handlers: FrameHandlers<F>): ConnectionService {
  checkFrameHandlers(handlers);
  return new FramedService(framer, handlers);
}

/** Bytes of one connection, and how to answer it. */
interface Strand<F> {
  readonly reader: FrameReader<F>;
  readonly link: FrameLink;
  gap: ClockTimer | undefined;
}

/** @internal */
export class FramedService<F = unknown> implements ConnectionService {
  readonly onError?: (error: TcpError, caller: Caller) => Awaitable<void>;
  readonly onEnd?: (caller: Caller) => Awaitable<void>;
  readonly onClose?: (info: CloseInfo) => Awaitable<void>;
  readonly #framer: Framer<F>;
  readonly #handlers: FrameHandlers<F>;
  readonly #strands = new WeakMap<Caller, Strand<F>>();

  constructor(framer: Framer<F>, handlers: FrameHandlers<F>) {
    this.#framer = framer;
    this.#handlers = handlers;
    if (handlers.onError) this.onError = (error, caller) => handlers.onError?.(error, caller);
    if (handlers.onEnd) this.onEnd = (caller) => handlers.onEnd?.(caller);
    if (handlers.onClose) this.onClose = (info) => handlers.onClose?.(info);
  }

  /** Begins to serve a connection. */
  bind(caller: Caller, link: FrameLink): void {
    const reader = new FrameReader(this.#framer);
    this.#strands.set(caller, { reader, link, gap: undefined });
  }

  onBytes(data: Uint8Array, caller: Caller): Awaitable<void> {
    const strand = this.#strands.get(caller);
    if (strand === undefined) {
      // A copy of its members is not known by its class, and would drop bytes without a word.
      throw new Error('a framed service must be returned by onConnect as framed() gave it');
    }
    strand.reader.push(data);
    this.#awaitSilence(strand);
    return this.#take(strand, caller);
  }

  /** Whether messages are there that were not handed over. */
  ready(caller: Caller): boolean {
    return (this.#strands.get(caller)?.reader.ready ?? 0) > 0;
  }

  /** Hands over what is there, after it was interrupted. */
  go(caller: Caller): Awaitable<void> {
    const strand = this.#strands.get(caller);
    return strand === undefined ? undefined : this.#take(strand, caller);
  }

  /** No byte will follow. */
  finish(caller: Caller): Awaitable<void> {
    const strand = this.#strands.get(caller);
    strand?.gap?.cancel();
    strand?.reader.end();
    return strand === undefined ? undefined : this.#take(strand, caller);
  }

  /** The line was silent. */
  silence(caller: Caller): Awaitable<void> {
    const strand = this.#strands.get(caller);
    strand?.reader.silence();
    return strand === undefined ? undefined : this.#take(strand, caller);
  }

  /** Ends to serve a connection. */
  release(caller: Caller): void {
    this.#strands.get(caller)?.gap?.cancel();
    this.#strands.delete(caller);
  }

  #awaitSilence(strand: Strand<F>): void {
    const { gapMs } = this.#framer;
    if (gapMs === undefined) return;
    const { clock, silent } = strand.link;
    if (strand.gap === undefined) strand.gap = clock.after(toMicroseconds(gapMs), silent, 'gap');
    else strand.gap.restart();
  }

  /** Hands over the messages that are there; waits only for handlers that answer later. */
  #take(strand: Strand<F>, caller: Caller): Awaitable<void> {
    while (strand.link.goesOn()) {
      const frame = this.#next(strand);
      if (frame === undefined) return;
      const answer = this.#handlers.onFrame(frame, caller);
      if (isThenable(answer)) {
        return Promise.resolve(answer).then((value) => {
          this.#answer(strand, value);
          return this.#take(strand, caller);
        });
      }
      this.#answer(strand, answer);
    }
  }

  #next(strand: Strand<F>): F | undefined {
    try {
      return strand.reader.take();
    } catch (error) {
      if (!TcpError.is(error)) throw error;
      strand.link.fail(error);
      return undefined;
    }
  }

  // biome-ignore lint/suspicious/noConfusingVoidType: as the contract has it
  #answer(strand: Strand<F>, answer: F | void): void {
    if (answer !== undefined && answer !== null) {
      strand.link.reply(this.#framer.encode(answer as F));
    }
  }
}
