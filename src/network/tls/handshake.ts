import type { TLSSocket } from 'node:tls';
import { toMicroseconds } from '../../base/duration';
import type { TlsKind } from '../../base/error-codes';
import type { TcpError, TlsAlert } from '../../base/errors';
import type { ClockTimer } from '../clock';
import type { Connection } from '../connection';
import type { SecuredConnection } from '../tls-info';
import type { StartTlsOptions } from '../tls-settings';
import { refineUntrusted, type ShownCertificates, shownBy, verdictOn } from './certificate-verdict';
import { greet, nameToSend, sessionPlace } from './client-socket';
import { describeTls, type LiveTls } from './describe-tls';
import { handshakeAborted, handshakeError } from './handshake-error';
import { hookSocket, keepWhatComes } from './hook-socket';
import { openTap } from './open-tap';
import { OutcomeLog } from './outcome-log';
import type { RecordTap } from './record-tap';
import { SecuredTls } from './secured-connection';
import { applySettings } from './socket-settings';
import type { TlsContext } from './tls-context';
import { failureOf } from './tls-error-kind';
import { type TlsHome, tellTls } from './tls-home';
import type { Accepting } from './tls-server';

/** Who waits for a handshake. */
export interface HandshakeOutcome {
  resolve(connection: SecuredConnection): void;
  reject(error: TcpError): void;
}

