import { formatAddress } from '../base/address';
import { TcpError } from '../base/errors';
import type { TlsInfo } from '../network/tls-info';
import { Client } from '../tcp/client';
import type { CloseInfo } from '../tcp/close-info';
import type { ClientSecureSocket } from '../tcp/secure-socket';
import { ClientConnection } from './client-connection';
import type { EndpointWords } from './endpoint-words';
import { type MetFailure, MetFailures } from './met-failures';
import { type Entity, entityTitle } from './named-entities';
import { keyLogOf } from './scenario-capture';
import type { StepWorld } from './step-world';
import { Transcript } from './transcript';
import { Changes } from './wait-for';

/**
 * A client of a scenario: its connection, one after the other, the failures it met, and the
 * transcript from which steps read at their own pace.
 */
export class ScenarioClient extends Changes implements Entity {
  readonly name: string;
  /** `client "alice"`. */
  readonly title: string;
  readonly #failures = new MetFailures();
  /** Every connection it had, with who was at the other end. */
  readonly connections: { readonly id: string; readonly peer: string }[] = [];
  /** The step that opened the present connection. */
  openedBy = '';
  readonly #world: StepWorld;
  #now: ClientConnection | undefined;
  #target = '';
  #host: string | undefined;
  #readTimeoutMs: number | undefined;
  #alpn: readonly string[] = [];
  /** What a session of the last connection under TLS is good for. */
  #sessionKey = '';
  readonly #nothing = new Transcript();

  constructor(world: StepWorld, name: string) {
    super();
    this.name = name;
    this.title = entityTitle('client', name);
    this.#world = world;
  }

  /** What it met, in order. */
  get failures(): readonly MetFailure[] {
    return this.#failures.all;
  }

  /** What TLS has agreed on, of the present connection or the last one. */
  get tls(): TlsInfo | undefined {
    return this.#now?.client.tls;
  }

  /** Whether it was ever connected. */
  get used(): boolean {
    return this.#now !== undefined;
  }

  /** Whether the connection is not over. */
  get open(): boolean {
    return this.#now !== undefined && this.#now.closed === undefined;
  }

  /** Whether bytes can still go both ways. */
  get openBothWays(): boolean {
    return this.open && !this.peerEnded && this.#now?.halfClosed !== true;
  }

  /** What came on the present connection, or the last one. */
  get transcript(): Transcript {
    return this.#now?.transcript ?? this.#nothing;
  }

  /** Whether the peer ended its direction with FIN. */
  get peerEnded(): boolean {
    return this.#now?.peerEnded ?? false;
  }

  /** Whether no more bytes can be read, since the reading has ended. */
  get over(): boolean {
    return this.#now?.over ?? false;
  }

  /** Whether a step stopped the reading. */
  get paused(): boolean {
    return this.#now?.paused ?? false;
  }

  /** How it ended, once it did. */
  get closeInfo(): CloseInfo | undefined {
    return this.#now?.closed;
  }

  /** The world's name of the connection, such as `c1`. */
  get connection(): string | undefined {
    return this.#now?.client.id;
  }

  /** Port of its own end, of the present connection or the last one. */
  get localPort(): number | undefined {
    return this.#now?.client.localPort;
  }

  /** Who is at the other end: `listener "echo"`, or an address. */
  get peer(): string {
    return this.#target;
  }

  /** Everything sent on the present connection. */
  get sent(): Uint8Array {
    return this.#now?.sent ?? new Uint8Array();
  }

  get firstSentUs(): number | undefined {
    return this.#now?.firstSentUs;
  }

