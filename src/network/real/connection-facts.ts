import type { Socket } from 'node:net';
import type { Address } from '../../base/address';
import type { Connection, ConnectionInfo } from '../connection';
import type { Owned, Scope } from '../scope';
import type { Trace } from '../trace';

/** A `net.Socket` with the members of the contract. */
export type KernelConnection = Socket & Connection;

/** Where a connection lives: who owns it, who watches it, and what else is open there. */
export interface ConnectionHome {
  readonly scope: Scope;
  readonly trace: Trace;
  readonly open: Set<KernelConnection>;
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

/** What a connection knows beyond its socket. This is what the scope owns. */
export class ConnectionFacts implements Owned {
  readonly kind = 'connection';
  readonly connection: KernelConnection;
  readonly home: ConnectionHome;
  readonly side: ConnectionOrigin['side'];
  readonly id: string;
  readonly number: number;
  readonly label: string;
  readonly probe: boolean;
  peerLabel: string;
  local: Address;
  remote: Address;
  /** A dial has reached the kernel. */
  attempted = false;
  /** A dial was reset before it was known to be connected. */
  givenUp = false;
  /** Whether there was a connection before it was destroyed. */
  wasOpen = false;
  ended: ConnectionInfo['ended'] = 'none';
  /** `close` was emitted; the `closed` of a stream is true before. */
  closed = false;
  finReceived = false;
  finSent = false;
  resetSent = false;
  /** FIN is on its way to the kernel. */
  shuttingDown = false;
  /** Bytes that the trace was told of, each way. */
  readonly bytesTold = { read: 0, written: 0 };
  /** For the trace: the write that waits for the connection. Node hands over one at a time. */
  heldWrite: { readonly bytes: Uint8Array; readonly fresh: boolean } | undefined;
  /** Takes the connection off the books of who made it; one listener of `close` does for all. */
  whenClosed: (() => void) | undefined;
  /** See write-outcome.ts. */
  writeOutcome: { readonly asked: WriteCallback; readonly answered: WriteCallback } | undefined;

  constructor(connection: KernelConnection, home: ConnectionHome, origin: ConnectionOrigin) {
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
    if (this.closed) return undefined;
    const closed = new Promise<void>((resolve) => connection.once('close', () => resolve()));
    connection.resetAndDestroy();
    return closed;
  }
}

/** How Node's streams learn what became of a write. */
export type WriteCallback = (error?: Error | null) => void;
