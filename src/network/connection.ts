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
 * @source docs/network.md#connections
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
  /** Puts RST on the wire and ends both directions at once; what was not sent is dropped. */
  resetAndDestroy(): this;
  /** `end()`, then `destroy()` once everything was handed to the network. */
  destroySoon(): void;

  /**
   * `end()` as a promise: resolves when the FIN was handed to the network, also when that was
   * before; rejects when the connection ends first.
   */
  halfClose(): Promise<void>;
  /** The state of this end right now, and after the end. */
  info(): ConnectionInfo;
  /**
   * Hands bytes to a taker instead of `data` events from now on, from memory that is used again;
   * `pause()`, `resume()` and `end` work as before. Bytes that were read before stay in the stream.
   * Absent on networks that lend nothing.
   *
   * @returns `false` when that is not possible here: then nothing has changed
   */
  lendTo?(taker: ByteTaker): boolean;
}

/** Takes bytes from memory that is used again. */
export interface ByteTaker {
  /** Whether it keeps what it takes for later: then every piece has memory of its own. */
  readonly keeps: boolean;
  /** @returns whether the memory may be used again when this returns */
  takeBytes(bytes: Uint8Array): boolean;
}

/**
 * Where one end stands: `finWait` has sent FIN, `closeWait` has received it, `closing` both or is
 * being destroyed; `reset` sent or received RST.
 */
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
  /** How it ended, as seen from here; `none` while it has not, or when it never was connected. */
  readonly ended: 'none' | 'fin' | 'rst' | 'error';
  /** Bytes that arrived and that this end has not taken yet. */
  readonly unreadInReceiveBuffer: number;
  /** Bytes taken from the network and not consumed. */
  readonly unreadInStream: number;
  /** Bytes written and not handed to the network. */
  readonly unsent: number;
  /** Bytes handed to the network that the peer has not acknowledged. */
  readonly inFlight: number;
  /** Also by `destroy()`, after which the kernel may have made it RST. */
  readonly finSent: boolean;
  readonly finReceived: boolean;
}