  /**
   * Connects, and reads from then on.
   *
   * @param secureSocket - for TLS; a session with the same peer under the same options is resumed
   * @throws Error it is connected already
   * @throws TcpError as `Client.connect`
   */
  async connect({ host, port }: EndpointWords, secureSocket?: ClientSecureSocket): Promise<void> {
    if (this.open && !this.over) {
      throw new Error(`${this.title} is already connected to ${this.#target}`);
    }
    await this.#now?.client.closed;
    this.#target = this.#world.ownerOf(host, port) ?? formatAddress({ host, port });
    const timeout = this.#readTimeoutMs;
    const options = {
      label: this.title,
      ...(timeout === undefined ? {} : { timeout }),
      ...(secureSocket === undefined ? {} : { secureSocket: this.#secured(secureSocket) }),
    };
    const dial = (): Promise<Client> =>
      Client.connect(host, port, { ...options, world: this.#world.world });
    const client = await (this.#host === undefined
      ? dial()
      : this.#world.simulation.on(this.#host, dial));
    this.#begin(client);
  }

  /** Offers these protocols in handshakes from now on, the preferred one first. */
  offerAlpn(protocols: readonly string[]): void {
    this.#alpn = protocols;
  }

  /** Puts it on a host of the simulated network. @throws Error it is connected already */
  moveTo(host: string): void {
    if (this.used) throw new Error(`${this.title} is already connected; say this before`);
    this.#host = host;
  }

  /** As {@link connect}, but a failure is kept for a later "sees". */
  async tryToConnect(target: EndpointWords, secureSocket?: ClientSecureSocket): Promise<void> {
    await this.connect(target, secureSocket).catch((error: unknown) => this.#meet(error));
  }

  /** Puts TLS on the open connection. @throws TcpError as `Client.upgradeToTls` */
  async upgradeToTls(secureSocket: ClientSecureSocket): Promise<void> {
    await this.#connected().upgradeToTls({ ...secureSocket, ...keyLogOf(this.#world) });
  }

  /**
   * Writes, and waits until the network took the bytes.
   *
   * @param timeout - as `CallOptions` of the connector
   * @throws TcpError as `Client.writeBytes`
   */
  async send(bytes: Uint8Array, timeout?: number): Promise<void> {
    await this.#connected().send(bytes, timeout);
  }

  /** Bytes handed to the kernel so far. */
  get flushed(): number {
    return this.#now?.client.bytesFlushed ?? 0;
  }

  /** Sends FIN; reading goes on. */
  async halfClose(): Promise<void> {
    await this.#writable().halfClose();
  }

  /** Ends both directions with FIN; unread bytes of the network are dropped. */
  async close(): Promise<void> {
    await this.#now?.client.close();
  }

  /** Puts RST on the wire. */
  async reset(): Promise<void> {
    const { client } = this.#writable();
    client.reset();
    await client.closed;
  }

  /** Stops taking bytes from the network. */
  stopReading(): void {
    this.#connected().pause();
  }

  startReading(): void {
    this.#connected().resume();
  }

  /** Sets the deadline of later reads, also of the one that waits now. */
  setReadTimeout(ms: number): void {
    this.#readTimeoutMs = ms;
    this.#now?.readAnew();
  }

  /** The first failure that no step has seen and that fits; it counts as seen then. */
  seeFailure(fits: (error: TcpError) => boolean): MetFailure | undefined {
    return this.#failures.see(fits);
  }

  /** Ends the connection after the scenario. */
  async end(): Promise<void> {
    await this.#now?.end();
  }

  /** With its own protocols, and the session of the last connection if that was made like this one. */
  #secured(secureSocket: ClientSecureSocket): ClientSecureSocket {
    const key = JSON.stringify([this.#target, secureSocket]);
    const session = this.#sessionKey === key ? this.tls?.session : undefined;
    this.#sessionKey = key;
    return {
      ...secureSocket,
      ...(this.#alpn.length > 0 && { alpn: this.#alpn }),
      ...(session !== undefined && { session }),
      ...keyLogOf(this.#world),
    };
  }

  #begin(client: Client): void {
    this.connections.push({ id: client.id, peer: this.#target });
    this.openedBy = this.#world.step.text;
    this.#now = new ClientConnection(client, {
      now: () => this.#world.clock.now(),
      readTimeoutMs: () => this.#readTimeoutMs,
      meet: (error) => this.#meet(error),
      changed: () => this.changed(),
    });
  }

  #meet(error: unknown): void {
    if (!TcpError.is(error)) throw error;
    this.#failures.meet(error, this.#world.clock.now(), this.#world.step.text);
    this.changed();
  }

  #connected(): ClientConnection {
    if (this.#now === undefined || this.#now.closed !== undefined) {
      throw new Error(`${this.title} is not connected`);
    }
    return this.#now;
  }

  #writable(): ClientConnection {
    if (this.#now === undefined) throw new Error(`${this.title} is not connected`);
    if (this.#now.closed !== undefined || this.#now.halfClosed) {
      throw new Error(`${this.title} was already closed`);
    }
    return this.#now;
  }
}
