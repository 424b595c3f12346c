import { printBytesShortened } from '../base/byte-literal-printer';
import type { Captures } from '../base/byte-pattern-result';
import { type Duration, formatDuration, readDuration } from '../base/duration';
import type { BytesDefinition } from './bytes-definition';
import { compileBytes } from './bytes-source';
import { Compiling } from './compiling';
import type { Exchange } from './exchange';
import { FrameTaker, type Taken } from './frame-taker';
import { type PredicateLike, readPredicate } from './predicate-like';
import type { Verification } from './verification';

/** A frame that was expected and came. */
export interface ReceivedFrame {
  readonly bytes: Uint8Array;
  /** The same, read as UTF-8. */
  readonly text: string;
  readonly captures: Captures;
}

/** What {@link MockConnection.race} waits for: `end`, `reset`, a time such as `1s`, or a frame. */
export type Contender = 'end' | 'reset' | PredicateLike;

/**
 * A connection of a mock, taken by hand: what is sent and expected is written where the test is.
 *
 * Frames taken here count as matched.
 *
 * @source docs/mocks.md#by-hand
 */
export class MockConnection {
  readonly #exchange: Exchange;
  readonly #verification: Verification;
  readonly #taker: FrameTaker;

  /** @internal */
  constructor(exchange: Exchange, verification: Verification, rules: boolean) {
    this.#exchange = exchange;
    this.#verification = verification;
    this.#taker = new FrameTaker(exchange, rules);
  }

  /** In order of accept, from 1. */
  get number(): number {
    return this.#exchange.number;
  }

  /** The world's name of it, such as `s1`. */
  get id(): string {
    return this.#exchange.caller.id;
  }

