import { toMicroseconds } from '../base/duration';
import { TcpError } from '../base/errors';
import { FrameReader } from '../framing/frame-reader';
import type { Framer } from '../framing/framer';
import type { CompiledPredicate } from '../mock/predicates';
import type { Subject } from '../mock/subject';
import type { Clock } from '../network/clock';
import type { Client } from '../tcp/client';

/** Why no more bytes come: FIN, RST, or none in time. */
export type AnswerEnd = 'end' | 'reset' | 'late';

/** What a peer answers, as it is wanted: by frame, or as a stream. */
export class Answers {
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #reader: FrameReader | undefined;
  readonly #heard: (bytes: Uint8Array) => void;
  #stream: Uint8Array = new Uint8Array();

  /** @param heard - is given every message, or without a framer all bytes as they come */
  constructor(
    client: Client,
    options: {
      readonly clock: Clock;
      readonly framer: Framer | undefined;
      readonly heard: (bytes: Uint8Array) => void;
    },
  ) {
    this.#client = client;
    this.#clock = options.clock;
    this.#reader = options.framer === undefined ? undefined : new FrameReader(options.framer);
    this.#heard = options.heard;
  }

  /** Bytes that nothing has taken. */
  get left(): Uint8Array {
    return this.#reader?.rest() ?? this.#stream;
  }

  /** Waits for what matches. @returns `undefined` when it has come, else what came instead, and why no more */
  async expect(
    predicate: CompiledPredicate,
    withinMs: number,
  ): Promise<{ readonly got: Uint8Array; readonly end: AnswerEnd | 'other' } | undefined> {
    const untilUs = this.#clock.now() + toMicroseconds(withinMs);
    for (;;) {
      const taken = this.#reader === undefined ? this.#fits(predicate) : this.#takeFrame(predicate);
      if (taken === 'yes') return undefined;
      if (taken !== 'more') return { got: taken, end: 'other' };
      const end = await this.#read((untilUs - this.#clock.now()) / 1_000);
      if (end !== undefined) return { got: this.left, end };
    }
  }

  /** Reads on: so many messages, or until nothing has come for a time. @returns why it stopped */
  async collect(frames: number | undefined, silenceMs: number): Promise<AnswerEnd | 'enough'> {
    let count = 0;
    for (;;) {
      while (this.#reader !== undefined && this.#reader.ready > 0) {
        this.#heard(this.#reader.take() ?? new Uint8Array());
        count++;
      }
      if (frames !== undefined && count >= frames) return 'enough';
      const end = await this.#read(silenceMs);
      if (end !== undefined) return end;
    }
  }

  /** Waits for the end of the peer. @returns bytes that came instead, or how it ended */
  async ending(withinMs: number): Promise<AnswerEnd | 'bytes'> {
    if (this.left.length > 0 || (this.#reader?.ready ?? 0) > 0) return 'bytes';
    return (await this.#read(withinMs)) ?? 'bytes';
  }

  #fits(predicate: CompiledPredicate): 'yes' | 'more' | Uint8Array {
    const outcome = predicate.matchStream(this.#stream, subjectOf(this.#stream));
    if (outcome === 'more') return 'more';
    if (outcome === 'never') return this.#stream;
    this.#stream = this.#stream.subarray(outcome.end);
    return 'yes';
  }

  #takeFrame(predicate: CompiledPredicate): 'yes' | 'more' | Uint8Array {
    const frame = this.#reader?.take();
    if (frame === undefined) {
      const error = this.#reader?.error();
      if (error !== undefined) throw error;
      return 'more';
    }
    this.#heard(frame);
    return predicate.match(subjectOf(frame)) === undefined ? frame : 'yes';
  }

  async #read(ms: number): Promise<AnswerEnd | undefined> {
    if (ms <= 0) return 'late';
    try {
      const chunk = await this.#client.readBytes({ timeout: ms });
      if (this.#reader === undefined) {
        this.#heard(chunk);
        this.#stream = Buffer.concat([this.#stream, chunk]);
      } else this.#reader.push(chunk);
      return undefined;
    } catch (error) {
      return endOf(error);
    }
  }
}

function endOf(error: unknown): AnswerEnd {
  if (TcpError.is(error)) {
    if (error.code === 'EPEERCLOSED') return 'end';
    if (error.code === 'ECONNRESET') return 'reset';
    if (error.code === 'EREADTIMEOUT') return 'late';
  }
  throw error;
}

/** An answer as predicates see a frame. */
export function subjectOf(bytes: Uint8Array): Subject {
  return {
    bytes,
    state: '',
    connection: 1,
    secured: false,
    clientCert: [],
    regexLimit: { limitMs: 1_000, exceeded: () => undefined },
    context: () => ({
      bytes,
      text: Buffer.from(bytes).toString('utf8'),
      captures: {},
      state: '',
      vars: {},
      connection: { id: '', n: 1, remote: '' },
    }),
  };
}
