import { type PiledWrites, RealConnection } from './connection';
import type { KernelConnection, WriteCallback } from './connection-facts';
import { tell, tellData, tellEnding, tellEvent } from './wire-teller';

/**
 * A connection that writes the trace.
 *
 * It overrides what Node documents for those who implement streams, and `emit`: no listener is
 * added that `removeAllListeners` could take away, and nothing is made per chunk but the event.
 * A connection that nobody watches is a plain RealConnection.
 */
export class TracedConnection extends RealConnection {
  override push(chunk: Uint8Array | null, encoding?: BufferEncoding): boolean {
    if (chunk !== null) tellData(this.facts, 'data', chunk, true);
    return super.push(chunk, encoding);
  }

  override _write(
    chunk: Uint8Array | string,
    encoding: BufferEncoding,
    callback: WriteCallback,
  ): void {
    if (typeof chunk === 'string') tellWrite(this, Buffer.from(chunk, encoding), true);
    else tellWrite(this, chunk, false);
    super._write(chunk, encoding, callback);
  }

  override _writev(writes: PiledWrites, callback: WriteCallback): void {
    const pile = writes.map(({ chunk, encoding }) =>
      typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk,
    );
    tellWrite(this, Buffer.concat(pile), true);
    super._writev(writes, callback);
  }

  override _destroy(error: Error | null, callback: WriteCallback): void {
    super._destroy(error, callback);
    if (this.facts.wasOpen) tellEnding(this.facts, error, this.readableEnded);
  }

  override noteFin(way: 'received' | 'sent'): void {
    super.noteFin(way);
    tell(this.facts, 'fin', way);
  }

  override pause(): this {
    if (!this.isPaused() && this.readable) tell(this.facts, 'pause');
    return super.pause();
  }

  override resume(): this {
    if (this.isPaused() && this.readable) tell(this.facts, 'resume');
    return super.resume();
  }

  override emit(event: string | symbol, ...values: unknown[]): boolean {
    if (event !== 'data') tellEvent(this.facts, event, values);
    return super.emit(event, ...values);
  }
}

/** Lets a connection that was opened unwatched write the trace from here on. */
export function watch(connection: KernelConnection): void {
  if (!(connection instanceof RealConnection) || connection instanceof TracedConnection) return;
  const { bytesTold } = connection.facts;
  bytesTold.read = connection.bytesRead;
  bytesTold.written = connection.bytesWritten - connection.writableLength;
  Object.setPrototypeOf(connection, TracedConnection.prototype);
}

/** @param fresh - the bytes are ours alone */
function tellWrite(connection: TracedConnection, bytes: Uint8Array, fresh: boolean): void {
  // Before there is a connection nothing is handed to the kernel; `connect` tells then.
  if (connection.connecting) connection.facts.heldWrite = { bytes, fresh };
  else tellData(connection.facts, 'write', bytes, fresh);
}
