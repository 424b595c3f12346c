import { formatAddress } from '../base/address';
import { type Deferred, deferred } from '../base/deferred';
import { TcpError } from '../base/errors';
import { Client } from '../tcp/client';
import type { CloseInfo } from '../tcp/close-info';
import type { EndpointWords } from './endpoint-words';
import { type Entity, entityTitle } from './named-entities';
import type { StepWorld } from './step-world';
import { Transcript } from './transcript';
import { Changes } from './wait-for';

/** A failure that a client met, and whether a step asked for it. */
export interface MetFailure {
  readonly error: TcpError;
  readonly atUs: number;
  readonly step: string;
  /** FIN of the peer is no failure by itself; it is one only where a step asks for it. */
  readonly ordinary: boolean;
  seen: boolean;
}

/**
 * A client of a scenario: a connection that is read all the time, so that the time of every
 * arrival is known, while steps read from the transcript at their own pace.
 *
 * A read timeout counts silence: from the connect, an arrival, a send, or the setting of the
 * timeout. It is met once per silence.
 */
export class ScenarioClient extends Changes implements Entity {
  readonly name: string;
  /** `client "alice"`. */
  readonly title: string;
  readonly failures: MetFailure[] = [];
  /** Every connection it had, with who was at the other end. */
  readonly connections: { readonly id: string; readonly peer: string }[] = [];
  /** The step that opened the present connection. */
  openedBy = '';
  /** What came on the present connection, or the last one. */
  transcript: Transcript = new Transcript();
  readonly #world: StepWorld;
  #client: Client | undefined;
  #target = '';
  #sent: Uint8Array[] = [];
  #firstSentUs: number | undefined;
  #readTimeoutMs: number | undefined;
  #closed: CloseInfo | undefined;
  #peerEnded = false;
  #halfClosed = false;
  #over = false;
  #paused: Deferred<void> | undefined;
  #reread: AbortController | undefined;
  /** The present silence was met as a read timeout; nothing more is to be met in it. */
  #silenceMet = false;

  constructor(world: StepWorld, name: string) {
    super();
    this.name = name;
    this.title = entityTitle('client', name);
    this.#world = world;
  }

  /** Whether it was ever connected. */
  get used(): boolean {
    return this.#client !== undefined;
  }

  /** Whether the connection is not over. */
  get open(): boolean {
    return this.#client !== undefined && this.#closed === undefined;
  }

  /** Whether bytes can still go both ways. */
  get openBothWays(): boolean {
    return this.open && !this.#peerEnded && !this.#halfClosed;
  }

  /** Whether the peer ended its direction with FIN. */
  get peerEnded(): boolean {
    return this.#peerEnded;
  }

  /** Whether no more bytes can be read, since the reading has ended. */
  get over(): boolean {
    return this.#over;
  }

  /** Whether a step stopped the reading. */
  get paused(): boolean {
    return this.#paused !== undefined;
  }

  /** How it ended, once it did. */
  get closeInfo(): CloseInfo | undefined {
    return this.#closed;
  }

  /** The world's name of the connection, such as `c1`. */
  get connection(): string | undefined {
    return this.#client?.id;
  }

  /** Port of its own end, of the present connection or the last one. */
  get localPort(): number | undefined {
    return this.#client?.localPort;
  }

  /** Who is at the other end: `listener "echo"`, or an address. */
  get peer(): string {
    return this.#target;
  }

