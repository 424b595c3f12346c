import type { Duplex } from 'node:stream';
import type { ReadableStream, WritableStream } from 'node:stream/web';
import type { Address } from '../base/address';
import type { BytesLike } from '../base/bytes';
import type { Framer } from '../framing/framer';
import type { TlsInfo } from '../network/tls-info';
import type { CallOptions } from './call-options';
import type { CloseInfo } from './close-info';
import type { ClientSecureSocket, ListenerSecureSocket } from './secure-socket';

/** Limits of {@link ByteChannel.readUntil}. */
export interface ReadUntilOptions extends CallOptions {
  /** Bytes, the delimiter included, after which it gives up; default 1 MiB, `Infinity` for none. */
  readonly maxBytes?: number;
}

/**
 * A connection to write bytes to and read bytes from: what Client and Caller have in common.
 *
 * Reads and writes are independent of each other. Reads in parallel are served in the order of
 * their calls, writes leave in the order of theirs.
 *
 * @source docs/clients.md
 */
export interface ByteChannel extends AsyncIterable<Uint8Array>, AsyncDisposable {
  /** The world's name of the connection: `c1` for a client, `s1` for a caller. */
  readonly id: string;
  /** Literal IP address of the peer. */
  readonly remoteHost: string;
  readonly remotePort: number;
  /** Literal IP address of our end. */
  readonly localHost: string;
  readonly localPort: number;
  readonly remote: Address;
  readonly local: Address;
  /** What TLS has agreed on; `undefined` without TLS. */
  readonly tls: TlsInfo | undefined;
  /** Bytes taken from the network so far. */
  readonly bytesRead: number;
  /** Bytes handed to the kernel so far; of long writes, in steps of 64 KiB. */
  readonly bytesFlushed: number;
  /** Resolves when the connection is over, with how it ended. Never rejects. */
  readonly closed: Promise<CloseInfo>;
  /** Aborted when the connection is over; its reason is the CloseInfo. */
  readonly signal: AbortSignal;

  /**
   * Writes bytes behind all earlier writes, and resolves when all of them were handed to the kernel.
   *
   * @param data - copied at the call; empty data succeeds in its turn
   * @param options - `timeout` for the whole write; default `writeTimeout`
   * @throws TcpError `EWRITETIMEOUT` - nobody knows how much leaves; later writes are refused, reads go on
   * @throws TcpError `ECONNRESET` - the peer sent RST
   * @throws TcpError `ECLOSED` - closed, ended, or broken by an earlier write (`cause`)
   * @throws TcpError `EBUSY` - a stream holds the writer
   * @throws TcpError `ABORT_ERR` - not started: as if it had not been called; started: as after a timeout
   * @throws TcpError `ECONFIG` - no bytes; text has none without an encoding
   * @remarks Not promised: that the peer has read them.
   * @source docs/clients.md
   */
  writeBytes(data: BytesLike, options?: CallOptions): Promise<void>;

  /**
   * Reads what one network read gave: 1 to 65,536 bytes.
   *
   * @param options - `timeout`, measured from the call; default `timeout` of the configuration
   * @returns bytes that belong to the caller
   * @throws TcpError `EREADTIMEOUT` - later bytes are not lost: the next read gets them
   * @throws TcpError `EPEERCLOSED` - FIN came and nothing is left
   * @throws TcpError `ECONNRESET`, `EKEEPALIVE`, `EIDLETIMEOUT` - the connection broke; told once
   * @throws TcpError `ECLOSED` - it is over
   * @throws TcpError `EBUSY` - onBytes, an iterator or a stream holds the reader
   * @throws TcpError `ABORT_ERR` - nothing was taken
   * @remarks Not promised: that one write of the peer is one read here.
   * @source docs/clients.md
   */
  readBytes(options?: CallOptions): Promise<Uint8Array>;

