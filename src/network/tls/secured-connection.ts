import type { TLSSocket } from 'node:tls';
import { TcpError } from '../../base/errors';
import type { ClockTimer } from '../clock';
import type { Connection, ConnectionInfo } from '../connection';
import type { SecuredConnection, TlsInfo } from '../tls-info';
import type { LiveTls } from './describe-tls';
import { failureText } from './failure-texts';
import { IdleLimit } from './idle-limit';
import type { OutcomeLog } from './outcome-log';
import type { RecordTap } from './record-tap';
import { SecuredFace } from './secured-face';
import type { TlsContext } from './tls-context';
import { failureOf, nodeCodeOf } from './tls-error-kind';
import { type TlsHome, tellTls } from './tls-home';

type Callback = (error?: Error | null) => void;

/** How long the raw connection may take to end once TLS has ended on both sides, in microseconds. */
const lingerUs = 1_000_000;

/** What a secured connection is made of. */
export interface SecuredParts {
  readonly home: TlsHome;
  readonly raw: Connection;
  readonly tap: RecordTap;
  readonly socket: TLSSocket;
  readonly context: TlsContext;
  readonly live: LiveTls;
  readonly log: OutcomeLog;
  readonly info: TlsInfo;
}

/**
 * The bytes inside TLS, under the contract of a Connection.
 *
 * FIN and RST are those of the raw connection: `end()` says close_notify and then FIN,
 * `resetAndDestroy()` puts RST on the wire. `close` comes when the raw connection has closed.
 */
export class SecuredTls extends SecuredFace implements SecuredConnection {
  readonly tls: TlsInfo;
  bytesRead = 0;
  bytesWritten = 0;
  readonly #parts: SecuredParts;
  readonly #socket: TLSSocket;
  readonly #idle: IdleLimit;
  #linger: ClockTimer | undefined;
  #rawClosed = false;
  #failed = false;
  /** What is told instead of an end, once everything before it was read. */
  #truncation: TcpError | undefined;

  constructor(parts: SecuredParts) {
    const { raw, socket, home } = parts;
    super(raw, {
      readableHighWaterMark: raw.readableHighWaterMark,
      writableHighWaterMark: raw.writableHighWaterMark,
      autoDestroy: false,
      emitClose: false,
    });
    this.tls = parts.info;
    this.#parts = parts;
    this.#socket = socket;
    this.#idle = new IdleLimit(home.clock, `idle timeout of ${raw.id}`, () => this.emit('timeout'));
    socket.pause();
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    // What came with the last word of the handshake may have been its end already.
    if (socket.readableEnded) home.nextTurn(() => this.#tlsEnded());
    else socket.on('end', () => this.#tlsEnded());
    socket.on('error', (error) => this.#tlsFailed(error));
    raw.on('error', (error: Error) => this.#rawFailed(error));
    raw.once('close', () => {
      this.#rawClosed = true;
      // What TLS has to say about it comes first.
      home.nextTurn(() => this.#settle());
    });
    this.on('end', () => {
      if (this.#rawClosed) this.#settle();
    });
  }

  get timeout(): number | undefined {
    return this.#idle.ms;
  }

  info(): ConnectionInfo {
    const info = this.raw.info();
    return {
      ...info,
      ...(this.#failed && info.ended !== 'rst' && { ended: 'error' }),
      unreadInStream: this.readableLength + this.#socket.readableLength,
      unsent: info.unsent + this.writableLength,
    };
  }

  /** Runs on the clock of the world; bytes inside TLS are what counts. */
  setTimeout(ms: number, listener?: () => void): this {
    if (listener !== undefined && ms > 0) this.once('timeout', listener);
    if (listener !== undefined && ms === 0) this.off('timeout', listener);
    this.#idle.set(ms);
    return this;
  }

  resetAndDestroy(): this {
    this.#parts.tap.endedAs('local', 'rst');
    this.raw.resetAndDestroy();
    return this.destroy();
  }

  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', () => this.destroy());
  }

  halfClose(): Promise<void> {
    if (this.writableFinished) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.end((error?: Error | null) => (error ? reject(error) : resolve()));
    });
  }

  override _read(): void {
    if (this.#truncation !== undefined && this.readableLength === 0) this.#fail(this.#truncation);
    else this.#socket.resume();
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: Callback): void {
    this.bytesWritten += chunk.byteLength;
    this.#idle.touch();
    this.#socket.write(chunk, (error) => {
      this.#idle.touch();
      this.#parts.tap.reach('application');
      done(error);
    });
  }

  override _final(done: Callback): void {
    const { tap, live } = this.#parts;
    tap.reach('closing');
    const before = tap.sent.count;
    this.#socket.end((error?: Error | null) => {
      live.closeNotifySent = tap.sent.count > before;
      this.#endedOnOneSide();
      done(error);
    });
  }

  override _destroy(error: Error | null, done: Callback): void {
    this.#failed ||= error !== null;
    this.#idle.set(0);
    this.#linger?.cancel();
    this.#parts.tap.endedAs('local', 'destroy');
    this.#socket.destroy();
    this.#parts.tap.destroy();
    const finish = (): void => {
      done(error);
      process.nextTick(() => this.emit('close', error !== null));
    };
    if (this.#rawClosed) {
      finish();
      return;
    }
    this.raw.once('close', finish);
    this.raw.destroy();
  }

  /** A failure that nobody listens to is kept in the scope, as that of the raw connection is. */
  override emit(event: string | symbol, ...values: unknown[]): boolean {
    if (event === 'error' && this.listenerCount('error') === 0) {
      this.#parts.home.scope.report(values[0] as Error);
      return false;
    }
    return super.emit(event, ...values);
  }

  #take(chunk: Buffer): void {
    this.bytesRead += chunk.byteLength;
    this.#idle.touch();
    this.#parts.tap.reach('application');
    if (!this.push(chunk)) this.#socket.pause();
  }