  /** Everything sent on the present connection. */
  get sent(): Uint8Array {
    return Buffer.concat(this.#sent);
  }

  get firstSentUs(): number | undefined {
    return this.#firstSentUs;
  }

  /**
   * Connects, and reads from then on.
   *
   * @throws Error it is connected already
   * @throws TcpError as `Client.connect`
   */
  async connect({ host, port }: EndpointWords): Promise<void> {
    if (this.open) throw new Error(`${this.title} is already connected to ${this.#target}`);
    this.#target = this.#world.ownerOf(host, port) ?? formatAddress({ host, port });
    const timeout = this.#readTimeoutMs;
    const client = await Client.connect(host, port, {
      world: this.#world.world,
      label: this.title,
      ...(timeout === undefined ? {} : { timeout }),
    });
    this.#begin(client);
  }

  /** As {@link connect}, but a failure is kept for a later "sees". */
  async tryToConnect(target: EndpointWords): Promise<void> {
    await this.connect(target).catch((error: unknown) => this.#meet(error));
  }

  /**
   * Writes, and waits until the network took the bytes.
   *
   * @param timeout - as `CallOptions` of the connector
   * @throws TcpError as `Client.writeBytes`
   */
  async send(bytes: Uint8Array, timeout?: number): Promise<void> {
    const client = this.#connected();
    this.#firstSentUs ??= this.#world.clock.now();
    await client.writeBytes(bytes, timeout === undefined ? {} : { timeout });
    this.#sent.push(bytes);
    this.#readAnew();
  }

  /** Bytes handed to the kernel so far. */
  get flushed(): number {
    return this.#client?.bytesFlushed ?? 0;
  }

  /** Sends FIN; reading goes on. */
  async halfClose(): Promise<void> {
    const client = this.#writable();
    this.#halfClosed = true;
    await client.end();
  }

  /** Ends both directions with FIN; unread bytes of the network are dropped. */
  async close(): Promise<void> {
    await this.#client?.close();
  }

  /** Puts RST on the wire. */
  async reset(): Promise<void> {
    const client = this.#writable();
    client.reset();
    await client.closed;
  }

  /** Stops taking bytes from the network. */
  stopReading(): void {
    const client = this.#connected();
    this.#paused ??= deferred();
    client.pause();
    this.#readAnew();
  }

  startReading(): void {
    this.#connected().resume();
    this.#paused?.resolve();
    this.#paused = undefined;
  }

  /** Sets the deadline of later reads, also of the one that waits now. */
  setReadTimeout(ms: number): void {
    this.#readTimeoutMs = ms;
    this.#readAnew();
  }

  /** The first failure that no step has seen and that fits; it counts as seen then. */
  seeFailure(fits: (error: TcpError) => boolean): MetFailure | undefined {
    const found = this.failures.find(({ seen, error }) => !seen && fits(error));
    if (found !== undefined) found.seen = true;
    return found;
  }

  /** Ends the connection after the scenario. */
  async end(): Promise<void> {
    this.#paused?.resolve();
    await this.close();
  }

  #begin(client: Client): void {
    this.#client = client;
    this.connections.push({ id: client.id, peer: this.#target });
    this.openedBy = this.#world.step.text;
    this.transcript = new Transcript();
    this.#sent = [];
    this.#firstSentUs = undefined;
    this.#closed = undefined;
    this.#peerEnded = false;
    this.#halfClosed = false;
    this.#over = false;
    this.#paused = undefined;
    this.#silenceMet = false;
    void client.closed.then((info) => {
      if (this.#client === client) this.#closed = info;
      this.changed();
    });
    void this.#read(client, this.transcript).finally(() => {
      if (this.#client === client) this.#over = true;
      this.changed();
    });
  }

  /** Reads until the connection ends. A new read starts its deadline anew. */
  async #read(client: Client, transcript: Transcript): Promise<void> {
    for (;;) {
      await this.#paused?.promise;
      if (transcript.full) return;
      const again = new AbortController();
      this.#reread = again;
      const timeout = this.#silenceMet ? 0 : this.#readTimeoutMs;
      const options = { signal: again.signal, ...(timeout === undefined ? {} : { timeout }) };
      try {
        transcript.append(await client.readBytes(options), this.#world.clock.now());
        this.#silenceMet = false;
        this.changed();
      } catch (error) {
        const anew = again.signal.aborted && client === this.#client && !this.#closed;
        if (!anew && !this.#mayGoOn(error, client)) return;
      }
    }
  }

  /** Forgets the silence so far; the read that waits starts again, without losing a byte. */
  #readAnew(): void {
    this.#silenceMet = false;
    this.#reread?.abort();
  }

  /** Takes note of what ended a read; true when reading may go on. */
  #mayGoOn(error: unknown, client: Client): boolean {
    if (!TcpError.is(error) || client !== this.#client) return false;
    if (error.code === 'EPEERCLOSED') this.#peerEnded = true;
    this.#silenceMet = true;
    if (error.code !== 'ECLOSED') this.#meet(error);
    return error.code === 'EREADTIMEOUT';
  }

  #meet(error: unknown): void {
    if (!TcpError.is(error)) throw error;
    const atUs = this.#world.clock.now();
    const ordinary = error.code === 'EPEERCLOSED';
    this.failures.push({ error, atUs, step: this.#world.step.text, ordinary, seen: false });
    this.changed();
  }

  #connected(): Client {
    if (this.#client === undefined || this.#closed !== undefined) {
      throw new Error(`${this.title} is not connected`);
    }
    return this.#client;
  }

  #writable(): Client {
    if (this.#client === undefined) throw new Error(`${this.title} is not connected`);
    if (this.#closed !== undefined || this.#halfClosed) {
      throw new Error(`${this.title} was already closed`);
    }
    return this.#client;
  }
}
