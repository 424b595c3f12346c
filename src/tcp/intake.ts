import type { TcpError } from '../base/errors';
import type { Trace } from '../network/trace';
import {
  callAborted,
  describeRead,
  partialOf,
  peerClosed,
  readOverLimit,
  readTimedOut,
} from './call-errors';
import type { CallLimit } from './call-options';
import type { Want } from './read-call';
import { type ReadEnding, ReadQueue, type ReadQueueOwner } from './read-queue';
import { type Breakage, brokenCall, closedError } from './system-error';
import type { WireConsumer, WireOwner } from './wire-settings';

/** One network read gives at most this many bytes. */
export const chunkBytes: number = 65_536;

/**
 * The reading half of a wire: takes bytes from the network while somebody wants them, and leaves
 * them in the kernel otherwise, so that the peer feels it.
 *
 * Bytes go to a consumer when there is one, otherwise to reads.
 */
export class Intake implements ReadQueueOwner {
  readonly reads: ReadQueue;
  bytesRead = 0;
  finReceived = false;
  readonly #wire: WireOwner;
  /** Bytes that may be queued when another chunk is taken without a read that waits; negative for none. */
  readonly #inAdvance: number;
  readonly #trace: Trace;
  #consumer: WireConsumer | undefined;
  #started = false;
  #mustStart = false;
  #flowing = false;
  #paused = false;
  #stopped = false;
  #discarding = false;
  #finMet = false;

  constructor(wire: WireOwner) {
    this.reads = new ReadQueue(this);
    this.#wire = wire;
    this.#inAdvance = wire.settings.readHighWaterMark - chunkBytes;
    this.#trace = wire.world.trace;
  }

  /** Whether a read, or the consumer, has come to the peer's FIN. */
  get finMet(): boolean {
    return this.#finMet;
  }

  /** Begins to take bytes from the network. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    // A stream starts to flow when it gets a listener, unless it was paused before.
    this.#flowing = this.#wanted();
    if (!this.#flowing) this.#wire.connection.pause();
    this.#wire.events.hearData();
  }

  /** Leaves the connection alone, paused, until `goOn`. */
  letGo(): void {
    this.#wire.connection.pause();
    this.#mustStart = this.#started;
    this.#started = false;
  }

  /** Takes bytes again, of the connection that is there now. */
  goOn(): void {
    if (this.#mustStart) this.start();
  }

  /** Hands bytes to somebody else than reads, from now on. */
  consume(consumer: WireConsumer): void {
    this.#consumer = consumer;
    this.start();
    this.steer();
  }

  read(want: Want, limit: CallLimit): Promise<Uint8Array> {
    this.start();
    return this.reads.read(want, limit);
  }

  /** Holds the network back, or lets it go on. */
  hold(held: boolean): void {
    this.#paused = held;
    this.steer();
  }

  /** Takes nothing more from the network; what the stream has read ahead is still delivered. */
  stop(): void {
    this.#stopped = true;
    this.steer();
    if (this.#started && !this.#discarding) this.#wire.connection.read();
  }

  /** Drops what is queued and everything that still comes; reads are refused from now on. */
  discard(): void {
    this.#discarding = true;
    const refuse = (want: Want): TcpError => this.#closed(want);
    this.reads.close({ kind: 'failure', first: refuse, later: refuse });
  }

  /** Lets a stream flow that nobody reads, so that it comes to its end. */
  drain(): void {
    this.start();
    this.steer();
  }

  /** Compares what is wanted with what flows. */
  steer(): void {
    if (!this.#started) return;
    const wanted = this.#wanted();
    if (wanted === this.#flowing) return;
    this.#flowing = wanted;
    if (wanted) this.#wire.connection.resume();
    else this.#wire.connection.pause();
  }

  /** The peer's FIN came. */
  fin(): void {
    this.finReceived = true;
    if (this.#discarding) return;
    this.reads.end(this.#finEnding());
    this.#consumer?.fin();
  }

  /** The peer's FIN takes effect: our side follows, unless it may stay open alone. */
  meetFin(): void {
    if (this.#finMet) return;
    this.#finMet = true;
    if (!this.#wire.halfOpen) this.#wire.follow();
  }

  /** The connection broke: what is queued stays readable, then one read is told. */
  broke(breakage: Breakage, error: TcpError): void {
    this.reads.end({
      kind: 'failure',
      first: (want, partial) => {
        this.#wire.ending.told = true;
        return brokenCall(breakage, 'read', { ...this.#wire.facts(), ...partialOf(want, partial) });
      },
      later: (want) => this.#closed(want),
    });
    this.#consumer?.broken(error);
  }

  /** The network has let go: no byte will follow. */
  over(): void {
    const refuse = (want: Want): TcpError => this.#closed(want);
    this.reads.end({ kind: 'failure', first: refuse, later: refuse });
  }

  now(): number {
    return this.#wire.now();
  }

  readWaits(dueUs: number): void {
    this.#wire.timer.wantBy(dueUs);
    this.steer();
  }

  readSettled(): void {
    this.steer();
    this.#wire.rest();
  }

  readTimedOut(want: Want, timeoutMs: number, partial: Uint8Array): TcpError {
    if (want.kind !== 'more' || !want.gap) this.#wire.noteTimeout(describeRead(want));
    return readTimedOut(want, timeoutMs, partial, this.#wire.facts());
  }

  readAborted(want: Want, reason: unknown, partial: Uint8Array): TcpError {
    const details = { ...this.#wire.facts(), ...partialOf(want, partial) };
    return callAborted(describeRead(want), 'read', reason, details);
  }

  readOverLimit(want: Want, partial: Uint8Array): TcpError {
    return readOverLimit(want, partial, this.#wire.facts());
  }

  take(chunk: Buffer): void {
    this.bytesRead += chunk.byteLength;
    this.#wire.moved();
    if (this.#discarding) return;
    // A trace keeps the very bytes that came, and a reader may change its own.
    const bytes = this.#trace.keepsBytes ? Buffer.from(chunk) : chunk;
    if (this.#consumer === undefined) this.reads.push(bytes);
    else this.#consumer.chunk(bytes);
    this.steer();
  }

  #wanted(): boolean {
    if (this.#discarding) return true;
    if (this.#paused || this.#stopped) return false;
    if (this.#consumer !== undefined) return this.#consumer.hungry;
    return this.reads.waiting > 0 || this.reads.bytes.length <= this.#inAdvance;
  }

  /** A FIN takes effect when a read meets it: until then, writes succeed. */
  #finEnding(): ReadEnding {
    return {
      kind: 'fin',
      first: (want, partial) => peerClosed(want, partial, this.#wire.facts()),
      later: (want) =>
        this.#wire.writable
          ? peerClosed(want, Buffer.alloc(0), this.#wire.facts())
          : this.#closed(want),
      met: () => this.meetFin(),
    };
  }

  #closed(want: Want): TcpError {
    return closedError(describeRead(want), 'read', this.#wire.facts());
  }
}
