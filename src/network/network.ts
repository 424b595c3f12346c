import type { Address } from '../base/address';
import type { Connection } from './connection';

/**
 * What opens connections and endpoints.
 *
 * Errors are raw, as Node's own sockets raise them (`code`, `errno`, `syscall`, `address`, `port`);
 * the connector above turns them into TcpErrors. A port outside its range is thrown at once, as
 * Node does.
 *
 * @source SIMULATION.md 2.3
 */
export interface Network {
  readonly kind: 'real' | 'simulated';
  /** Returns at once, connecting; `connect` or `error` follows. */
  connect(options: ConnectOptions): Connection;
  /**
   * Listens, and hands over every accepted connection.
   *
   * @returns an endpoint that is bound: its address carries the port that was chosen
   */
  listen(options: ListenOptions, accept: (connection: Connection) => void): Promise<Endpoint>;
  /** Resolves a name; a literal address resolves to itself. Rejects as `dns.lookup` does. */
  lookup(host: string, options?: LookupOptions): Promise<readonly Address[]>;
  /** The names that an address answers to, by a reverse look-up; empty when there are none. */
  reverseLookup(host: string): Promise<readonly string[]>;
}

export interface LookupOptions {
  readonly family?: 0 | 4 | 6;
  readonly signal?: AbortSignal;
}

/** Reads into memory of the caller instead of `data` events. */
export interface OnRead {
  readonly buffer: Uint8Array | (() => Uint8Array);
  /** Gets the count of bytes and the memory they are in; `false` pauses. */
  readonly callback: (bytes: number, buffer: Uint8Array) => boolean;
}

export interface ConnectOptions {
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
  /** Stops accepting and gives the port back; open connections live on. May be called twice. */
  close(): Promise<void>;
  /** Stops handing connections over; they wait in the backlog. */
  pause(): void;
  resume(): void;
  ref(): this;
  unref(): this;
  on(event: 'error', listener: (error: Error) => void): this;
}