/** One handshake, which ends once: secured, failed, timed out or aborted. */
export class Handshake implements Accepting {
  readonly #home: TlsHome;
  readonly #raw: Connection;
  readonly #context: TlsContext;
  readonly #options: StartTlsOptions;
  readonly #outcome: HandshakeOutcome;
  readonly #live: LiveTls = {
    closeNotifySent: false,
    closeNotifyReceived: false,
    session: undefined,
    ocspResponse: undefined,
  };
  readonly #log: OutcomeLog;
  #tap: RecordTap | undefined;
  #socket: TLSSocket | undefined;
  #shown: ShownCertificates | undefined;
  #timer: ClockTimer | undefined;
  #over = false;
  #rawClosed = false;

  constructor(
    home: TlsHome,
    raw: Connection,
    context: TlsContext,
    options: StartTlsOptions,
    outcome: HandshakeOutcome,
  ) {
    this.#home = home;
    this.#raw = raw;
    this.#context = context;
    this.#options = options;
    this.#outcome = outcome;
    this.#log = new OutcomeLog(context.side, this.#live);
  }

  begin(): void {
    const { signal } = this.#options;
    const raw = this.#raw;
    raw.on('error', this.#onRawError).on('close', this.#onRawClose);
    if (signal?.aborted) {
      this.#onAbort();
      return;
    }
    if (raw.destroyed) {
      this.#rawClosed = true;
      this.#failWith(undefined);
      return;
    }
    signal?.addEventListener('abort', this.#onAbort);
    this.#limit();
    // Our side ends by what TLS says, not when the peer's FIN comes.
    raw.allowHalfOpen = true;
    this.#tell({ event: 'start', side: this.#context.side });
    const ended = (): void => this.#home.nextTurn(() => this.#failWith(undefined));
    const tap = openTap(this.#home, raw, this.#context, this.#options, this.#log, ended);
    this.#tap = tap;
    if (this.#context.server !== undefined) this.#context.server.accept(tap, this);
    else this.#greet(tap);
  }

  // Told by the server of Node.

  secured(socket: TLSSocket): void {
    if (this.#over) {
      socket.destroy();
      return;
    }
    this.#adopt(socket);
    const { servername } = socket as TLSSocket & { servername?: string | false };
    this.#log.servername = servername || '';
    this.#log.secured = true;
    // A server that ends in this very turn would send no close_notify.
    this.#home.nextTurn(() => this.#succeed(socket));
  }

  failed(error: Error, socket: TLSSocket): void {
    const refused = socket.authorizationError as unknown as string | null | undefined;
    this.#failWith(error, refused ?? undefined);
  }

  keylog(line: Buffer): void {
    const { keylog } = this.#context.settings;
    if (typeof keylog === 'function') keylog(line);
    else this.#tell({ event: 'keylog', line: line.toString('latin1').trimEnd() });
  }

  #greet(tap: RecordTap): void {
    const { host } = this.#options;
    const { keylog } = this.#context.settings;
    this.#log.servername = nameToSend(this.#context, host);
    const sessions = sessionPlace(this.#context, this.#raw, host, this.#home);
    const socket = greet(this.#context, tap, host, this.#log.servername, sessions.offer());
    socket.on('session', sessions.keep);
    this.#adopt(socket);
    socket.once('secureConnect', () => this.#judge(socket));
    if (keylog !== undefined && keylog !== false) {
      socket.on('keylog', (line) => this.keylog(line));
    }
  }

  #adopt(socket: TLSSocket): void {
    this.#socket = socket;
    socket.on('error', this.#onTlsError);
    keepWhatComes(socket, this.#live);
    hookSocket(socket, {
      ended: () => {
        if (this.#tap?.finReceived === false) this.#closeNotify();
      },
      failing: () => {
        this.#shown ??= shownBy(socket);
      },
    });
  }

  #closeNotify(): void {
    this.#live.closeNotifyReceived = true;
    this.#tap?.endedAs('peer', 'fin');
    if (!this.#log.secured) this.#home.nextTurn(() => this.#failWith(undefined));
  }

  #judge(socket: TLSSocket): void {
    if (this.#over) return;
    this.#log.secured = true;
    const kind = verdictOn(socket, this.#context);
    if (kind === undefined) {
      this.#succeed(socket);
      return;
    }
    this.#shown = shownBy(socket);
    this.#fail(kind, undefined, undefined);
  }

  #succeed(socket: TLSSocket): void {
    if (this.#over || this.#tap === undefined) return;
    this.#finish();
    this.#tap.reach('finished');
    const { side, settings } = this.#context;
    applySettings(socket, settings);
    const judged =
      side === 'client' && settings.verify !== undefined && settings.verify !== 'strict';
    const info = describeTls(socket, this.#live, {
      servername: this.#log.servername,
      authorized: judged || socket.authorized,
      helloRetry: this.#tap.watch.helloRetry,
      outcome: () => this.#log.read(),
    });
    this.#log.info = info;
    const { protocol, cipher } = info;
    this.#tell({ event: 'secured', protocol, cipher });
    const secured = new SecuredTls({
      home: this.#home,
      raw: this.#raw,
      tap: this.#tap,
      socket,
      context: this.#context,
      live: this.#live,
      log: this.#log,
      info,
    });
    socket.off('error', this.#onTlsError);
    this.#raw.off('error', this.#onRawError).off('close', this.#onRawClose);
    this.#outcome.resolve(secured);
  }

  readonly #onTlsError = (error: Error): void => {
    const refused = this.#socket?.authorizationError as unknown as string | null | undefined;
    this.#failWith(error, refused ?? undefined);
  };

  readonly #onRawError = (error: Error): void => {
    // TLS may have found out why before the connection broke, and is about to tell.
    this.#home.nextTurn(() => this.#failWith(error));
  };

  readonly #onRawClose = (): void => {
    this.#rawClosed = true;
    this.#home.nextTurn(() => this.#failWith(undefined));
  };

  readonly #onAbort = (): void => this.#abort(this.#options.signal?.reason);

  #limit(): void {
    const { handshakeTimeoutMs } = this.#context.settings;
    if (!Number.isFinite(handshakeTimeoutMs)) return;
    const label = `TLS handshake of ${this.#raw.id}`;
    this.#timer = this.#home.clock.after(
      toMicroseconds(handshakeTimeoutMs),
      () => {
        const error = Object.assign(new Error('TLS handshake timeout'), {
          code: 'ERR_TLS_HANDSHAKE_TIMEOUT',
        });
        this.#fail('handshake-timeout', error, undefined);
      },
      label,
    );
  }

  #failWith(error: unknown, authorizationError?: string): void {
    if (this.#over) return;
    const tap = this.#tap;
    const ended = tap?.finReceived === true || this.#live.closeNotifyReceived;
    const orderly = error === undefined && !ended;
    if (orderly && this.#home.scope.signal.aborted) {
      this.#abort(this.#home.scope.signal.reason);
      return;
    }
    const { kind, alert } = failureOf({
      error: error ?? Object.assign(new Error('closed'), { code: 'ECONNRESET' }),
      authorizationError,
      // The client's last word may still be refused; up to here nobody was given the connection.
      secured: false,
      foreign: tap?.received.foreign ?? false,
      recordsReceived: tap?.received.count ?? 0,
      ended,
      alert: tap?.alert,
    });
    this.#fail(refineUntrusted(kind, this.#shown, this.#context), error, alert);
  }

  #fail(kind: TlsKind, cause: unknown, alert: TlsAlert | undefined): void {
    if (this.#over) return;
    this.#tap?.endedAs('local', 'destroy');
    this.#reject(
      handshakeError(this.#raw, kind, {
        host: this.#options.host,
        certificate: this.#shown?.leaf,
        alert,
        first: this.#tap?.received.first ?? Buffer.alloc(0),
        error: cause,
        timeoutMs: this.#context.settings.handshakeTimeoutMs,
        acted: this.#options.gate?.acted,
        outcome: (error) => {
          this.#log.failed(error);
          return this.#log.read();
        },
      }),
    );
  }

  #abort(reason: unknown): void {
    this.#reject(handshakeAborted(this.#raw, this.#options.host, reason));
  }

  /** Who is told that it failed finds nothing open any more. */
  #reject(error: TcpError): void {
    if (this.#over) return;
    this.#finish();
    const { kind = 'aborted', alert } = error;
    this.#tell({ event: 'failed', kind, ...(alert !== undefined && { alert: alert.name }) });
    const raw = this.#raw;
    this.#socket?.destroy();
    this.#tap?.destroy();
    if (this.#rawClosed) this.#outcome.reject(error);
    else {
      raw.once('close', () => this.#outcome.reject(error));
      raw.destroy();
    }
  }

  #finish(): void {
    this.#over = true;
    this.#timer?.cancel();
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
  }

  #tell(detail: Readonly<Record<string, string | number | boolean>>, way?: 'in' | 'out'): void {
    tellTls(this.#home, this.#raw, detail, way);
  }
}
