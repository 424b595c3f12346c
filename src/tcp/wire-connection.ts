import type { Connection } from '../network/connection';
import type { SecuredConnection, TlsInfo } from '../network/tls-info';
import { type EventHearer, WireEvents } from './wire-events';

/** A half of a wire, which leaves the connection alone while a handshake runs over it. */
interface Half {
  letGo?(): void;
  goOn(): void;
}

/** The connection below a wire: the raw one, and what TLS makes of it once it was put on. */
export class WireConnection {
  current: Connection;
  events: WireEvents;
  /** A handshake runs over the connection; nothing else may touch it. */
  upgrading = false;
  readonly #hearer: EventHearer;

  constructor(connection: Connection, hearer: EventHearer) {
    this.current = connection;
    this.#hearer = hearer;
    this.events = new WireEvents(connection, hearer);
  }

  get tls(): TlsInfo | undefined {
    return (this.current as Partial<SecuredConnection>).tls;
  }

  /** Replaces the connection by what a handshake makes of it. @throws what the handshake throws */
  async secure(
    handshake: () => Promise<SecuredConnection>,
    halves: readonly Half[],
  ): Promise<SecuredConnection> {
    this.upgrading = true;
    for (const half of halves) half.letGo?.();
    this.events.cut();
    try {
      const secured = await handshake();
      this.current = secured;
      this.events = new WireEvents(secured, this.#hearer);
      return secured;
    } finally {
      this.upgrading = false;
      if (this.tls !== undefined) for (const half of halves) half.goOn();
    }
  }
}
