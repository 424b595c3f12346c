/** What a connection does otherwise than the `net.Socket` that it is. */
import { Socket } from 'node:net';
import type { ByteTaker, ConnectionInfo } from '../connection';
import { endingOf, finSentBy, stateOf, wasReset } from './connection-end';
import type { ConnectionFacts, RealConnection, WriteCallback } from './connection-facts';
import { lend } from './lent-reads';
import { tell, tellEnding } from './wire-teller';
import { honestCallback } from './write-outcome';

/** What `_writev` gets: writes that piled up. */
export type PiledWrites = { chunk: Uint8Array | string; encoding: BufferEncoding }[];

const bare = Socket.prototype;

/** Node's types call it optional; every socket has it. */
const bareWritev = bare._writev as (
  this: Socket,
  writes: PiledWrites,
  callback: WriteCallback,
) => void;

export function halfClose(this: RealConnection): Promise<void> {
  if (this.writableFinished) return Promise.resolve();
  return new Promise((resolve, reject) => {
    this.end((error?: Error | null) => (error ? reject(error) : resolve()));
  });
}

export function info(this: RealConnection): ConnectionInfo {
  const { facts } = this;
  return {
    id: this.id,
    label: this.label,
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

export function lendTo(this: RealConnection, taker: ByteTaker): boolean {
  return lend(this, taker);
}

/**
 * Ends the connection at once; RST goes out where there is a connection.
 *
 * Node's own fails with EINVAL and loses the handle while FIN is on its way to the kernel, and
 * waits for the connection while it is being made.
 *
 * @source docs/notes/reset-after-end.md
 */
export function resetAndDestroy(this: RealConnection): RealConnection {
  const { facts } = this;
  if (this.destroyed || (this.pending && !facts.attempted)) return this.destroy();
  if (facts.shuttingDown) return this.once('finish', this.resetAndDestroy);
  if (this.pending) {
    // The kernel may have connected already: then the peer is to see RST as well, and now.
    facts.givenUp = true;
    Object.assign(this, { connecting: false });
  } else facts.resetSent = true;
  return bare.resetAndDestroy.call(this) as RealConnection;
}

export function push(
  this: RealConnection,
  chunk: Uint8Array | null,
  encoding?: BufferEncoding,
): boolean {
  if (chunk === null) {
    if (wasReset(this)) return false;
    this.facts.finReceived = true;
    if (this.facts.watched) tell(this.facts, 'fin', 'received');
  }
  return bare.push.call(this, chunk, encoding);
}

export function _write(
  this: RealConnection,
  chunk: Uint8Array | string,
  encoding: BufferEncoding,
  callback: WriteCallback,
): void {
  bare._write.call(this, chunk, encoding, honestCallback(this.facts, callback));
}

export function _writev(this: RealConnection, writes: PiledWrites, callback: WriteCallback): void {
  bareWritev.call(this, writes, honestCallback(this.facts, callback));
}

export function _final(this: RealConnection, callback: WriteCallback): void {
  const { facts } = this;
  // While it is being made Node calls again once there is a connection.
  if (this.pending) {
    bare._final.call(this, callback);
    return;
  }
  facts.shuttingDown = true;
  bare._final.call(this, (error) => {
    facts.shuttingDown = false;
    if (!error) noteFinSent(facts);
    callback(error);
  });
}

export function _destroy(this: RealConnection, error: Error | null, callback: WriteCallback): void {
  const { facts } = this;
  facts.wasOpen = !this.pending && !facts.givenUp;
  facts.ended = endingOf(facts, error);
  // Listeners may be added until the end of this turn; the error is emitted after that.
  if (error !== null) process.nextTick(reportUnheard, this, error);
  if (facts.wasOpen && facts.watched) tellEnding(facts, error, this.readableEnded);
  bare._destroy.call(this, error, callback);
}

function reportUnheard(connection: RealConnection, error: Error): void {
  if (connection.listenerCount('error') === 0) connection.facts.home.scope.report(error);
}

function noteFinSent(facts: ConnectionFacts): void {
  facts.finSent = true;
  if (facts.watched) tell(facts, 'fin', 'sent');
}
