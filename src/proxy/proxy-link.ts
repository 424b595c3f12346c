import { Pipeline } from '../faults/pipeline';
import type { Item, ItemSink, Slot } from '../faults/slot';
import { TriggerSlot } from '../faults/trigger-slot';
import type { ByteTaker } from '../network/connection';
import type { LinkParts } from './link-parts';
import { slotOf } from './link-slots';
import type { Toxic } from './toxic';

/**
 * One direction of one connection.
 *
 * Without a fault, what was read is handed to `write` as it is. Reading stops while the other side
 * does not take more, while a stage says so, or while too much waits; it never stops the other
 * direction.
 */
export class ProxyLink implements ItemSink, ByteTaker {
  /** Bytes read from the source, and handed to the destination. */
  received = 0;
  sent = 0;
  /** The other direction. */
  other: ProxyLink | undefined;
  /** Whether a trigger here looks at the other direction. */
  looksAcross = false;
  readonly #parts: LinkParts;
  readonly #pipeline: Pipeline;
  readonly #slots = new Map<Toxic, Slot>();
  /** The destination takes no more for now. */
  #full = false;
  #paused = false;
  #reading = true;
  #started = false;
  /** The source was asked to lend its memory. */
  #borrows = false;
  /** The source is not read any more, so that its window closes. */
  #unread = false;
  /** Nothing is passed on any more. */
  #over = false;

  constructor(parts: LinkParts) {
    this.#parts = parts;
    this.#pipeline = new Pipeline(parts.clock, this, parts.label, () => this.flow());
  }

  /** Bytes that wait here and in the stream to the destination. */
  get queued(): number {
    return this.#pipeline.held + (this.#over ? 0 : this.#parts.destination.writableLength);
  }

