import type { Place } from '../base/roster';
import type { Engine } from './engine';
import { priorities, type QueuedEvent } from './event-queue';
import { FaultPath, type FaultTold } from './fault-path';
import type { Link, LinkUser } from './link';
import type { Segment, SegmentKind } from './segment';

/** What faults of a stream see; handshakes and acknowledgements go past them. */
const faulted: ReadonlySet<SegmentKind> = new Set(['data', 'fin', 'rst']);

/** Takes segments in the order in which they were sent. */
export interface Receiver {
  receive(segment: Segment): void;
}

/** Where a wire ends, as far as the wire is concerned. */
export interface Destination {
  /** False while the host is without power: nothing arrives and nothing answers. */
  readonly powered: boolean;
}

/**
 * One direction of one connection: an ordered queue of segments on a link.
 *
 * Only the first segment has an event of its own, so segments cannot swap, whatever latency and
 * tie-breaks say. A segment that would arrive on a link that is not open waits at the head.
 */
export class Wire implements LinkUser {
  readonly link: Link;
  /** Who takes what arrives. */
  receiver: Receiver;
  /** Called when the sender's patience with a dead link is over. */
  onGivenUp: (code: 'ETIMEDOUT' | 'EHOSTUNREACH') => void = () => {};
  #bytesOnWire = 0;
  #faults: FaultPath | undefined;
  readonly #engine: Engine;
  readonly #destination: Destination;
  readonly #label: string;
  readonly #onArrival = (): void => this.#arrive();
  #place: Place<LinkUser>;
  #queue: Segment[] = [];
  #arrival: QueuedEvent | undefined;
  #patience: QueuedEvent | undefined;
  #lastArrivalUs = 0;
  #over = false;

  constructor(
    engine: Engine,
    link: Link,
    destination: Destination,
    receiver: Receiver,
    label: string,
  ) {
    this.#engine = engine;
    this.link = link;
    this.#destination = destination;
    this.receiver = receiver;
    this.#label = label;
    this.#place = link.wires.add(this);
  }

  /** Whether nothing is on the way. */
  get idle(): boolean {
    return this.#queue.length === 0;
  }

  get bytesInFlight(): number {
    return this.#bytesOnWire + (this.#faults?.held ?? 0);
  }

  get mss(): number {
    return this.link.mss;
  }

  /** Bytes that faults have added on the way; negative when some have vanished. */
  get shift(): number {
    return this.#faults === undefined ? 0 : this.#faults.shift;
  }

  /** The stages of this direction, which are made when the first fault comes. */
  faults(told: FaultTold): FaultPath {
    this.#faults ??= new FaultPath(this.#engine, this, told, `faults of ${this.#label}`);
    return this.#faults;
  }

  send(segment: Segment): void {
    if (this.#faults !== undefined && faulted.has(segment.kind)) this.#faults.take(segment);
    else this.carry(segment);
  }

  /** Puts a segment on the wire, past all faults. */
  carry(segment: Segment): void {
    const nowUs = this.#engine.nowUs;
    const { size } = segment;
    segment.sentUs = nowUs;
    segment.arrivalUs = Math.max(this.#lastArrivalUs, this.link.arrivalUs(nowUs, size));
    this.#lastArrivalUs = segment.arrivalUs;
    this.#bytesOnWire += size;
    // A RST may answer what comes after the end.
    if (!this.#place.taken) this.#place = this.link.wires.add(this);
    this.#queue.push(segment);
    this.#proceed();
  }

  /** Nothing more will be sent: the wire leaves its link once it is idle. */
  finish(): void {
    this.#over = true;
    if (this.idle) this.link.wires.leave(this.#place);
  }

  /** Forgets what is on the way. */
  discard(): void {
    for (const { size } of this.#queue) this.#engine.release(size);
    this.#faults?.close();
    this.#queue = [];
    this.#bytesOnWire = 0;
    this.#stop();
    if (this.#over) this.link.wires.leave(this.#place);
  }

  /** The link, the host or the hold has changed. */
  stateChanged(): void {
    this.#stop();
    if (!this.#blocked) this.#resend();
    this.#proceed();
  }

  get #blocked(): boolean {
    return this.link.state !== 'open' || !this.#destination.powered;
  }

  /** Whether segments wait because nothing at the other end would ever answer. */
  get #dead(): boolean {
    const { state } = this.link;
    return (state !== 'open' && state !== 'held') || !this.#destination.powered;
  }

  #proceed(): void {
    const first = this.#queue[0];
    if (first === undefined || this.#arrival !== undefined) return;
    const delayUs = Math.max(0, first.arrivalUs - this.#engine.nowUs);
    if (delayUs > 0 || !this.#blocked) {
      this.#arrival = this.#engine.schedule(
        delayUs,
        priorities.delivery,
        this.#onArrival,
        this.#label,
      );
    } else if (this.#dead && this.#patience === undefined) {
      this.#losePatience(first);
    }
  }

  #arrive(): void {
    this.#arrival = undefined;
    if (this.#blocked) {
      this.#proceed();
      return;
    }
    const first = this.#queue.shift();
    if (first === undefined) return;
    this.#bytesOnWire -= first.size;
    this.receiver.receive(first);
    if (this.#over && this.idle) this.link.wires.leave(this.#place);
    this.#proceed();
  }

  #losePatience(first: Segment): void {
    const { connectLimitUs, retryLimitUs } = this.link.settings;
    const dialling = first.kind === 'syn';
    const refused = dialling && this.link.state === 'unreachable';
    const limitUs = refused ? 0 : dialling ? connectLimitUs : retryLimitUs;
    if (limitUs === Number.POSITIVE_INFINITY) return;
    this.#patience = this.#engine.schedule(
      Math.max(0, first.sentUs + limitUs - this.#engine.nowUs),
      priorities.timer,
      () => {
        this.#patience = undefined;
        this.onGivenUp(refused ? 'EHOSTUNREACH' : 'ETIMEDOUT');
      },
      `retries of ${this.#label}`,
    );
  }

  /** What should have arrived by now leaves again; what is still on its way keeps its place behind. */
  #resend(): void {
    const nowUs = this.#engine.nowUs;
    let previousUs = 0;
    for (const segment of this.#queue) {
      if (segment.arrivalUs <= nowUs) {
        segment.arrivalUs = this.link.arrivalUs(nowUs, segment.size);
      }
      segment.arrivalUs = Math.max(previousUs, segment.arrivalUs);
      previousUs = segment.arrivalUs;
    }
    this.#lastArrivalUs = Math.max(this.#lastArrivalUs, previousUs);
  }

  #stop(): void {
    if (this.#arrival !== undefined) this.#engine.queue.cancel(this.#arrival);
    if (this.#patience !== undefined) this.#engine.queue.cancel(this.#patience);
    this.#arrival = undefined;
    this.#patience = undefined;
  }
}
