import { type EventEmitter, errorMonitor } from 'node:events';
import { Socket } from 'node:net';
import type { Address } from '../../base/address';
import type { Connection, ConnectionInfo, ConnectionState } from '../connection';
import type { Owned, Scope } from '../scope';
import type { Trace } from '../trace';

/** Where a connection lives: who owns it, who watches it, and what else is open there. */
export interface ConnectionHome {
  readonly scope: Scope;
  readonly trace: Trace;
  readonly open: Set<RealConnection>;
}

/** What is known of a connection when it is made. */
export interface ConnectionOrigin {
  readonly side: 'dialled' | 'accepted';
  readonly id: string;
  /** Shared by both ends. */
  readonly number: number;
  readonly label: string;
  /** Label of the other end, or its address while it is a stranger. */
  readonly peerLabel: string;
  readonly local: Address;
  readonly remote: Address;
  readonly probe?: boolean;
}

/** What a connection knows beyond its socket; this is what the scope owns. */
export class ConnectionFacts implements Owned {
  readonly kind = 'connection';
  readonly connection: RealConnection;
  readonly home: ConnectionHome;
  readonly side: ConnectionOrigin['side'];
  readonly id: string;
  readonly number: number;
  readonly label: string;
  readonly probe: boolean;
  peerLabel: string;
  local: Address;
  remote: Address;
  /** Whether there was a connection before it was destroyed. */
  wasOpen = false;
  ended: ConnectionInfo['ended'] = 'none';
  finReceived = false;
  finSent = false;
  resetSent = false;
  /** FIN is on its way to the kernel. */
  shuttingDown = false;
  /** Bytes that the trace was told of, each way. */
  readonly bytesTold = { read: 0, written: 0 };
  /** For the trace: the write that waits for the connection. Node hands over one at a time. */
  heldWrite: { readonly bytes: Uint8Array; readonly fresh: boolean } | undefined;

  constructor(connection: RealConnection, home: ConnectionHome, origin: ConnectionOrigin) {
    this.connection = connection;
    this.home = home;
    this.side = origin.side;
    this.id = origin.id;
    this.number = origin.number;
    this.label = origin.label;
    this.peerLabel = origin.peerLabel;
    this.local = origin.local;
    this.remote = origin.remote;
    this.probe = origin.probe ?? false;
  }

  info(): ConnectionInfo {
    return this.connection.info();
  }

  dispose(): Promise<void> | undefined {
    const { connection } = this;
    if (connection.closed) return undefined;
    const closed = new Promise<void>((resolve) => connection.once('close', () => resolve()));
    connection.resetAndDestroy();
    return closed;
  }
}

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
      state: stateOf(this),
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
    if (this.destroyed || this.pending) return this.destroy();
    if (this.facts.shuttingDown) return this.once('finish', this.resetAndDestroy);
    this.facts.resetSent = true;
    return super.resetAndDestroy();
  }

  override push(chunk: Uint8Array | null, encoding?: BufferEncoding): boolean {
    if (chunk === null) {
      if (wasReset(this)) return false;
      this.noteFin('received');
    }
    return super.push(chunk, encoding);
  }

  override _final(callback: (error?: Error | null) => void): void {
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

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    const { facts } = this;
    facts.wasOpen = !this.pending;
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

/** Whether an error says that the peer has reset the connection. */
export function isReset(error: Error): boolean {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return code === 'EPIPE' || (code === 'ECONNRESET' && syscall !== 'connect');
}

function reportUnheard(this: RealConnection, error: Error): void {
  if (this.listenerCount('error') === 0) this.facts.home.scope.report(error);
}

function leaveHome(this: RealConnection): void {
  this.facts.home.open.delete(this);
  this.facts.home.scope.release(this.facts);
}

/**
 * Whether what looks like FIN is a RST. On Node 20 a RST that comes with or behind unread bytes
 * reads as an orderly end; an empty write tells, and puts nothing on the wire.
 *
 * @source docs/notes/reset-read-as-end.md
 */
function wasReset(connection: RealConnection): boolean {
  const { writable, writableLength, writableCorked, pending } = connection;
  if (!writable || pending || writableLength > 0 || writableCorked > 0) return false;
  connection.write('');
  return connection.errored !== null;
}

function endingOf(facts: ConnectionFacts, error: Error | null): ConnectionInfo['ended'] {
  if (facts.resetSent) return 'rst';
  if (error !== null) return isReset(error) ? 'rst' : 'error';
  return facts.wasOpen ? 'fin' : 'none';
}

function finSentBy({ finSent, ended }: ConnectionFacts): boolean {
  return finSent || ended === 'fin';
}

function stateOf(connection: RealConnection): ConnectionState {
  const { facts } = connection;
  if (facts.ended === 'rst') return 'reset';
  if (connection.closed) return 'closed';
  if (connection.destroyed) return 'closing';
  if (connection.pending) return 'connecting';
  if (facts.finSent) return facts.finReceived ? 'closing' : 'finWait';
  return facts.finReceived ? 'closeWait' : 'established';
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
