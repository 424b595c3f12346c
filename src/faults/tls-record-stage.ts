import { readDuration, toMicroseconds } from '../base/duration';
import { PhaseWatch, recordTypes } from '../base/tls-phase';
import { RecordReader } from '../base/tls-record-reader';
import { type Act, type FaultStage, PASS, type StageContext, type Verdict } from './fault';
import { actionBytes } from './tls-action-bytes';
import { isChange, type TlsRecordValues } from './tls-record-action';
import { endingActs, type Pace, pacedActs } from './tls-record-acts';
import { changedRecord, isAlert, isServerHello } from './tls-record-changes';
import { RecordSplitter, recordOf, type WholeRecord } from './tls-records';

/**
 * Watches the records of both directions and acts on those of one, once.
 *
 * A record is passed on when it is complete; when nothing is left to be done, bytes pass as they
 * come again.
 */
export class RecordStage implements FaultStage {
  readonly readsOn = true;
  readonly #values: TlsRecordValues;
  readonly #watch = new PhaseWatch('outside');
  readonly #own = new RecordSplitter();
  readonly #other = new RecordReader();
  readonly #heard: Buffer[] = [];
  #count = 0;
  #otherCount = 0;
  #swapped: Uint8Array | undefined;
  #dripping: Pace | undefined;
  #passed = false;
  #over = false;

  constructor(values: TlsRecordValues) {
    this.#values = values;
  }

  get held(): number {
    return this.#own.length + (this.#swapped?.length ?? 0);
  }

  onStart(c: StageContext): Verdict {
    return this.#isDue() ? this.#speak(c) : PASS;
  }

  onChunk(chunk: Uint8Array, c: StageContext): Verdict {
    if (this.#over) return PASS;
    const acts: Act[] = [];
    for (const record of this.#own.feed(chunk)) {
      if (this.#over) acts.push({ emit: record.bytes });
      else this.#take(record, acts, c);
    }
    if (this.#own.foreign) {
      c.warn('tls: the stream is not TLS, it passes as it is');
      this.#over = true;
    }
    if (this.#over) acts.push(...this.#rest());
    return acts;
  }

  readonly onFin = (): Verdict => [...this.#rest(), { pass: true }];
  readonly onReset = (): Verdict => this.onFin();

  onRemove(): readonly { readonly emit: Uint8Array }[] {
    return this.#rest();
  }

  onOther(bytes: Uint8Array, c: StageContext): void {
    if (this.#over) return;
    this.#other.feed(bytes, (record) => {
      this.#otherCount++;
      if (!this.#watch.has('serverHello')) this.#heard.push(recordOf(record.type, record.start));
      this.#watch.saw(record, c.stream === 'upstream' ? 'server' : 'client');
    });
    if (this.#isDue() && !isChange(this.#values.do)) c.timer(0);
  }

  onTimer(c: StageContext): Verdict {
    return this.#over ? [] : this.#speak(c);
  }

  #take(record: WholeRecord, acts: Act[], c: StageContext): void {
    const { on, do: action } = this.#values;
    this.#count++;
    if (typeof on === 'object' && 'byte' in on && on.inRecord === this.#count) {
      acts.push({ emit: record.bytes.subarray(0, on.byte) });
      this.#passed ||= on.byte > 0;
      acts.push(...this.#speak(c), { emit: record.bytes.subarray(on.byte) });
      return;
    }
    const hit = this.#isHit(record);
    if (hit && isChange(action)) this.#change(record, acts, c);
    else {
      if (hit) acts.push(...this.#speak(c));
      this.#send(record.bytes, acts);
    }
    if (this.#over && !isChange(action)) return;
    this.#watch.saw(record, c.stream === 'upstream' ? 'client' : 'server');
    // What is said behind a phase is said at once, also when nothing follows.
    if (!this.#over && !isChange(action) && this.#isDue()) acts.push(...this.#speak(c));
  }

  /** Whether the place was reached before this record, or is this record. */
  #isHit(record: WholeRecord): boolean {
    const { on, do: action } = this.#values;
    if (action === 'omitCloseNotify') return this.#watch.has('finished') && isAlert(record);
    if (this.#dripping !== undefined) return true;
    if (typeof action === 'object' && 'cipher' in action && !isServerHello(record)) return false;
    if (typeof on === 'object' && 'record' in on && on.direction === undefined) {
      return on.record === this.#count;
    }
    return this.#isDue();
  }

  /** Whether a place that needs no record of this direction was reached. */
  #isDue(): boolean {
    const { on } = this.#values;
    if (typeof on === 'string') return this.#watch.has(on);
    return 'record' in on && on.direction !== undefined && this.#otherCount >= on.record;
  }

  #change(record: WholeRecord, acts: Act[], c: StageContext): void {
    const { do: action, ending = 'fin' } = this.#values;
    if (action === 'swap') {
      if (this.#swapped === undefined) this.#swapped = record.bytes;
      else this.#finish(acts, record.bytes, this.#swapped);
      return;
    }
    if (action === 'cutMidRecord') {
      acts.push({ emit: record.bytes.subarray(0, Math.ceil(record.bytes.length / 2)) });
      this.#passed = true;
      acts.push(...this.#end(ending, c));
    } else if (action === 'omitCloseNotify') return;
    else if (typeof action === 'object' && 'drip' in action) {
      const { bytes, every } = action.drip;
      this.#dripping = { bytes, everyUs: toMicroseconds(readDuration('every', every)) };
      this.#send(record.bytes, acts);
    } else if (typeof action === 'object' && 'fragment' in action) {
      const clear = record.type === recordTypes.handshake && !this.#watch.has('finished');
      const pieces = clear ? changedRecord(record, action) : undefined;
      for (const piece of pieces ?? [record.bytes]) this.#send(piece, acts);
    } else if (typeof action === 'object' && 'delay' in action) {
      acts.push({ wait: toMicroseconds(readDuration('delay', action.delay)) });
      this.#finish(acts, record.bytes);
    } else this.#finish(acts, ...(changedRecord(record, action) ?? [record.bytes]));
  }

  #finish(acts: Act[], ...pieces: readonly Uint8Array[]): void {
    for (const piece of pieces) this.#send(piece, acts);
    this.#swapped = undefined;
    this.#over = true;
  }

  /** Says what the action says, and nothing more; injected bytes are followed by the stream. */
  #speak(c: StageContext): readonly Act[] {
    const { do: action, ending = 'stall' } = this.#values;
    if (isChange(action)) return [];
    this.#over = true;
    const bytes = actionBytes(action as never, Buffer.concat(this.#heard));
    const said: readonly Act[] = bytes.length === 0 ? [] : [{ emit: bytes }];
    if (typeof action === 'object' && 'inject' in action) return said;
    this.#passed ||= bytes.length > 0;
    return [...said, ...this.#end(action === 'fin' || action === 'rst' ? action : ending, c)];
  }

  #end(ending: 'stall' | 'fin' | 'rst', { stream }: StageContext): readonly Act[] {
    this.#over = true;
    return endingActs(ending, this.#passed, stream);
  }

  #send(bytes: Uint8Array, acts: Act[]): void {
    this.#passed = true;
    acts.push(...pacedActs(bytes, this.#dripping));
  }

  #rest(): readonly { readonly emit: Uint8Array }[] {
    const kept = this.#swapped;
    this.#swapped = undefined;
    return [...(kept === undefined ? [] : [kept]), this.#own.rest()]
      .filter(({ length }) => length > 0)
      .map((emit) => ({ emit }));
  }
}
