import { TcpError } from '../base/errors';
import type { Frame, Framer } from '../framing/framer';
import { type FramingProblem, framingError } from '../framing/framing-problem';
import { busyError } from './call-errors';
import { type CallLimit, limitOf } from './call-options';
import type { Want } from './read-call';
import { closedError } from './system-error';
import type { Wire } from './wire';
import type { Holder } from './wire-settings';

/** Takes the reader for itself. @throws TcpError `EBUSY` - somebody else has it */
export function claimReader(wire: Wire, name: string): Holder {
  if (wire.reader !== undefined) throw busyError(name, 'read', wire.reader.name, wire.facts());
  const holder: Holder = { name };
  wire.reader = holder;
  return holder;
}

function releaseReader(wire: Wire, holder: Holder | undefined): void {
  if (holder !== undefined && wire.reader === holder) wire.reader = undefined;
}

/** Chunks until FIN. Holds the reader from the first step to the last. */
export class ChunkIterator implements AsyncIterator<Uint8Array> {
  readonly #wire: Wire;
  readonly #want: Want;
  #holder: Holder | undefined;
  #over = false;

  constructor(wire: Wire, want: Want) {
    this.#wire = wire;
    this.#want = want;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    if (this.#over) return { done: true, value: undefined };
    this.#holder ??= claimReader(this.#wire, 'an iterator');
    try {
      const value = await this.#wire.read(this.#want, this.#wire.settings.read);
      return { done: false, value };
    } catch (error) {
      this.#end();
      if (endsInOrder(this.#wire, error)) return { done: true, value: undefined };
      throw error;
    }
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    this.#end();
    return { done: true, value: undefined };
  }

  #end(): void {
    this.#over = true;
    releaseReader(this.#wire, this.#holder);
  }
}

/** Whether a read failed only since the peer had nothing more to say. */
export function endsInOrder(wire: Wire, error: unknown): boolean {
  if (!TcpError.is(error)) return false;
  if (error.code === 'EPEERCLOSED') return true;
  // A FIN that an earlier read has met already.
  return error.code === 'ECLOSED' && !wire.closing && wire.intake.reads.drained;
}

/** Messages until FIN. Bytes leave the queue only with the message they belong to. */
export async function* framesOf<F>(
  wire: Wire,
  framer: Framer<F>,
  limit: CallLimit,
): AsyncGenerator<F, void, void> {
  const holder = claimReader(wire, 'frames()');
  const { reads } = wire.intake;
  let resume: unknown;
  let eof = false;
  try {
    for (;;) {
      const decoded = framer.decode(reads.bytes.gather(), eof, resume);
      const left = reads.bytes.length - decoded.consumed;
      yield* taken(wire, decoded.frames);
      if (decoded.error !== undefined) throw problemOf(wire, decoded.error, left);
      if (eof && reads.ended && reads.bytes.length === 0) {
        reads.meet();
        return;
      }
      resume = eof ? undefined : decoded.resume;
      eof = await lastBytes(wire, framer, left, limit);
    }
  } finally {
    releaseReader(wire, holder);
  }
}

function* taken<F>(wire: Wire, frames: readonly Frame<F>[]): Generator<F, void, void> {
  let start = 0;
  for (const { payload, end } of frames) {
    if (wire.closing) throw closedError('read of a frame', 'read', wire.facts());
    wire.intake.reads.bytes.skip(end - start);
    start = end;
    wire.intake.steer();
    yield payload;
  }
}

/**
 * Waits for more than `known` bytes.
 *
 * @returns whether none will come: the stream ended, or the line was silent for the framer's gap
 */
async function lastBytes<F>(
  wire: Wire,
  framer: Framer<F>,
  known: number,
  limit: CallLimit,
): Promise<boolean> {
  const { gapMs = Number.POSITIVE_INFINITY } = framer;
  const gap = known > 0 && gapMs < limit.timeoutMs;
  const want: Want = { kind: 'more', than: known, gap };
  try {
    await wire.read(want, gap ? { ...limit, ...limitOf(gapMs) } : limit);
  } catch (error) {
    if (gap && TcpError.is(error) && error.code === 'EREADTIMEOUT') return true;
    throw error;
  }
  return wire.intake.reads.bytes.length <= known;
}

function problemOf(wire: Wire, problem: FramingProblem, left: number): TcpError {
  const partial = wire.intake.reads.bytes.copy(left);
  return framingError(problem, { ...wire.facts(), partial });
}
