/**
 * What makes a connection write the trace.
 *
 * The taps override what Node documents for those who implement streams, and `emit`: no listener is
 * added that `removeAllListeners` could take away, and nothing is made per chunk but the event. A
 * connection that nobody watches has none of them.
 */
import { Socket } from 'node:net';
import type { RealConnection, WriteCallback } from './connection-facts';
import { _write, _writev, type PiledWrites, push } from './connection-members';
import { tell, tellData, tellEvent, tellOpen } from './wire-teller';

const bare = Socket.prototype;

/** Lets a connection write the trace from here on. */
export function watch(connection: RealConnection): void {
  const { facts } = connection;
  if (facts.watched) return;
  facts.watched = true;
  facts.bytesReadTold = connection.bytesRead;
  facts.bytesWrittenTold = connection.bytesWritten - connection.writableLength;
  connection.push = tappedPush;
  connection._write = tappedWrite;
  connection._writev = tappedWritev;
  connection.pause = tappedPause as () => typeof connection;
  connection.resume = tappedResume as () => typeof connection;
  connection.emit = tappedEmit;
}

/** Lets a connection write the trace that nobody saw until now, and that so does not know of it. */
export function watchLate(connection: RealConnection): void {
  watch(connection);
  if (!connection.pending && !connection.destroyed) tellOpen(connection.facts);
}

function tappedPush(
  this: RealConnection,
  chunk: Uint8Array | null,
  encoding?: BufferEncoding,
): boolean {
  if (chunk !== null) tellData(this.facts, 'data', chunk, true);
  return push.call(this, chunk, encoding);
}

function tappedWrite(
  this: RealConnection,
  chunk: Uint8Array | string,
  encoding: BufferEncoding,
  callback: WriteCallback,
): void {
  if (typeof chunk === 'string') tellWrite(this, Buffer.from(chunk, encoding), true);
  else tellWrite(this, chunk, false);
  _write.call(this, chunk, encoding, callback);
}

function tappedWritev(this: RealConnection, writes: PiledWrites, callback: WriteCallback): void {
  const pile = writes.map(({ chunk, encoding }) =>
    typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk,
  );
  tellWrite(this, Buffer.concat(pile), true);
  _writev.call(this, writes, callback);
}

function tappedPause(this: RealConnection): RealConnection {
  if (!this.isPaused() && this.readable) tell(this.facts, 'pause');
  return bare.pause.call(this) as RealConnection;
}

function tappedResume(this: RealConnection): RealConnection {
  if (this.isPaused() && this.readable) tell(this.facts, 'resume');
  return bare.resume.call(this) as RealConnection;
}

type Emit = (this: RealConnection, event: string | symbol, ...values: unknown[]) => boolean;
const bareEmit = bare.emit as Emit;

function tappedEmit(this: RealConnection, event: string | symbol, ...values: unknown[]): boolean {
  // Most events are `data`, which `push` has told already.
  if (event === 'data') return bareEmit.call(this, event, values[0]);
  tellEvent(this.facts, event, values);
  return bareEmit.call(this, event, ...values);
}

/** @param fresh - the bytes are ours alone */
function tellWrite(connection: RealConnection, bytes: Uint8Array, fresh: boolean): void {
  // Before there is a connection nothing is handed to the kernel; `connect` tells then.
  if (connection.connecting) connection.facts.heldWrite = { bytes, fresh };
  else tellData(connection.facts, 'write', bytes, fresh);
}
