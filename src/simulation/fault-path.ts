/**
 * The faults of a plan in one direction of one connection: what leaves a sender goes through the
 * stages of `src/faults` before it is on its wire.
 *
 * Neither end knows. What a stage holds back is on its way as far as the sender is concerned, so it
 * stops when the receiver could take no more; what vanishes counts as received, what is sent twice
 * takes the room of two.
 *
 * @source docs/simulation.md
 */
import type { Side } from '../faults/fault';
import { Pipeline } from '../faults/pipeline';
import type { Item, ItemSink, Slot } from '../faults/slot';
import type { Borders } from './borders';
import type { Engine } from './engine';
import { EngineClock } from './engine-clock';
import { Segment } from './segment';

/** The wire below. */
export interface FaultedWire {
  /** Puts a segment on the wire. */
  carry(segment: Segment): void;
  /** Largest segment. */
  readonly mss: number;
}

/** Who is told what faults decide. */
export interface FaultTold {
  /** A fault resets one side or both. */
  reset(side: Side): void;
  /** Time has passed, and what the sender may send has changed. */
  moved(): void;
}

/** Stages between a sender and its wire. */
export class FaultPath implements ItemSink {
  /** Told where writes end, before a stage sees their last byte. */
  readonly borders: Set<Borders> = new Set();
  readonly #engine: Engine;
  readonly #wire: FaultedWire;
  readonly #told: FaultTold;
  readonly #pipeline: Pipeline;
  #taken = 0;
  #emitted = 0;
  #shift = 0;
  /** What the segments that wait come from: up to which offset, and from which event. */
  #causes: { readonly upTo: number; readonly cause: number | undefined }[] = [];
  #fin: Segment | undefined;
  #reset: Segment | undefined;

  constructor(engine: Engine, wire: FaultedWire, told: FaultTold, label: string) {
    this.#engine = engine;
    this.#wire = wire;
    this.#told = told;
    this.#pipeline = new Pipeline(new EngineClock(engine), this, label, () => {
      this.#settle();
      told.moved();
    });
  }

  /** Bytes that wait here. */
  get held(): number {
    return this.#pipeline.held;
  }

  /** Bytes that the receiver gets more than the sender sends; negative when some have vanished. */
  get shift(): number {
    return this.#shift;
  }

  /** Bytes that have come here. */
  get taken(): number {
    return this.#taken;
  }

  /** Puts a stage in its place. */
  add(slot: Slot): void {
    this.#pipeline.insert(slot);
    this.#pipeline.change((nowUs) => slot.start(nowUs));
    this.#settle();
  }

  /** Data, FIN or RST of the sender. */
  take(segment: Segment): void {
    const { kind, bytes } = segment;
    if (kind === 'data' && bytes !== undefined) {
      this.#taken += bytes.length;
      if (segment.ends) for (const borders of this.borders) borders.add(this.#taken);
      // Where nothing waits, what comes out next is what comes in now.
      if (this.#pipeline.held === 0) this.#causes = [];
      this.#causes.push({ upTo: this.#taken + this.#shift, cause: segment.cause });
      this.#pipeline.push({ kind: 'chunk', bytes, atUs: 0 });
    } else if (kind === 'fin') {
      this.#fin = segment;
      this.#pipeline.push({ kind: 'fin', atUs: 0 });
    } else {
      this.#reset = segment;
      this.#pipeline.push({ kind: 'broken', atUs: 0 });
    }
    this.#settle();
  }

  /** Drops everything, for good. */
  close(): void {
    this.#engine.release(this.#pipeline.held);
    this.#pipeline.close();
  }

  /** The end of the stages. */
  deliver(item: Item): void {
    switch (item.kind) {
      case 'chunk':
        if (item.bytes !== undefined) this.#send(item.bytes);
        break;
      case 'broken':
        if (this.#reset !== undefined) this.#wire.carry(this.#reset);
        break;
      case 'reset':
        this.#told.reset(item.side ?? 'both');
        break;
      default:
        this.#wire.carry(item.kind === 'fin' && this.#fin ? this.#fin : new Segment('fin'));
    }
  }

  #send(all: Uint8Array): void {
    const { mss } = this.#wire;
    for (let at = 0; at < all.length; at += mss) {
      const part = all.subarray(at, at + mss);
      this.#emitted += part.length;
      const bytes = Buffer.from(part.buffer, part.byteOffset, part.length);
      this.#wire.carry(new Segment('data', this.#causeAt(this.#emitted), bytes));
    }
  }

  #causeAt(offset: number): number | undefined {
    while (this.#causes.length > 1 && (this.#causes[0]?.upTo ?? offset) < offset) {
      this.#causes.shift();
    }
    return this.#causes[0]?.cause;
  }

  /** Takes account of what has vanished or was added. */
  #settle(): void {
    const shift = this.#emitted + this.#pipeline.held - this.#taken;
    const added = shift - this.#shift;
    this.#shift = shift;
    if (added > 0) this.#engine.hold(added);
    else this.#engine.release(-added);
  }
}
