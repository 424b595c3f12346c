import type { Connection } from '../network/connection';

/** Who hears the events of a connection. */
export interface EventHearer {
  heardData(chunk: Buffer): void;
  heardEnd(): void;
  heardError(error: Error): void;
  heardClose(): void;
}

/**
 * Passes the events of a connection on until it is cut.
 *
 * V8 keeps a closed socket until its next full collection, with everything that its listeners
 * reach. Cut, they reach nothing: a connection that is over costs its socket and no more.
 */
export class WireEvents {
  #hearer: EventHearer | undefined;
  readonly #connection: Connection;

  constructor(connection: Connection, hearer: EventHearer) {
    this.#connection = connection;
    this.#hearer = hearer;
    connection.on('end', () => this.#hearer?.heardEnd());
    connection.on('error', (error: Error) => this.#hearer?.heardError(error));
    connection.on('close', () => this.#hearer?.heardClose());
  }

  /** Data is heard from now on; a stream that was not paused begins to flow. */
  hearData(): void {
    this.#connection.on('data', (chunk: Buffer) => this.#hearer?.heardData(chunk));
  }

  cut(): void {
    this.#hearer = undefined;
  }
}
