import { familyOf, formatAddress } from '../base/address';
import { abortError, type TcpError } from '../base/errors';
import type { ClockTimer } from '../network/clock';
import type { Connection } from '../network/connection';
import type { ConnectOptions } from '../network/network';
import type { Owned, Scope } from '../network/scope';
import type { PreparedTls } from '../network/tls-settings';
import type { ClientSettings, Remote } from './client-configuration';
import { startFaulty } from './secure-fault';
import { connectFailure, connectTimeout, localAddressFailure, type Target } from './system-error';
import { Wire } from './wire';

/** Above this the stream would read further ahead than a channel asks it to; see `intake.ts`. */
export const streamHighWaterMark = 1;

/**
 * Connects, within the limit of the settings.
 *
 * @param probe - marks a connection made only to see whether somebody listens
 * @param tls - put on the connection once there is one
 * @throws TcpError - phase `connect` or `handshake`
 */
export function dial(
  remote: Remote,
  settings: ClientSettings,
  probe = false,
  tls?: PreparedTls,
): Promise<Wire> {
  return new Promise((resolve, reject) => {
    new Dial(remote, settings, { resolve, reject }, tls).start(probe);
  });
}

/** One attempt to connect, which ends once: connected, failed, timed out or aborted. */
class Dial {
  readonly #remote: Remote;
  readonly #settings: ClientSettings;
  readonly #outcome: { resolve(wire: Wire): void; reject(error: TcpError): void };
  readonly #tls: PreparedTls | undefined;
  readonly #scope: Scope;
  readonly #owned: Owned;
  #connection: Connection | undefined;
  #timer: ClockTimer | undefined;
  #ip: string | undefined;
  #over = false;
  /** Whether the connection has reported its end. */
  #gone = false;

  constructor(
    remote: Remote,
    settings: ClientSettings,
    outcome: { resolve(wire: Wire): void; reject(error: TcpError): void },
    tls: PreparedTls | undefined,
  ) {
    this.#remote = remote;
    this.#settings = settings;
    this.#outcome = outcome;
    this.#tls = tls;
    this.#scope = settings.world.scope.current();
    this.#owned = {
      kind: 'other',
      dispose: () => this.#aborted(this.#scope.signal.reason),
      describe: () => `connect to ${formatAddress(remote)}`,
    };
  }

  start(probe: boolean): void {
    const { signal, connect, world, localHost } = this.#settings;
    if (signal?.aborted) {
      this.#aborted(signal.reason);
      return;
    }
    signal?.addEventListener('abort', this.#onAbort);
    if (Number.isFinite(connect.timeoutUs)) {
      const label = `connect to ${formatAddress(this.#remote)}`;
      this.#timer = world.clock.after(connect.timeoutUs, () => this.#timedOut(), label, {
        hold: true,
      });
    }
    this.#scope.own(this.#owned, 'connect');
    if (localHost === undefined || familyOf(localHost) !== undefined) {
      this.#connect(localHost, probe);
      return;
    }
    world.network.lookup(localHost).then(
      ([address]) => this.#connect(address?.host ?? localHost, probe),
      (cause) => this.#fail(localAddressFailure(cause, this.#target(), localHost)),
    );
  }

  #connect(localAddress: string | undefined, probe: boolean): void {
    if (this.#over) return;
    const { world, socket, label, localPort } = this.#settings;
    try {
      const { host, port } = this.#remote;
      const options: { -readonly [Key in keyof ConnectOptions]: ConnectOptions[Key] } = {
        ...socket,
        host,
        port,
        // We answer the peer's FIN ourselves, when it takes effect.
        allowHalfOpen: true,
        highWaterMark: streamHighWaterMark,
      };
      if (localAddress !== undefined) options.localAddress = localAddress;
      if (localPort !== 0) options.localPort = localPort;
      if (label !== undefined) options.label = label;
      if (probe) options.probe = probe;
      this.#connection = world.network.connect(options);
    } catch (cause) {
      this.#fail(connectFailure(cause, this.#target(), this.#settings.localHost));
      return;
    }
    this.#connection
      .on('lookup', this.#onLookup)
      .on('connect', this.#onConnect)
      .on('error', this.#onError)
      .on('close', this.#onClose);
  }

  readonly #onAbort = (): void => this.#aborted(this.#settings.signal?.reason);

  readonly #onLookup = (_error: Error | null, ip: string | undefined): void => {
    this.#ip = ip ?? this.#ip;
  };

  readonly #onConnect = (): void => {
    const connection = this.#connection;
    if (this.#over || connection === undefined) return;
    this.#finish();
    connection.off('close', this.#onClose);
    if (this.#tls === undefined) this.#open(connection);
    else this.#secure(connection, this.#tls);
    // Taken away last: an error must never meet nobody.
    connection.off('error', this.#onError);
  };

  #open(connection: Connection): void {
    const wire = new Wire(this.#settings.world, connection, this.#settings.wire);
    wire.dialled = this.#remote.host;
    this.#outcome.resolve(wire);
  }

  #secure(connection: Connection, tls: PreparedTls): void {
    const { world, signal, secure } = this.#settings;
    const { host } = this.#remote;
    const options = { host, ...(signal !== undefined && { signal }) };
    startFaulty(world, connection, tls, secure?.fault, options).then(
      (secured) => this.#open(secured),
      this.#outcome.reject,
    );
  }

  readonly #onError = (cause: Error & { address?: string }): void => {
    this.#ip = cause.address ?? this.#ip;
    this.#fail(connectFailure(cause, this.#target(), this.#settings.localHost));
  };

  /** Destroyed without an error of its own: by the scope. */
  readonly #onClose = (): void => {
    this.#gone = true;
    this.#aborted(this.#scope.signal.reason);
  };

  #timedOut(): void {
    this.#fail(connectTimeout(this.#target(), { ms: this.#settings.connect.timeoutMs }));
  }

  #aborted(reason: unknown): void {
    const what = `connect to ${formatAddress(this.#remote)}`;
    this.#fail(abortError(what, 'connect', reason, this.#target().facts));
  }

  #fail(error: TcpError): void {
    if (this.#over) return;
    this.#finish();
    const connection = this.#connection?.destroy();
    const reject = (): void => this.#outcome.reject(error);
    // Who is told that it failed finds nothing open any more.
    if (connection === undefined || this.#gone) reject();
    else connection.once('close', reject);
  }

  #finish(): void {
    this.#over = true;
    this.#timer?.cancel();
    this.#settings.signal?.removeEventListener('abort', this.#onAbort);
    this.#scope.release(this.#owned);
  }

  #target(): Target {
    const connection = this.#connection;
    const ip = this.#ip;
    return {
      ...this.#remote,
      ...(ip === undefined ? {} : { ip }),
      ...(connection === undefined ? {} : { facts: { connectionId: connection.id } }),
    };
  }
}