  /**
   * Reads exactly `length` bytes, waiting for them across chunks.
   *
   * @param length - bytes, 0 or more; 0 resolves at once
   * @param options - `timeout` of the whole call, not moved by bytes that arrive
   * @throws TcpError - as above; nothing was taken then, and `partial` is a copy of what was there
   * @source docs/clients.md
   * @example
   * const header = await client.readBytes(4);
   */
  readBytes(length: number, options?: CallOptions): Promise<Uint8Array>;

  /**
   * Reads up to and with a delimiter.
   *
   * @param delimiter - 1 byte or more
   * @throws TcpError `ELIMIT` - `maxBytes` came without it; nothing was taken
   * @throws TcpError - otherwise as `readBytes(length)`
   * @source docs/clients.md
   * @example
   * const line = await client.readUntil(Buffer.from('\r\n'));
   */
  readUntil(delimiter: BytesLike, options?: ReadUntilOptions): Promise<Uint8Array>;

  /**
   * Reads messages, one at a time. Ends with a FIN between two messages.
   *
   * Leaving the loop early keeps the connection open and what was not read in it.
   *
   * @param options - `timeout` for each step
   * @throws TcpError `EPEERCLOSED` - FIN inside a message; `partial` holds what came of it
   * @throws TcpError `EFRAME` - bytes that break the framing, `ELIMIT` - a message above `framer.max`
   * @throws TcpError - otherwise as `readBytes()`
   * @source docs/clients.md
   */
  frames<F>(framer: Framer<F>, options?: CallOptions): AsyncIterable<F>;

  /** Reads chunks until FIN; otherwise as `frames`. */
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array>;

  /** Stops taking bytes from the network; those taken are still delivered. */
  pause(): void;
  resume(): void;

  /**
   * Sends FIN behind all writes; reading goes on. The second call gives the promise of the first.
   *
   * @param options - limits the waiting; a timeout breaks the connection as that of a write does
   * @throws TcpError `ECLOSED` - it is over, or was broken by a write
   */
  end(options?: CallOptions): Promise<void>;

  /** Puts RST on the wire, now. Calls that wait reject with `ECLOSED`. May be called twice. */
  reset(): void;

  /**
   * Ends both directions: flushes what was written, sends FIN, and drops what still comes until the
   * peer's FIN or `closeTimeout`. If the flush takes longer than `writeTimeout`, sends RST.
   *
   * Never rejects, and may be called at any time, also twice, also inside a handler.
   *
   * @source docs/clients.md
   */
  close(): Promise<void>;

  /**
   * Puts TLS on this connection, as protocols with STARTTLS do. A Client greets and a Caller answers,
   * unless `side` says otherwise. Bytes of the greeting that were read ahead are not lost.
   *
   * @throws TcpError `EBUSY` - a call waits, or an iterator or a stream holds the connection
   * @throws TcpError `ETLSCONFIG` - the options cannot be used, or plain bytes are left that nobody read
   * @throws TcpError `ETLSTIMEOUT`, `ETLSNOTTLS`, `ETLSCLOSED`, `ETLSCERT`, `ETLSHANDSHAKE` - the
   *   connection is over
   * @throws TcpError `ESTATE` - there is TLS already
   * @source docs/tls.md#starttls
   */
  upgradeToTls(options: ClientSecureSocket | ListenerSecureSocket): Promise<TlsInfo>;

  /**
   * A Node stream over this connection, with back-pressure both ways: `end()` sends FIN, `destroy()`
   * RST. It holds reader and writer for ever.
   *
   * @throws TcpError `EBUSY` - somebody holds one of them
   */
  toDuplex(): Duplex;

  /** As `toDuplex`, as web streams; `cancel` and `abort` send RST. */
  toWeb(): { readable: ReadableStream<Uint8Array>; writable: WritableStream<Uint8Array> };

  /** The same as `close`. */
  [Symbol.asyncDispose](): Promise<void>;
}