  /** Why nothing is read now, or nothing. */
  get stopped(): 'peer' | 'queue' | 'toxic' | undefined {
    if (this.#reading || this.#over) return undefined;
    if (this.#full) return 'peer';
    return this.queued >= this.#parts.maxQueuedBytes ? 'queue' : 'toxic';
  }

  get over(): boolean {
    return this.#over;
  }

  /** What acts here. */
  get toxics(): Iterable<Toxic> {
    return this.#slots.keys();
  }

  /** Both ends are there: what waits in the source is taken, and its FIN if that has come. */
  start(): void {
    const { source, destination } = this.#parts;
    this.#started = true;
    for (const slot of this.#pipeline.slots) this.#begin(slot);
    source.on('data', (chunk: Buffer) => this.takeBytes(chunk));
    destination.on('drain', () => {
      this.#full = false;
      this.flow();
    });
    if (source.readableEnded) this.#ended();
    else source.on('end', () => this.#ended());
    this.#reading = this.#mayRead();
    if (this.#reading) this.#readOn();
    else source.pause();
  }

  /** The source was reset. */
  broken(): void {
    this.#pipeline.push({ kind: 'broken', atUs: 0 });
  }

  /** A fault is there or has new values; `active` says whether it acts here. */
  put(toxic: Toxic, active: boolean): void {
    const slot = this.#slots.get(toxic);
    if (slot !== undefined && active && !this.#waitsForOther(slot, toxic)) {
      this.#pipeline.change((nowUs) => slot.update(toxic.settings.values, nowUs));
    } else {
      if (slot !== undefined) this.take(toxic);
      if (active) this.#add(toxic);
    }
    this.flow();
  }

  /** A fault is gone: what waits in it goes on. */
  take(toxic: Toxic): void {
    const slot = this.#slots.get(toxic);
    if (slot === undefined) return;
    this.#slots.delete(toxic);
    this.#pipeline.remove(slot);
    this.#lookAcross();
    this.flow();
  }

  /** Bytes of the other direction. */
  look(bytes: Uint8Array): void {
    this.#each((slot, nowUs) => slot.look(bytes, nowUs));
  }

  /** The other direction has ended. */
  lookAtEnd(): void {
    this.#each((slot, nowUs) => slot.lookAtEnd(nowUs));
  }

  /** A fault has acted on this connection. */
  acted(name: string): void {
    this.#each((slot, nowUs) => slot.acted(name, nowUs));
  }

  /** Lets go of what a stage has stalled. */
  release(): void {
    this.#each((slot, nowUs) => slot.release(nowUs));
  }

  pause(): void {
    this.#paused = true;
    this.flow();
  }

  resume(): void {
    this.#paused = false;
    this.flow();
  }

  /** Puts bytes in front of what is queued. */
  inject(bytes: Uint8Array): void {
    this.deliver({ kind: 'chunk', bytes, atUs: 0 });
  }

  /** FIN for the destination, now; what comes later is dropped. */
  end(): void {
    if (this.#over) return;
    this.#stop();
    this.#parts.destination.end();
  }

  /** Drops everything; sends nothing. */
  drop(): void {
    this.#unread = false;
    this.#stop();
  }

  deliver(item: Item): void {
    if (this.#over) return;
    switch (item.kind) {
      case 'chunk':
        this.#write(item.bytes ?? empty);
        break;
      case 'fin':
        this.end();
        this.#parts.onFin(item.by);
        break;
      case 'broken':
        this.#stop();
        this.#parts.onBroken();
        break;
      case 'end':
        if (item.how !== 'close') {
          if (item.how === 'unread') this.#unread = true;
          this.end();
          this.#parts.onFin(item.by);
        } else this.#parts.onEnd(item.by);
        break;
      case 'reset':
        this.#parts.onReset(item.side ?? 'both', item.by);
        break;
    }
  }

  /** Reads on or stops, as everything stands now. */
  flow(): void {
    if (!this.#started) return;
    const may = this.#mayRead();
    if (may === this.#reading) return;
    this.#reading = may;
    if (may) this.#readOn();
    else this.#parts.source.pause();
  }

  /** Whether bytes wait here, so that they need memory of their own. */
  get keeps(): boolean {
    return !this.#pipeline.empty;
  }

  /** Bytes of the source. */
  takeBytes(chunk: Uint8Array): boolean {
    if (this.received === 0) this.#parts.onFirst();
    this.received += chunk.length;
    if (this.other?.looksAcross === true) this.other.look(chunk);
    if (this.#over) return true;
    if (!this.#pipeline.empty) {
      this.#pipeline.push({ kind: 'chunk', bytes: chunk, atUs: 0 });
      this.flow();
      return false;
    }
    const { destination } = this.#parts;
    this.sent += chunk.length;
    if (!destination.write(chunk)) {
      this.#full = true;
      this.flow();
    }
    return destination.writableLength === 0;
  }

  #readOn(): void {
    const { source } = this.#parts;
    if (!this.#borrows) {
      this.#borrows = true;
      // What came before this link began is in the stream, and goes first.
      if (source.readableLength > 0) source.read();
      source.lendTo?.(this);
    }
    // That may have filled what comes next.
    if (this.#reading) source.resume();
    else source.pause();
  }

  #ended(): void {
    if (this.other?.looksAcross === true) this.other.lookAtEnd();
    this.#pipeline.push({ kind: 'fin', atUs: 0 });
  }

  /** Whether a slot waits for a trigger that its fault no longer has. */
  #waitsForOther(slot: Slot, toxic: Toxic): boolean {
    return slot instanceof TriggerSlot && !slot.fired && slot.trigger !== toxic.settings.trigger;
  }

  #write(bytes: Uint8Array): void {
    this.sent += bytes.length;
    if (!this.#parts.destination.write(bytes)) this.#full = true;
  }

  #mayRead(): boolean {
    // What comes after the end of a direction is read and dropped, so that its own end is seen.
    if (this.#over) return !this.#unread;
    if (this.#full || this.#paused) return false;
    if (this.#pipeline.empty) return true;
    const { destination, maxQueuedBytes } = this.#parts;
    return this.#pipeline.mayRead(maxQueuedBytes - destination.writableLength);
  }

  #add(toxic: Toxic): void {
    const slot = slotOf(toxic, this.#parts.stream, this.#parts.home);
    if (slot === undefined) return;
    this.#slots.set(toxic, slot);
    this.#pipeline.insert(slot);
    this.#lookAcross();
    if (this.#started) this.#begin(slot);
  }

  #each(work: (slot: Slot, nowUs: number) => void): void {
    for (const slot of this.#pipeline.slots) this.#pipeline.change((nowUs) => work(slot, nowUs));
    this.flow();
  }

  #begin(slot: Slot): void {
    this.#pipeline.change((nowUs) => slot.start(nowUs));
  }

  #lookAcross(): void {
    this.looksAcross = this.#pipeline.slots.some((slot) => slot.looksAcross);
  }

  #stop(): void {
    if (!this.#over) {
      for (const [toxic, slot] of this.#slots) {
        const waits = slot instanceof TriggerSlot && !slot.fired;
        if (waits) this.#parts.home.neverFired(toxic, this.#parts.stream);
      }
    }
    this.#over = true;
    this.looksAcross = false;
    this.#pipeline.close();
    this.#slots.clear();
    this.flow();
  }
}

const empty = new Uint8Array(0);
