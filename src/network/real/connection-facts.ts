import type { Socket } from 'node:net';
import { type Address, formatAddress } from '../../base/address';
import type { Connection, ConnectionInfo } from '../connection';
import type { Owned, Scope } from '../scope';
import type { Trace } from '../trace';

/** A `net.Socket` with the members of the contract, and with what we know of it. */
export type RealConnection = Socket &
  Connection & { readonly facts: ConnectionFacts; local: Address; remote: Address };

/** How Node's streams learn what became of a write. */
export type WriteCallback = (error?: Error | null) => void;

/** Reads into memory that is used again; see lent-reads.ts. */
export interface Lent {
  read(count: number, memory: Uint8Array): boolean;
  giveBack(): void;
}

/** Where a connection lives: who owns it, who watches it, and who counts it. */
export interface ConnectionHome {
  readonly scope: Scope;
  readonly trace: Trace;
  /** What is open in this world. */
  readonly open: Set<RealConnection>;
  /** Takes a connection off the books of who made it. */
  readonly left: (connection: RealConnection) => void;
}

/** What is known of a connection when it is made. */
export interface ConnectionOrigin {
  readonly side: 'dialled' | 'accepted';
  /** Shared by both ends. */
  readonly number: number;
  readonly id: string;
  readonly label: string;
  /** Label of the other end, when that is ours. */
  readonly peer: string | undefined;
  /** Where the other end is: as dialled, or as accepted. */
  readonly target: { readonly host: string; readonly port: number };
  readonly local: Address;
  readonly remote: Address;
  readonly probe: boolean;
}

/** What a connection knows beyond its socket. This is what the scope owns. */
export class ConnectionFacts implements Owned {
  readonly kind = 'connection';
  readonly connection: RealConnection;
  readonly home: ConnectionHome;
  readonly origin: ConnectionOrigin;
  /** Label of the other end, when that is ours. */
  peer: string | undefined;
  /** Whether it writes the trace. */
  watched = false;
  /** A dial has reached the kernel. */
  attempted = false;
  /** A dial was reset before it was known to be connected. */
  givenUp = false;
  /** Whether there was a connection before it was destroyed. */
  wasOpen = false;
  /** FIN is on its way to the kernel. */
  shuttingDown = false;
  finReceived = false;
  finSent = false;
  resetSent = false;
  ended: ConnectionInfo['ended'] = 'none';
  /** `close` was emitted; the `closed` of a stream is true before. */
  closed = false;
  /** Bytes that the trace was told of, each way. */
  bytesReadTold = 0;
  bytesWrittenTold = 0;
  /** For the trace: the write that waits for the connection. Node hands over one at a time. */
  heldWrite: { readonly bytes: Uint8Array; readonly fresh: boolean } | undefined = undefined;
  /** What reads in place of the stream. */
  lent: Lent | undefined = undefined;
  /** The stream's own callback of a write, and the one given to Node; see write-outcome.ts. */
  writeAsked: WriteCallback | undefined = undefined;
  writeAnswered: WriteCallback | undefined = undefined;

  constructor(connection: RealConnection, home: ConnectionHome, origin: ConnectionOrigin) {
    this.connection = connection;
    this.home = home;
    this.origin = origin;
    this.peer = origin.peer;
  }

  /** Label of the other end; the address of a stranger. */
  get peerLabel(): string {
    return this.peer ?? formatAddress(this.origin.target);
  }

  info(): ConnectionInfo {
    return this.connection.info();
  }

  dispose(): Promise<void> | undefined {
    if (this.closed) return undefined;
    const { connection } = this;
    const closed = new Promise<void>((resolve) => connection.once('close', () => resolve()));
    connection.resetAndDestroy();
    return closed;
  }
}
