import type { Stream } from '../faults/fault';
import type { ConnectionHome } from './connection-home';
import type { LinkPair } from './link-pair';
import type { SlotHome } from './link-slots';
import type { Toxic } from './toxic';

/** What the slots of a connection know of it. */
export interface SlotConnection {
  readonly id: string;
  readonly number: number;
  readonly startedUs: number;
  decide(stream: Stream | 'both', toxic: string, purpose: string, n: number): number;
}

/** What the faults in the links of one connection are told, and whom they tell. */
export class ConnectionSlots<C extends SlotConnection> implements SlotHome {
  readonly number: number;
  readonly startedUs: number;
  readonly proxyStartedUs: number;
  readonly #home: ConnectionHome<C>;
  readonly #connection: C;
  readonly #links: LinkPair;

  constructor(home: ConnectionHome<C>, connection: C, links: LinkPair) {
    this.number = connection.number;
    this.startedUs = connection.startedUs;
    this.proxyStartedUs = home.startedUs;
    this.#home = home;
    this.#connection = connection;
    this.#links = links;
  }

  decide(stream: Stream, toxic: string, purpose: string, n: number): number {
    return this.#connection.decide(stream, toxic, purpose, n);
  }

  acted(toxic: Toxic, stream: Stream, action: string, bytes: number): void {
    const first = this.#home.acted(this.#connection, toxic, stream, action, bytes);
    // Later, since a link is in the middle of its work now.
    if (first) queueMicrotask(() => this.#links.acted(toxic.name));
  }

  hasActed(toxic: string): boolean {
    return this.#home.hasActed(this.#connection, toxic);
  }

  now(): number {
    return this.#home.world.clock.now();
  }

  triggered(toxic: Toxic, stream: Stream): void {
    this.#tell('toxic.triggered', toxic, stream);
  }

  neverFired(toxic: Toxic, stream: Stream): void {
    this.#tell('toxic.neverFired', toxic, stream);
  }

  warn({ name }: Toxic, stream: Stream, text: string): void {
    const connection = this.#connection.id;
    this.#home.events.tell('warning', { connection, stream, toxic: name, message: text });
  }

  #tell(type: 'toxic.triggered' | 'toxic.neverFired', { name }: Toxic, stream: Stream): void {
    this.#home.events.tell(type, { connection: this.#connection.id, stream, toxic: name });
  }
}
