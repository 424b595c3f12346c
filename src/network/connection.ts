import type { Duplex } from 'node:stream';
import type { Address } from '../base/address';

/**
 * One end of a TCP connection: a Duplex shaped like `net.Socket`, so that Node's streams, `tls`,
 * `http` and drivers accept it.
 *
 * Events: `lookup`, `connect`, `ready`, `data`, `end`, `drain`, `finish`, `timeout`, `error`,
 * `close(hadError)`. `connect` comes before any `data`; `end` before `close`; `error` at most once
 * and before `close`; `close` exactly once and last.
 *
 * @source SIMULATION.md 2.4
 */
export interface Connection extends Duplex {
  /** `c1` for the end that dialled, `s1` for the end that accepted; numbered per world. */
  readonly id: string;
  /** Name in traces. */
  readonly label: string;
  /** Both stay readable after the end. Before `connect` their port is 0. */
  readonly local: Address;
  readonly remote: Address;

  readonly connecting: boolean;
  readonly pending: boolean;
  readonly readyState: 'opening' | 'open' | 'readOnly' | 'writeOnly' | 'closed';
  /** Bytes taken from the network. */
  readonly bytesRead: number;
  /** Bytes handed to `write`, also those not sent. */
  readonly bytesWritten: number;
  readonly localAddress?: string | undefined;
  readonly localPort?: number | undefined;
  readonly localFamily?: string | undefined;
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  readonly remoteFamily?: string | undefined;
  readonly timeout?: number | undefined;
  address(): object;
  setTimeout(ms: number, listener?: () => void): this;
  setNoDelay(on?: boolean): this;
  setKeepAlive(on?: boolean, initialDelayMs?: number): this;
  ref(): this;
  unref(): this;
  /** Puts RST on the wire and ends both directions. */
  resetAndDestroy(): this;
  /** `end()`, then `destroy()` once everything was handed to the network. */
  destroySoon(): void;

  /** `end()` as a promise: resolves when the FIN was handed to the network. */
  halfClose(): Promise<void>;
  info(): ConnectionInfo;
}

export type ConnectionState =
  | 'connecting'
  | 'established'
  | 'finWait'
  | 'closeWait'
  | 'closing'
  | 'closed'
  | 'reset';

/** The state of one end; -1 where a kernel does not tell. */
export interface ConnectionInfo {
  readonly id: string;
  readonly label: string;
  readonly state: ConnectionState;
  /** How it ended, as seen from here. */
  readonly ended: 'none' | 'fin' | 'rst' | 'error';
  readonly unreadInReceiveBuffer: number;
  readonly unreadInStream: number;
  readonly unsent: number;
  readonly inFlight: number;
  readonly finSent: boolean;
  readonly finReceived: boolean;
}
