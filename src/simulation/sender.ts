import type { WireEvent } from '../network/wire-event';
import type { ConnectionLog } from './connection-log';
import type { CutPlan } from './cuts';
import type { Engine } from './engine';
import { priorities, type QueuedEvent } from './event-queue';
import { Segment } from './segment';
import { SendQueue } from './send-queue';
import type { Wire } from './wire';

/**
 * The sending half of one end: what `write` gave it leaves in segments while the peer has room.
 *
 * FIN follows behind the last byte.
 */
export class Sender {
  readonly #engine: Engine;
  readonly #wire: Wire;
  readonly #log: ConnectionLog;
  readonly #cuts: CutPlan | undefined;
  readonly #queue = new SendQueue();
  /** Stream offset up to which the peer lets us send. */
  #edge: number;
  #begun = 0;
  #sent = 0;
  #acknowledged = 0;
  #fin: 'no' | 'queued' | 'sent' = 'no';
  #coalescing: QueuedEvent | undefined;
  #coalesced = false;
  noDelay = false;
  /** Called when the FIN has left. */
  onFin: () => void = () => {};
  /** Called before data leaves, so that acknowledgements can travel along. */
  onData: () => void = () => {};

  constructor(engine: Engine, wire: Wire, log: ConnectionLog, cuts: CutPlan | undefined) {
    this.#engine = engine;
    this.#wire = wire;
    this.#log = log;
    this.#cuts = cuts;
    this.#edge = wire.link.settings.receiveBuffer;
  }

  /** Bytes taken and not yet on the wire. */
  get unsent(): number {
    return this.#queue.length;
  }

  /** Bytes of all writes that have begun, also those not taken yet. */
  get begun(): number {
    return this.#begun;
  }

  get finSent(): boolean {
    return this.#fin === 'sent';
  }

  /** Whether FIN has been asked for. */
  get ending(): boolean {
    return this.#fin !== 'no';
  }

  /** Whether more can be taken. */
  get hasRoom(): boolean {
    return this.#queue.length < this.#wire.link.settings.sendBuffer;
  }

  /** A whole write begins here. Returns the event that its segments refer to. */
  begin(bytes: Buffer): WireEvent | undefined {
    const stream = this.#begun;
    this.#begun += bytes.length;
    this.#cuts?.write(stream, bytes.length);
    // An empty write puts nothing on the wire.
    if (bytes.length === 0) return undefined;
    return this.#log.wrote(bytes, stream);
  }

  /**
   * Takes what there is room for, and sends what may leave.
   *
   * @returns bytes taken, from the front
   */
  take(bytes: Buffer, cause: WireEvent | undefined): number {
    let used = 0;
    while (used < bytes.length && this.hasRoom) {
      const room = this.#wire.link.settings.sendBuffer - this.#queue.length;
      const whole = used === 0 && bytes.length <= room;
      const part = whole ? bytes : bytes.subarray(used, used + room);
      used += part.length;
      this.#engine.hold(part.length);
      this.#queue.add(part, used === bytes.length, cause);
      this.pump();
    }
    return used;
  }

  /** FIN behind what was taken. */
  end(): void {
    if (this.#fin !== 'no') return;
    this.#fin = 'queued';
    this.pump();
  }

  /** Drops what has not left. */
  clear(): void {
    this.#engine.release(this.#queue.clear());
    if (this.#coalescing !== undefined) this.#engine.queue.cancel(this.#coalescing);
    this.#coalescing = undefined;
    if (this.#fin === 'queued') this.#fin = 'no';
  }

  /** The peer says up to which stream offset it has room (`window`) or bytes (`received`). */
  told({ kind, edge }: Segment): void {
    if (kind === 'window') this.#edge = Math.max(this.#edge, edge);
    else this.#acknowledged = Math.max(this.#acknowledged, edge);
  }

  /** Sends what may leave. */
  pump(): void {
    while (this.#queue.length > 0) {
      if (this.#window > 0) this.#cuts?.reach(this.#sent);
      const limit = this.#segmentLimit();
      if (limit === 0) return;
      const merge = this.#wire.link.settings.segmenter.kind === 'coalesce';
      const segment = this.#queue.take(limit, merge);
      this.#sent += segment.size;
      this.onData();
      segment.acknowledge = this.#wire.link.settings.nagle && !this.noDelay;
      this.#wire.send(segment);
    }
    this.#coalesced = false;
    if (this.#fin !== 'queued') return;
    this.#fin = 'sent';
    this.#wire.send(new Segment('fin', this.#log.sent('fin')));
    this.onFin();
  }

  /** Bytes that the peer has room for; faults on the way may add some, or take some away. */
  get #window(): number {
    return this.#edge - this.#sent - this.#wire.shift;
  }

  /** Bytes of the next segment at most; 0 when none may leave now. */
  #segmentLimit(): number {
    const { settings, mss } = this.#wire.link;
    const window = this.#window;
    if (window <= 0 || this.#queue.length === 0) return 0;
    const { segmenter } = settings;
    const full = segmenter.kind === 'each' ? Math.min(segmenter.size, mss) : mss;
    const last = this.#fin === 'queued';
    if (this.#queue.length < full && !last) {
      if (segmenter.kind === 'coalesce' && this.#waitForMore(segmenter.us)) return 0;
      const nagle = settings.nagle && !this.noDelay && segmenter.kind !== 'each';
      if (nagle && this.#sent + this.#wire.shift > this.#acknowledged) return 0;
    }
    const toCut = (this.#cuts?.nextAfter(this.#sent) ?? Number.POSITIVE_INFINITY) - this.#sent;
    return Math.min(full, window, toCut);
  }

  /** Whether small writes still wait to be joined by others. */
  #waitForMore(us: number): boolean {
    if (this.#coalesced) return false;
    this.#coalescing ??= this.#engine.schedule(
      us,
      priorities.timer,
      () => {
        this.#coalescing = undefined;
        this.#coalesced = true;
        this.pump();
      },
      'segments to coalesce',
    );
    return true;
  }
}
