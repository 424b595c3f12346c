import type { ConnectionLog } from './connection-log';
import type { Engine } from './engine';
import { priorities, type QueuedEvent } from './event-queue';
import { ReceiveBuffer } from './receive-buffer';
import { edgeSegment, type Segment } from './segment';
import type { Wire } from './wire';

/** An acknowledgement may be held back so long, waiting for data to travel with. */
const delayedAckUs = 40_000;

/**
 * The receiving half of one end: the kernel's buffer, and what its peer is told about it.
 */
export class ReceiveSide {
  readonly #engine: Engine;
  /** The wire that leads back to the sender. */
  readonly #back: Wire;
  readonly #log: ConnectionLog;
  readonly #buffer = new ReceiveBuffer();
  #total = 0;
  #dropped = 0;
  /** Stream offset up to which the peer may send. */
  #announced: number;
  #unacknowledged = 0;
  #acknowledgement: QueuedEvent | undefined;
  #zeroSeen = false;

  constructor(engine: Engine, back: Wire, log: ConnectionLog) {
    this.#engine = engine;
    this.#back = back;
    this.#log = log;
    this.#announced = back.link.settings.receiveBuffer;
  }

  /** Bytes that the program has not taken yet. */
  get unread(): number {
    return this.#buffer.length;
  }

  /** Bytes that the program has taken. */
  get taken(): number {
    return this.#total - this.#buffer.length - this.#dropped;
  }

  add(bytes: Buffer, segment: Segment): void {
    this.#log.got(bytes, this.#total, segment);
    this.#total += bytes.length;
    // Programs may change what they read; the trace may not.
    this.#buffer.add(this.#log.keepsBytes ? Buffer.from(bytes) : bytes);
    if (segment.acknowledge) this.#oweAcknowledgement(bytes.length);
  }

  /** Takes up to `limit` bytes, and lets the peer send more once there is reason to. */
  take(limit: number, open: boolean): Buffer | undefined {
    const bytes = this.#buffer.take(limit);
    if (bytes === undefined) return undefined;
    this.#engine.release(bytes.length);
    if (open) this.#announce();
    return bytes;
  }

  /** Tells the trace when the peer may not send any more. */
  noteWhenFull(): void {
    if (this.#zeroSeen || this.#total < this.#announced) return;
    this.#zeroSeen = true;
    this.#log.sent('window', { bytes: 0 });
  }

  /** Sends the acknowledgement that is owed, if any. */
  acknowledge(): void {
    if (this.#unacknowledged === 0) return;
    this.#unacknowledged = 0;
    this.#forgetAcknowledgement();
    this.#back.send(edgeSegment('received', this.#total));
  }

  /** Drops everything. */
  clear(): void {
    this.#dropped = this.#buffer.clear();
    this.#engine.release(this.#dropped);
    this.#unacknowledged = 0;
    this.#forgetAcknowledgement();
  }

  /** Kernels announce room once half of the buffer is free, not byte by byte. */
  #announce(): void {
    const size = this.#back.link.settings.receiveBuffer;
    const edge = this.#total - this.#buffer.length + size;
    if (edge - this.#announced < Math.max(1, size >> 1)) return;
    this.#announced = edge;
    this.#back.send(edgeSegment('window', edge));
    if (!this.#zeroSeen) return;
    this.#zeroSeen = false;
    this.#log.sent('window', { bytes: edge - this.#total });
  }

  #oweAcknowledgement(length: number): void {
    this.#unacknowledged++;
    if (this.#unacknowledged >= 2 || length >= this.#back.link.mss) {
      this.acknowledge();
      return;
    }
    this.#acknowledgement ??= this.#engine.schedule(
      delayedAckUs,
      priorities.timer,
      () => this.acknowledge(),
      'delayed acknowledgement',
    );
  }

  #forgetAcknowledgement(): void {
    if (this.#acknowledgement !== undefined) this.#engine.queue.cancel(this.#acknowledgement);
    this.#acknowledgement = undefined;
  }
}
