import { type Deferred, deferred } from '../base/deferred';
import { TcpError } from '../base/errors';
import type { Client } from '../tcp/client';
import type { CloseInfo } from '../tcp/close-info';
import type { ClientSecureSocket } from '../tcp/secure-socket';
import { Transcript } from './transcript';

/** Who wants to know what happens on a connection. */
export interface ConnectionWatcher {
  /** Microseconds of the scenario's clock. */
  now(): number;
  /** The read timeout of reads from now on; absent: that of the connector. */
  readTimeoutMs(): number | undefined;
  meet(error: TcpError): void;
  changed(): void;
}

/**
 * One connection of a client: it is read all the time, so that the time of every arrival is known.
 *
 * A read timeout counts silence: from the connect, an arrival, a send, or the setting of the
 * timeout. It is met once per silence.
 */
export class ClientConnection {
  readonly client: Client;
  readonly transcript: Transcript = new Transcript();
  readonly #watcher: ConnectionWatcher;
  readonly #sent: Uint8Array[] = [];
  #firstSentUs: number | undefined;
  #closed: CloseInfo | undefined;
  #peerEnded = false;
  #halfClosed = false;
  #over = false;
  #paused: Deferred<void> | undefined;
  #reread: AbortController | undefined;
  /** Settles once the present read has. */
  #idle: Promise<unknown> = Promise.resolve();
  /** The present silence was met as a read timeout; nothing more is to be met in it. */
  #silenceMet = false;

  constructor(client: Client, watcher: ConnectionWatcher) {
    this.client = client;
    this.#watcher = watcher;
    void client.closed.then((info) => {
      this.#closed = info;
      watcher.changed();
    });
    void this.#read().finally(() => {
      this.#over = true;
      watcher.changed();
    });
  }

  /** How it ended, once it did. */
  get closed(): CloseInfo | undefined {
    return this.#closed;
  }

  /** Whether the peer ended its direction with FIN. */
  get peerEnded(): boolean {
    return this.#peerEnded;
  }

  /** Whether our direction was ended with FIN. */
  get halfClosed(): boolean {
    return this.#halfClosed;
  }

  /** Whether no more bytes can be read, since the reading has ended. */
  get over(): boolean {
    return this.#over;
  }

  get paused(): boolean {
    return this.#paused !== undefined;
  }

  /** Everything sent. */
  get sent(): Uint8Array {
    return Buffer.concat(this.#sent);
  }

  get firstSentUs(): number | undefined {
    return this.#firstSentUs;
  }

  /** @throws TcpError as `Client.writeBytes` */
  async send(bytes: Uint8Array, timeout: number | undefined): Promise<void> {
    this.#firstSentUs ??= this.#watcher.now();
    await this.client.writeBytes(bytes, timeout === undefined ? {} : { timeout });
    this.#sent.push(bytes);
    this.readAnew();
  }

  async halfClose(): Promise<void> {
    this.#halfClosed = true;
    await this.client.end();
  }

  /** Puts TLS on it, while nobody reads. @throws TcpError as `Client.upgradeToTls` */
  async upgradeToTls(secureSocket: ClientSecureSocket): Promise<void> {
    const held = this.#paused === undefined;
    this.#paused ??= deferred();
    this.readAnew();
    await this.#idle;
    try {
      await this.client.upgradeToTls(secureSocket);
    } finally {
      if (held) this.resume();
    }
  }

  pause(): void {
    this.#paused ??= deferred();
    this.client.pause();
    this.readAnew();
  }

  resume(): void {
    this.client.resume();
    this.#paused?.resolve();
    this.#paused = undefined;
  }

  /** Forgets the silence so far; the read that waits starts again, without losing a byte. */
  readAnew(): void {
    this.#silenceMet = false;
    this.#reread?.abort();
  }

  /** Ends it, also when its reading was stopped. */
  async end(): Promise<void> {
    this.#paused?.resolve();
    await this.client.close();
  }

  /** Reads until the connection ends. A new read starts its deadline anew. */
  async #read(): Promise<void> {
    for (;;) {
      await this.#paused?.promise;
      if (this.transcript.full) return;
      const again = new AbortController();
      this.#reread = again;
      const timeout = this.#silenceMet ? 0 : this.#watcher.readTimeoutMs();
      const options = { signal: again.signal, ...(timeout === undefined ? {} : { timeout }) };
      const read = this.client.readBytes(options);
      this.#idle = read.catch(() => undefined);
      try {
        this.transcript.append(await read, this.#watcher.now());
        this.#silenceMet = false;
        this.#watcher.changed();
      } catch (error) {
        const anew = again.signal.aborted && this.#closed === undefined;
        if (!anew && !this.#mayGoOn(error)) return;
      }
    }
  }

  /** Takes note of what ended a read; true when reading may go on. */
  #mayGoOn(error: unknown): boolean {
    if (!TcpError.is(error)) return false;
    if (error.code === 'EPEERCLOSED') this.#peerEnded = true;
    this.#silenceMet = true;
    if (error.code !== 'ECLOSED') this.#watcher.meet(error);
    return error.code === 'EREADTIMEOUT';
  }
}
