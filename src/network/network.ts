import type { Address } from '../base/address';
import type { Connection } from './connection';
import type { SecuredConnection } from './tls-info';
import type { PreparedTls, StartTlsOptions, TlsSettings, TlsSide } from './tls-settings';

/**
 * What opens connections and endpoints.
 *
 * Errors are raw, as Node's own sockets raise them (`code`, `errno`, `syscall`, `address`, `port`);
 * the connector above turns them into TcpErrors.
 *
 * @source docs/network.md#connections
 */
export interface Network {
  readonly kind: 'real' | 'simulated';
  /**
   * Opens a connection: returns at once, connecting; `connect` or `error` follows.
   *
   * All addresses of a name are tried. A `localAddress` may be a name as well; one that does not
   * resolve is `EADDRNOTAVAIL`, like one that is not ours.
   *
   * @throws RangeError `ERR_SOCKET_BAD_PORT` - a port, or a local port, outside 0 to 65535
   */
  connect(options: ConnectOptions): Connection;
  /**
   * Listens, and hands over every accepted connection. Whatever is wrong rejects, also a bad port.
   *
   * @returns an endpoint that is bound: its address carries the port that was chosen
   */
  listen(options: ListenOptions, accept: (connection: Connection) => void): Promise<Endpoint>;
  /**
   * Resolves a name to all its addresses, with port 0; a literal address resolves to itself.
   * Rejects as `dns.lookup` does, and with the signal's reason when that is aborted.
   */
  lookup(host: string, options?: LookupOptions): Promise<readonly Address[]>;
  /** The names that an address answers to, by a reverse look-up; empty when there are none. */
  reverseLookup(host: string): Promise<readonly string[]>;
  /**
   * Finds out whether TLS can be had with these settings.
   *
   * @throws TcpError `ETLSCONFIG` - it cannot: bad key material, unknown or contradicting options
   */
  prepareTls(side: TlsSide, settings: TlsSettings): PreparedTls;
  /**
   * Puts TLS on a connection that is open and that nobody reads or writes any more.
   *
   * Errors are TcpErrors already, with `kind` and, where there was one, `alert`; the connection is
   * over then. The limit of the handshake runs on the world's clock.
   *
   * @returns the connection for the bytes inside, in which the peer's certificate has been judged
   * @throws TcpError `ETLSTIMEOUT`, `ETLSNOTTLS`, `ETLSCLOSED`, `ETLSCERT`, `ETLSHANDSHAKE`
   * @throws TcpError `ABORT_ERR` - `signal` was aborted, or the scope of the connection has ended
   * @source docs/tls.md
   */
  startTls(
    connection: Connection,
    tls: PreparedTls,
    options?: StartTlsOptions,
  ): Promise<SecuredConnection>;
}

/** How a name is resolved. */
export interface LookupOptions {
  /** 4 or 6 for addresses of that family only. Default: 0, all. */
  readonly family?: 0 | 4 | 6;
  readonly signal?: AbortSignal;
}

/** Reads into memory of the caller instead of `data` events. */
export interface OnRead {
  readonly buffer: Uint8Array | (() => Uint8Array);
  /** Gets the count of bytes and the memory they are in; `false` pauses. */
  readonly callback: (bytes: number, buffer: Uint8Array) => boolean;
}

/** Where a dial goes, and how. */
export interface ConnectOptions {
  /** Name or literal address. */
  readonly host: string;
  readonly port: number;
  readonly localAddress?: string;
  readonly localPort?: number;
  readonly family?: 0 | 4 | 6;
  readonly noDelay?: boolean;
  readonly keepAlive?: boolean;
  /** Milliseconds. */
  readonly keepAliveInitialDelay?: number;
  readonly allowHalfOpen?: boolean;
  readonly signal?: AbortSignal;
  readonly onread?: OnRead;
  /** Bytes; of the Duplex, both ways. */
  readonly highWaterMark?: number;
  /** Name in traces, such as `client alice`. */
  readonly label?: string;
  /** Simulated networks only: the host that dials. */
  readonly from?: string;
  /** Marks a connection made only to see whether somebody listens. */
  readonly probe?: boolean;
}

/** Where an endpoint listens, and what its connections are like. */
export interface ListenOptions {
  /** Default: loopback. */
  readonly host?: string;
  /** 0 = any free port. */
  readonly port: number;
  /** Default 511. */
  readonly backlog?: number;
  readonly allowHalfOpen?: boolean;
  /** Accepted connections take no byte from the network until `resume()`. */
  readonly pauseOnConnect?: boolean;
  readonly noDelay?: boolean;
  readonly keepAlive?: boolean;
  /** Milliseconds. */
  readonly keepAliveInitialDelay?: number;
  readonly highWaterMark?: number;
  readonly label?: string;
}

/** A bound port that accepts connections. */
export interface Endpoint extends AsyncDisposable {
  readonly address: Address;
  readonly label: string;
  /** Accepted and still open. */
  readonly connections: number;
  /**
   * Stops accepting and gives the port back. Connections that wait are reset, those that were handed
   * over live on. May be called twice.
   */
  close(): Promise<void>;
  /**
   * Stops handing connections over: they wait, connected and unread, and are not counted. The kernel
   * has no such pause, so on the real network nothing limits how many wait.
   */
  pause(): void;
  /** Hands over what waits, in order, and goes on; may be paused again in between. */
  resume(): void;
  ref(): this;
  unref(): this;
  /** Trouble with accepting. Unheard, it is kept in the scope. */
  on(event: 'error', listener: (error: Error) => void): this;
}
