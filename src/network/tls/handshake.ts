import { connect, type TLSSocket } from 'node:tls';
import { familyOf } from '../../base/address';
import { toMicroseconds } from '../../base/duration';
import type { TlsKind } from '../../base/error-codes';
import type { TcpError, TlsAlert } from '../../base/errors';
import type { ClockTimer } from '../clock';
import type { Connection } from '../connection';
import type { SecuredConnection } from '../tls-info';
import type { StartTlsOptions } from '../tls-settings';
import { refineUntrusted, type ShownCertificates, shownBy, verdictOn } from './certificate-verdict';
import { handshakeAborted, handshakeError } from './handshake-error';
import { RecordTap } from './record-tap';
import { SecuredTls } from './secured-connection';
import type { TlsContext } from './tls-context';
import { failureOf } from './tls-error-kind';
import { type TlsHome, tellTls } from './tls-home';
import { describeTls, type LiveTls } from './tls-outcome';
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
  };
  /** The name that the client sends; of a server, that it got. */
  #servername = '';
  #tap: RecordTap | undefined;
  #socket: TLSSocket | undefined;
  #shown: ShownCertificates | undefined;
  #timer: ClockTimer | undefined;
  #secured = false;
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
  }

  begin(): void {
    const { signal, head } = this.#options;
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
    this.#tap = new RecordTap(raw, head, {
      record: ({ index, type, version, length }, way) => {
        const phase = this.#secured ? 'application' : 'handshake';
        this.#tell({ event: 'record', index, type, version, length, phase }, way);
      },
      ended: () => this.#home.nextTurn(() => this.#failWith(undefined)),
    });
    if (this.#context.server !== undefined) this.#context.server.accept(this.#tap, this);
    else this.#greet(this.#tap);
  }

  // Told by the server of Node.

  secured(socket: TLSSocket): void {
    if (this.#over) {
      socket.destroy();
      return;
    }
    this.#adopt(socket);
    const { servername } = socket as TLSSocket & { servername?: string | false };
    this.#servername = servername || '';
    this.#secured = true;
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
    const { settings, client } = this.#context;
    const { host } = this.#options;
    const named = settings.servername ?? host ?? '';
    this.#servername = familyOf(named) === undefined ? named : '';
    const socket = connect({
      ...client,
      socket: tap,
      // An address is checked as well, but never sent; without a host Node would check another one.
      ...(named !== '' && { host: named }),
      servername: this.#servername,
    });
    this.#adopt(socket);
    socket.once('secureConnect', () => this.#judge(socket));
    if (settings.keylog !== undefined && settings.keylog !== false) {
      socket.on('keylog', (line) => this.keylog(line));
    }
  }

  #adopt(socket: TLSSocket): void {
    this.#socket = socket;
    socket.on('error', this.#onTlsError);
    socket.on('session', (session) => {
      this.#live.session = session;
    });
    // The order of the two ends tells whether there was a close_notify.
    const push = socket.push;
    socket.push = (chunk, encoding) => {
      if (chunk === null && this.#tap?.finReceived === false) this.#live.closeNotifyReceived = true;
      return push.call(socket, chunk, encoding);
    };
    // A destroyed socket has forgotten the certificate that the message is to name.
    const destroy = socket.destroy;
    socket.destroy = (error) => {
      if (error !== undefined && !socket.destroyed) this.#shown ??= shownBy(socket);
      return destroy.call(socket, error);
    };
  }

  #judge(socket: TLSSocket): void {
    if (this.#over) return;
    this.#secured = true;
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
    const { side, settings } = this.#context;
    const judged =
      side === 'client' && settings.verify !== undefined && settings.verify !== 'strict';
    const info = describeTls(socket, this.#live, {
      servername: this.#servername,
      authorized: judged || socket.authorized,
      helloRetry: this.#tap.helloRetry,
    });
    const { protocol, cipher } = info;
    this.#tell({ event: 'secured', protocol, cipher });
    const secured = new SecuredTls({
      home: this.#home,
      raw: this.#raw,
      tap: this.#tap,
      socket,
      context: this.#context,
      live: this.#live,
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
    const orderly = error === undefined && tap?.finReceived !== true;
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
      finReceived: tap?.finReceived ?? false,
      alert: tap?.alert,
    });
    this.#fail(refineUntrusted(kind, this.#shown, this.#context), error, alert);
  }

  #fail(kind: TlsKind, cause: unknown, alert: TlsAlert | undefined): void {
    if (this.#over) return;
    this.#reject(
      handshakeError(this.#raw, kind, {
        host: this.#options.host,
        certificate: this.#shown?.leaf,
        alert,
        first: this.#tap?.received.first ?? Buffer.alloc(0),
        error: cause,
        timeoutMs: this.#context.settings.handshakeTimeoutMs,
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