  #tlsEnded(): void {
    const { live, context, tap } = this.#parts;
    if (live.closeNotifyReceived) tap.watch.reach('closing');
    if (!live.closeNotifyReceived && context.settings.closeNotify === 'require') {
      this.#truncation = this.#failureNamed('truncated', undefined);
      if (this.readableLength === 0) this.#fail(this.#truncation);
      return;
    }
    this.push(null);
    this.#endedOnOneSide();
  }

  /** The raw connection ends by itself once both sides have sent FIN; a peer may never do so. */
  #endedOnOneSide(): void {
    const { socket, home } = this.#parts;
    const both = socket.writableFinished && socket.readableEnded;
    if (!both || this.destroyed || this.#linger !== undefined) return;
    this.#linger = home.clock.after(lingerUs, () => this.raw.destroy(), `last FIN of ${this.id}`);
  }

  #tlsFailed(error: Error): void {
    if (this.destroyed) return;
    const code = nodeCodeOf(error);
    const { tap } = this.#parts;
    // Of the raw connection: told by itself.
    if (code === 'ECONNRESET' || code === 'EPIPE' || code.startsWith('ERR_STREAM_')) return;
    const failure = failureOf({
      error,
      secured: true,
      foreign: false,
      recordsReceived: tap.received.count,
      ended: tap.finReceived,
      alert: undefined,
    });
    this.#fail(this.#failureNamed(failure.kind, error, failure));
  }

  /** The raw connection has closed: what came before its FIN is still there to be read. */
  #settle(): void {
    if (this.readableEnded || !this.#parts.tap.finArrived) this.destroy();
  }

  #rawFailed(error: Error): void {
    if (!this.destroyed) this.destroy(error);
  }

  #fail(error: TcpError): void {
    if (this.destroyed) return;
    const { kind = 'tls-other', alert } = error;
    tellTls(this.#parts.home, this.raw, {
      event: 'failed',
      kind,
      ...(alert !== undefined && { alert: alert.name }),
    });
    this.destroy(error);
  }

  #failureNamed(
    kind: Parameters<typeof failureText>[0],
    cause: unknown,
    failure: Partial<ReturnType<typeof failureOf>> = {},
  ): TcpError {
    const { alert, code = 'ETLSRECORD' } = failure;
    const text = failureText(kind, {
      peer: this.remote.host,
      certificate: undefined,
      alert,
      first: Buffer.alloc(0),
      error: cause,
      timeoutMs: 0,
    });
    const message = `TLS failed on ${this.id}: ${text}`;
    const details = {
      code,
      phase: 'read' as const,
      kind,
      ...(alert !== undefined && { alert }),
      ...(cause !== undefined && { cause }),
      connectionId: this.id,
      local: this.local,
      remote: this.remote,
      bytesRead: this.bytesRead,
    };
    const { tap, log } = this.#parts;
    tap.endedAs('local', 'destroy');
    log.failed(new TcpError(message, details));
    return new TcpError(message, { ...details, tls: log.read() });
  }
}
