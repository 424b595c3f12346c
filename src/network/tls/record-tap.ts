import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import type { TlsAlert } from '../../base/errors';
import { alertName } from '../../base/tls-alerts';
import type { TlsOutcome } from '../../base/tls-outcome';
import { PhaseWatch, recordTypes } from '../../base/tls-phase';
import { RecordReader, type TlsRecord } from '../../base/tls-record-reader';
import type { Connection } from '../connection';
import type { TlsGate } from '../tls-gate';
import type { TlsSide } from '../tls-settings';

type Callback = (error?: Error | null) => void;

/** Who is told what passes. */
export interface TapListener {
  record(record: TlsRecord, direction: 'in' | 'out'): void;
  /** FIN came, and everything before it was handed to TLS. */
  ended(): void;
}

/**
 * The connection as TLS sees it: it looks at every record and changes nothing, unless there is a gate.
 *
 * Below TLS is the only place where FIN, RST and records can be told apart. The tap never ends the
 * raw connection by itself, other than by handing on the FIN of TLS.
 *
 * It is no stream, but has of one what Node's TLS uses; a stream between two others would cost every
 * handshake a tenth of its time.
 *
 * @source docs/tls.md
 */
export class RecordTap extends EventEmitter {
  readonly allowHalfOpen = true;
  readonly readable = true;
  readonly writable = true;
  destroyed = false;
  readonly received: RecordReader = new RecordReader();
  readonly sent: RecordReader = new RecordReader();
  readonly watch: PhaseWatch = new PhaseWatch('end');
  /** The last alert that passed unencrypted. */
  alert: TlsAlert | undefined;
  alertSent: string | undefined;
  alertReceived: string | undefined;
  /** Whether the last record sent may have been an alert, in the clear or not. */
  alertLikely = false;
  /** Whether FIN has come; bytes before it may still wait to be handed to TLS. */
  finArrived = false;
  /** Whether FIN was handed to TLS, in the order of the bytes. */
  finReceived = false;
  /** Who ended the connection first, and how. */
  endedBy: TlsOutcome['endedBy'];
  endedHow: TlsOutcome['endedHow'];
  readonly #raw: Connection;
  readonly #side: TlsSide;
  readonly #listener: TapListener;
  readonly #gate: TlsGate | undefined;
  /** Read from the raw connection, and not yet asked for. */
  readonly #waiting: Buffer[] = [];
  #flowing = false;
  #flowDue = false;

  constructor(raw: Connection, side: TlsSide, listener: TapListener, gate?: TlsGate) {
    super();
    this.#raw = raw;
    this.#side = side;
    this.#listener = listener;
    this.#gate = gate;
  }

  /** In the form that Node takes: TLS uses no more of it than there is. */
  get stream(): Duplex {
    return this as unknown as Duplex;
  }

  /** Begins to listen; `head` was read before and belongs to TLS. */
  begin(head: Uint8Array | undefined): void {
    const raw = this.#raw;
    raw.pause();
    if (head !== undefined && head.byteLength > 0) this.#take(Buffer.from(head));
    raw.on('data', this.#onData);
    raw.once('end', this.#onEnd);
    raw.once('error', () => this.endedAs('peer', 'rst'));
    if (raw.readableEnded) this.#onEnd();
  }

  /** This end knows that a phase was reached. */
  reach(phase: 'finished' | 'application' | 'closing'): void {
    if (phase === 'application' && this.watch.has(phase)) return;
    this.watch.reach(phase);
    this.#gate?.reached(phase);
  }

  /** Notes who ended the connection; the first to do so counts. */
  endedAs(by: 'local' | 'peer', how: 'fin' | 'rst' | 'destroy'): void {
    if (this.endedBy !== undefined) return;
    this.endedBy = by;
    this.endedHow = how;
  }

  /** Puts bytes on the wire. */
  put(chunk: Uint8Array, done?: Callback): void {
    this.sent.feed(chunk, (record) => this.#passed(record, 'out'));
    this.#raw.write(chunk, done);
  }

  pause(): this {
    this.#flowing = false;
    if (!this.destroyed) this.#raw.pause();
    return this;
  }

  /** Bytes come from the next turn on, as those of a stream. */
  resume(): this {
    if (this.#flowing || this.destroyed) return this;
    this.#flowing = true;
    if (!this.#flowDue) {
      this.#flowDue = true;
      process.nextTick(this.#flow);
    }
    return this;
  }

  write(chunk: Uint8Array, done: Callback): boolean {
    if (this.#gate === undefined) this.put(chunk, done);
    else this.#gate.send(chunk, done);
    return true;
  }

  /** What TLS writes at once is one packet. */
  cork(): void {
    this.#raw.cork();
  }

  uncork(): void {
    this.#raw.uncork();
  }

  end(done: Callback): this {
    this.endedAs('local', 'fin');
    if (this.#gate === undefined) this.#raw.end(done);
    else this.#gate.end(done);
    return this;
  }

  destroy(): this {
    if (this.destroyed) return this;
    // TLS wants no more; what still comes must not keep the raw connection from its end.
    this.destroyed = true;
    this.#waiting.length = 0;
    if (!this.#raw.destroyed) this.#raw.resume();
    process.nextTick(() => this.emit('close'));
    return this;
  }

  readonly #onData = (chunk: Buffer): void => {
    if (!this.destroyed) this.#take(chunk);
  };

  readonly #onEnd = (): void => {
    this.finArrived = true;
    this.endedAs('peer', 'fin');
    this.#hand();
  };

  readonly #flow = (): void => {
    this.#flowDue = false;
    if (!this.#flowing || this.destroyed) return;
    this.#hand();
    if (this.#flowing) this.#raw.resume();
  };

  #take(chunk: Buffer): void {
    this.received.feed(chunk, (record) => {
      this.#passed(record, 'in');
      this.#gate?.received(record);
    });
    if (this.#flowing && this.#waiting.length === 0 && !this.#flowDue) this.emit('data', chunk);
    else this.#waiting.push(chunk);
  }

  /** Hands on what waits, and after that the end. */
  #hand(): void {
    while (this.#flowing && !this.destroyed) {
      const chunk = this.#waiting.shift();
      if (chunk === undefined) break;
      this.emit('data', chunk);
    }
    if (this.#waiting.length > 0 || !this.finArrived || this.finReceived || !this.#flowing) return;
    this.finReceived = true;
    this.emit('end');
    this.#listener.ended();
  }

  #passed(record: TlsRecord, direction: 'in' | 'out'): void {
    const client = (this.#side === 'client') === (direction === 'out');
    this.watch.saw(record, client ? 'client' : 'server');
    const { type, start, length } = record;
    if (type === recordTypes.alert && length === 2) this.#sawAlert(start.readUInt8(1), direction);
    if (direction === 'out') {
      const hidden = type === recordTypes.applicationData && length === hiddenAlertBytes;
      this.alertLikely = type === recordTypes.alert || hidden;
    }
    this.#listener.record(record, direction);
  }

  #sawAlert(number: number, direction: 'in' | 'out'): void {
    const name = alertName(number);
    this.alert = { number, name, direction: direction === 'in' ? 'received' : 'sent' };
    if (direction === 'in') this.alertReceived = name;
    else this.alertSent = name;
  }
}

/** An alert in TLS 1.3: two bytes, its true type, and 16 bytes that authenticate it. */
const hiddenAlertBytes = 19;
