import { readDuration, toMicroseconds } from '../base/duration';
import { PhaseWatch, recordTypes, type TlsPhase } from '../base/tls-phase';
import type { TlsRecord } from '../base/tls-record-reader';
import type { TlsGate, TlsLine } from '../network/tls-gate';
import { actionBytes, endingOf } from './tls-action-bytes';
import { actionText, isAboutOwnRecords, type TlsActionFault } from './tls-fault';
import { leave } from './tls-line';
import { PacedLine } from './tls-paced-line';
import { fragmentsOf, RecordSplitter, recordOf, type WholeRecord } from './tls-records';

type Done = (error?: Error | null) => void;

/** Encrypted records of a TLS 1.3 server up to its certificate, when it asks for none. */
const recordsUpToCertificate = 2;

/**
 * A fault below a genuine TLS stack of ours: at its phase it cuts off, holds back, splits or adds
 * to what this end sends.
 */
export class EndpointFault implements TlsGate {
  /** What was done, for the messages of this end. */
  acted: string | undefined;
  readonly #fault: TlsActionFault;
  readonly #encryptedUpToCertificate: number;
  readonly #watch = new PhaseWatch('end');
  readonly #splitter = new RecordSplitter();
  readonly #heard: Buffer[] = [];
  #line: TlsLine | undefined;
  #paced: PacedLine | undefined;
  #encrypted = 0;
  #silent = false;
  #sentAny = false;

  /** @param asksClient - whether this end is a server that asks for a certificate */
  constructor(fault: TlsActionFault, asksClient: boolean) {
    this.#fault = fault;
    this.#encryptedUpToCertificate = recordsUpToCertificate + (asksClient ? 1 : 0);
  }

  begin(line: TlsLine): void {
    this.#line = line;
    this.#paced = new PacedLine(line);
    this.#actWhenDue();
  }

  send(chunk: Uint8Array, done: Done): void {
    if (!this.#silent) {
      for (const record of this.#splitter.feed(chunk)) this.#pass(record);
    }
    if (this.#paced === undefined || this.#silent) done();
    else this.#paced.drained(done);
  }

  end(done: Done): void {
    if (this.#silent || this.#paced === undefined) done();
    else this.#paced.end(done);
  }

  received(record: TlsRecord): void {
    this.#watch.saw(record, this.#line?.side === 'client' ? 'server' : 'client');
    if (!this.#watch.has('serverHello')) this.#heard.push(recordOf(record.type, record.start));
    this.#actWhenDue();
  }

  reached(phase: TlsPhase): void {
    this.#watch.reach(phase);
    this.#actWhenDue();
  }

  #pass(record: WholeRecord): void {
    if (this.#silent) return;
    const { do: action } = this.#fault;
    if (this.acted === undefined || !isAboutOwnRecords(action)) this.#write(record.bytes);
    else if (action === 'cutMidRecord') this.#cut(record);
    else if (typeof action === 'object' && 'fragment' in action)
      this.#split(record, action.fragment);
    else if (action !== 'omitCloseNotify') this.#write(record.bytes);
    this.#watch.saw(record, this.#line?.side ?? 'server');
    this.#countEncrypted(record);
    this.#actWhenDue();
  }

  /** In TLS 1.3 only the server itself knows which of its records is the certificate. */
  #countEncrypted({ type }: WholeRecord): void {
    if (type !== recordTypes.applicationData || this.#line?.side !== 'server') return;
    if (++this.#encrypted === this.#encryptedUpToCertificate) this.#watch.reach('certificate');
  }

  #split(record: WholeRecord, size: number): void {
    const clear = record.type === recordTypes.handshake && !this.#watch.has('finished');
    if (!clear) this.#write(record.bytes);
    else for (const fragment of fragmentsOf(record, size)) this.#write(fragment);
  }

  #cut({ bytes }: WholeRecord): void {
    const half = bytes.subarray(0, Math.ceil(bytes.length / 2));
    this.#sentAny = true;
    this.#leave(half);
  }

  #write(bytes: Buffer): void {
    this.#sentAny = true;
    this.#paced?.write(bytes);
  }

  #actWhenDue(): void {
    if (this.#line === undefined || this.acted !== undefined || !this.#watch.has(this.#fault.on)) {
      return;
    }
    const { do: action } = this.#fault;
    this.acted = actionText(this.#fault);
    this.#line.tell({ event: 'fault', fault: this.acted, phase: this.#watch.phase });
    if (!isAboutOwnRecords(action)) this.#leave(actionBytes(action, Buffer.concat(this.#heard)));
    else if (typeof action === 'object' && 'delay' in action) {
      this.#paced?.hold(toMicroseconds(readDuration('delay', action.delay)));
    } else if (typeof action === 'object' && 'drip' in action) {
      const { bytes, every } = action.drip;
      this.#paced?.drip(bytes, toMicroseconds(readDuration('every', every)));
    }
  }

  #leave(bytes: Uint8Array): void {
    this.#silent = true;
    if (this.#line !== undefined) {
      leave(this.#line, bytes, endingOf(this.#fault), this.#sentAny || bytes.byteLength > 0);
    }
  }
}
