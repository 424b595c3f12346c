import { type EventEmitter, errorMonitor } from 'node:events';
import { Socket } from 'node:net';
import type { Address } from '../../base/address';
import type { Connection, ConnectionInfo } from '../connection';
import { endingOf, finSentBy, stateOf, wasReset } from './connection-end';
import {
  ConnectionFacts,
  type ConnectionHome,
  type ConnectionOrigin,
  type WriteCallback,
} from './connection-facts';
import { honestCallback } from './write-outcome';

/** What `_writev` gets: writes that piled up. */
export type PiledWrites = {
  chunk: Uint8Array | string;
  encoding: BufferEncoding;
}[];

/** Node's types call it optional; every socket has it. */
const writePiled = Socket.prototype._writev as (
  this: Socket,
  writes: PiledWrites,
  callback: WriteCallback,
) => void;

/**
 * A connection over the kernel: the `net.Socket` itself, with the members of the contract.
 *
 * Node makes accepted sockets by itself, so they are given this prototype afterwards: no
 * constructor and no initialiser of this class has run on them, and there can be no private fields.
 */
export class RealConnection extends Socket implements Connection {
  declare readonly facts: ConnectionFacts;

  get id(): string {
    return this.facts.id;
  }

  get label(): string {
    return this.facts.label;
  }

  get local(): Address {
    return this.facts.local;
  }

  get remote(): Address {
    return this.facts.remote;
  }

  halfClose(): Promise<void> {
    if (this.writableFinished) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.end((error?: Error | null) => (error ? reject(error) : resolve()));
    });
  }

  info(): ConnectionInfo {
    const { facts } = this;
    return {
      id: facts.id,
      label: facts.label,
      state: stateOf(this, facts),
      ended: facts.ended,
      unreadInReceiveBuffer: -1,
      unreadInStream: this.readableLength,
      unsent: this.writableLength,
      inFlight: -1,
      finSent: finSentBy(facts),
      finReceived: facts.finReceived,
    };
  }

  /**
   * Ends the connection at once; RST goes out where there is a connection.
   *
   * Node's own fails with EINVAL and loses the handle while FIN is on its way to the kernel, and
   * waits for the connection while it is being made.
   *
   * @source docs/notes/reset-after-end.md
   */
  override resetAndDestroy(): this {
    const { facts } = this;
    if (this.destroyed || (this.pending && !facts.attempted)) return this.destroy();
    if (facts.shuttingDown) return this.once('finish', this.resetAndDestroy);
    if (this.pending) {
      // The kernel may have connected already: then the peer is to see RST as well, and now.
      facts.givenUp = true;
      Object.assign(this, { connecting: false });
    } else facts.resetSent = true;
    return super.resetAndDestroy();
  }

  override push(chunk: Uint8Array | null, encoding?: BufferEncoding): boolean {
    if (chunk === null) {
      if (wasReset(this)) return false;
      this.noteFin('received');
    }
    return super.push(chunk, encoding);
  }

  override _write(
    chunk: Uint8Array | string,
    encoding: BufferEncoding,
    callback: WriteCallback,
  ): void {
    super._write(chunk, encoding, honestCallback(this.facts, callback));
  }

  override _writev(writes: PiledWrites, callback: WriteCallback): void {
    writePiled.call(this, writes, honestCallback(this.facts, callback));
  }

  override _final(callback: WriteCallback): void {
    // While it is being made Node calls again once there is a connection.
    if (this.pending) {
      super._final(callback);
      return;
    }
    this.facts.shuttingDown = true;
    super._final((error) => {
      this.facts.shuttingDown = false;
      if (!error) this.noteFin('sent');
      callback(error);
    });
  }

  override _destroy(error: Error | null, callback: WriteCallback): void {
    const { facts } = this;
    facts.wasOpen = !this.pending && !facts.givenUp;
    facts.ended = endingOf(facts, error);
    super._destroy(error, callback);
  }

  /** Keeps in mind that FIN came, or was handed to the kernel. */
  noteFin(way: 'received' | 'sent'): void {
    if (way === 'received') this.facts.finReceived = true;
    else this.facts.finSent = true;
  }
}

/** Gives a socket its facts, and the connection to its scope. */
export function equip(
  connection: RealConnection,
  home: ConnectionHome,
  origin: ConnectionOrigin,
): void {
  const facts = new ConnectionFacts(connection, home, origin);
  Object.defineProperty(connection, 'facts', { value: facts });
  (connection as EventEmitter).on(errorMonitor, reportUnheard);
  connection.once('close', leaveHome);
  home.open.add(connection);
  home.scope.own(facts, facts.label);
}

function reportUnheard(this: RealConnection, error: Error): void {
  if (this.listenerCount('error') === 0) this.facts.home.scope.report(error);
}

function leaveHome(this: RealConnection): void {
  const { facts } = this;
  facts.closed = true;
  facts.home.open.delete(this);
  facts.home.scope.release(facts);
  facts.whenClosed?.();
}

/** The addresses stay readable after the end, where Node forgets the local one. */
Object.defineProperties(RealConnection.prototype, {
  localAddress: addressGetter((facts) => facts.local.host),
  localPort: addressGetter((facts) => facts.local.port),
  localFamily: addressGetter((facts) => facts.local.family),
  remoteAddress: addressGetter((facts) => facts.remote.host),
  remotePort: addressGetter((facts) => facts.remote.port),
  remoteFamily: addressGetter((facts) => facts.remote.family),
});

function addressGetter<T>(read: (facts: ConnectionFacts) => T): PropertyDescriptor {
  return {
    configurable: true,
    get(this: RealConnection): T | undefined {
      return this.facts.wasOpen || !this.pending ? read(this.facts) : undefined;
    },
  };
}
