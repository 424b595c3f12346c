import { Duplex } from 'node:stream';
import type { TlsAlert } from '../../base/errors';
import { alertName } from '../../base/tls-alert-names';
import type { Connection } from '../connection';
import { RecordReader, type TlsRecord } from './record-reader';

type Callback = (error?: Error | null) => void;

/** What a ServerHello carries in place of chance when it asks for another greeting. */
const retryRandom = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c';

const alertType = 21;
const handshakeType = 22;
const serverHello = 2;

/** Who is told what passes. */
export interface TapListener {
  record(record: TlsRecord, direction: 'in' | 'out'): void;
  /** FIN came, and everything before it was handed to TLS. */
  ended(): void;
}

/**
 * The connection as TLS sees it: a Duplex over the raw one that looks at every record and changes
 * nothing.
 *
 * Below TLS is the only place where FIN, RST and records can be told apart. The tap never ends the
 * raw connection by itself, other than by handing on the FIN of TLS.
 *
 * @source docs/tls.md
 */
export class RecordTap extends Duplex {
  readonly received: RecordReader = new RecordReader();
  readonly sent: RecordReader = new RecordReader();
  /** Whether a HelloRetryRequest passed. */
  helloRetry = false;
  /** The last alert that passed unencrypted. */
  alert: TlsAlert | undefined;
  /** Whether FIN has come; bytes before it may still wait to be handed to TLS. */
  finArrived = false;
  /** Whether FIN was handed to TLS, in the order of the bytes. */
  finReceived = false;
  /** Whether TLS has sent its FIN. */
  finAsked = false;
  readonly #raw: Connection;
  readonly #listener: TapListener;
  #detached = false;

  constructor(raw: Connection, head: Uint8Array | undefined, listener: TapListener) {
    // Destroyed at the end of both sides it would take TLS along, and bytes that nobody has read.
    super({ allowHalfOpen: true, autoDestroy: false });
    this.#raw = raw;
    this.#listener = listener;
    // A second failure may follow the first, and nobody else may be left to hear it.
    this.on('error', () => undefined);
    this.on('end', () => {
      this.finReceived = true;
      listener.ended();
    });
    raw.pause();
    if (head !== undefined && head.byteLength > 0) this.#take(Buffer.from(head));
    raw.on('data', this.#onData);
    raw.once('end', this.#onEnd);
    if (raw.readableEnded) this.#onEnd();
  }

  override _read(): void {
    this.#raw.resume();
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: Callback): void {
    this.sent.feed(chunk, (record) => this.#passed(record, 'out'));
    this.#raw.write(chunk, done);
  }

  override _final(done: Callback): void {
    this.finAsked = true;
    this.#raw.end((error?: Error | null) => done(error));
  }

  override _destroy(error: Error | null, done: Callback): void {
    // TLS wants no more; what still comes must not keep the raw connection from its end.
    this.#detached = true;
    if (!this.#raw.destroyed) this.#raw.resume();
    done(error);
  }

  readonly #onData = (chunk: Buffer): void => {
    if (!this.#detached && !this.#take(chunk)) this.#raw.pause();
  };

  readonly #onEnd = (): void => {
    this.finArrived = true;
    this.push(null);
  };

  #take(chunk: Buffer): boolean {
    this.received.feed(chunk, (record) => this.#passed(record, 'in'));
    return this.push(chunk);
  }

  #passed(record: TlsRecord, direction: 'in' | 'out'): void {
    const { type, start, length } = record;
    if (type === alertType && length === 2) {
      const number = start.readUInt8(1);
      const alert = { number, name: alertName(number) } as const;
      this.alert = { ...alert, direction: direction === 'in' ? 'received' : 'sent' };
    }
    if (type === handshakeType && start[0] === serverHello) {
      this.helloRetry ||= start.toString('hex', 6, 38) === retryRandom;
    }
    this.#listener.record(record, direction);
  }
}