  /**
   * Takes the next frame, which must fit. Without framing, takes what fits at the beginning of what
   * is unread, and waits for it.
   *
   * @param options - `within`, default 2 s
   * @throws VerificationError - another frame came, or none in time, or the client ended
   */
  async expect(
    predicate: PredicateLike,
    options: { readonly within?: Duration } = {},
  ): Promise<ReceivedFrame> {
    const { within = '2s' } = options;
    const wanted = readPredicate(predicate);
    const taken = await this.#taker.take(wanted.predicate, readDuration('within', within));
    if (taken.kind === 'frame' && taken.captures !== undefined) return received(taken);
    throw this.#verification.error(
      `${this.#title} did not receive ${wanted.words}: ${wordsOf(taken, within)}`,
      wanted,
    );
  }

  /** Sends bytes through the framing; resolves when they were handed to the network. */
  async send(bytes: BytesDefinition): Promise<void> {
    await this.#send(bytes, false);
  }

  /** Sends exact bytes, past the framing. */
  async raw(bytes: BytesDefinition): Promise<void> {
    await this.#send(bytes, true);
  }

  /** Waits on the world's clock. */
  async wait(duration: Duration): Promise<void> {
    await this.#exchange.host.world.clock.sleep(duration);
  }

  /**
   * Waits for the first of several things.
   *
   * @returns the key of what came first
   * @throws VerificationError - a frame came that fits none
   * @example
   * const first = await connection.race({ pong: 'PONG', end: 'end', late: '1s' });
   */
  async race<K extends string>(contenders: Readonly<Record<K, Contender>>): Promise<K> {
    const entries = Object.entries(contenders) as [K, Contender][];
    const isTime = (value: Contender): value is string =>
      typeof value === 'string' && /^\d+(\.\d+)?\s?(us|ms|s|min|h)$/.test(value);
    const time = entries.find(([, value]) => isTime(value));
    const ends = entries.filter(([, value]) => value === 'end' || value === 'reset');
    const frames = entries
      .filter(([key, value]) => !isTime(value) && !ends.some(([end]) => end === key))
      .map(([key, value]) => ({ key, ...readPredicate(value) }));
    const limit = time === undefined ? '10s' : (time[1] as string);
    const taken = await this.#taker.takeAny(
      frames.map(({ predicate }) => predicate),
      readDuration('within', limit),
    );
    const key =
      taken.kind === 'frame'
        ? frames[taken.index ?? -1]?.key
        : taken.kind === 'late'
          ? time?.[0]
          : ends.find(([, value]) => value === taken.kind)?.[0];
    if (key !== undefined) return key;
    throw this.#verification.error(
      `${this.#title} met none of ${entries.map(([name]) => name).join(', ')}: ${wordsOf(taken, limit)}`,
    );
  }

  /** Waits for the client's FIN. @throws VerificationError - a frame or a RST came, or nothing in time */
  async closes(options: { readonly within?: Duration } = {}): Promise<void> {
    await this.#ends('end', 'close', options.within ?? '2s');
  }

  /** Waits for the client's RST. @throws VerificationError - a frame or a FIN came, or nothing in time */
  async resets(options: { readonly within?: Duration } = {}): Promise<void> {
    await this.#ends('reset', 'reset', options.within ?? '2s');
  }

  /** Sends FIN; reading goes on. */
  async halfClose(): Promise<void> {
    await this.#exchange.stage.close('half');
  }

  /** Sends FIN and ends both directions. */
  async close(): Promise<void> {
    await this.#exchange.caller.close();
  }

  /** Sends RST. */
  async reset(): Promise<void> {
    await this.#exchange.stage.close('reset');
  }

  /** Puts TLS on the connection, with the certificate of the mock or a named one. */
  async startTls(certificate?: string): Promise<void> {
    await this.#exchange.stage.startTls(certificate);
  }

  /** Stops reading, so that the client meets back-pressure. */
  pause(): void {
    this.#exchange.inbox.pause(true);
  }

  resume(): void {
    this.#exchange.inbox.pause(false);
  }

  /** Frames that fit are dropped from now on, whatever is expected. */
  skip(predicate: PredicateLike): void {
    this.#taker.respond(readPredicate(predicate).predicate, undefined);
  }

  /** Frames that fit are answered from now on and need not be expected. */
  autoRespond(predicate: PredicateLike, reply: BytesDefinition): void {
    this.#taker.respond(readPredicate(predicate).predicate, () => this.send(reply));
  }

  /** The frames that come, until the client ends. */
  get frames(): AsyncIterable<ReceivedFrame> {
    const taker = this.#taker;
    return {
      async *[Symbol.asyncIterator]() {
        for (;;) {
          const taken = await taker.take(undefined, Number.POSITIVE_INFINITY);
          if (taken.kind !== 'frame') return;
          yield received(taken);
        }
      },
    };
  }

  get #title(): string {
    return `mock "${this.#exchange.host.plan.name}", connection ${this.number},`;
  }

  async #send(bytes: BytesDefinition, raw: boolean): Promise<void> {
    const { host, stage } = this.#exchange;
    const source = compileBytes(bytes, new Compiling('bytes', host.plan.folder));
    const { scope } = this.#exchange.moment(new Uint8Array(), {});
    await stage.send(source.bytes(scope), raw, undefined);
  }

  async #ends(how: 'end' | 'reset', verb: string, within: Duration): Promise<void> {
    const taken = await this.#taker.takeAny([], readDuration('within', within));
    if (taken.kind === how) return;
    throw this.#verification.error(
      `${this.#title} did not see the client ${verb}: ${wordsOf(taken, within)}`,
    );
  }
}

function received(taken: Extract<Taken, { readonly kind: 'frame' }>): ReceivedFrame {
  const { bytes, captures = {} } = taken;
  return { bytes, captures, text: Buffer.from(bytes).toString('utf8') };
}

function wordsOf(taken: Taken, within: Duration): string {
  switch (taken.kind) {
    case 'frame':
      return `got ${printBytesShortened(taken.bytes, 256)}`;
    case 'late':
      return `nothing came within ${formatDuration(readDuration('within', within))}`;
    case 'end':
      return 'the client closed with FIN';
    case 'reset':
      return 'the client reset the connection';
    case 'closed':
      return 'the connection is over';
  }
}
