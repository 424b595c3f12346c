import type { Duplex } from 'node:stream';
import type { Connection } from '../network/connection';

type Callback = (error?: Error | null) => void;

/** Facts that a bridged socket tells as the connection behind it does. */
const facts = [
  'connecting',
  'pending',
  'bytesRead',
  'bytesWritten',
  'localAddress',
  'localPort',
  'localFamily',
  'remoteAddress',
  'remotePort',
  'remoteFamily',
] as const;

/**
 * Lets a `net.Socket` that a program made by itself speak through a simulated connection.
 *
 * The socket never gets a handle: its stream functions are replaced by those that hand everything
 * to the connection.
 */
export function bridge(socket: Duplex, connection: Connection): void {
  for (const name of facts) {
    Object.defineProperty(socket, name, { configurable: true, get: () => connection[name] });
  }
  Object.assign(socket, streamFunctions(socket, connection), settings(socket, connection));
  connection.on('lookup', (...values: unknown[]) => socket.emit('lookup', ...values));
  connection.on('connect', () => {
    socket.emit('connect');
    socket.emit('ready');
    if (!socket.isPaused()) socket.read(0);
  });
  connection.on('data', (chunk: Buffer) => {
    if (!socket.push(chunk)) connection.pause();
  });
  connection.on('end', () => socket.push(null));
  connection.on('timeout', () => socket.emit('timeout'));
  connection.on('error', (error: Error) => socket.destroy(error));
  connection.on('close', (hadError: boolean) => {
    socket.destroy();
    socket.emit('close', hadError);
  });
  connection.pause();
}

function streamFunctions(socket: Duplex, connection: Connection): object {
  return {
    _read: () => {
      connection.resume();
    },
    _write: (chunk: Buffer, encoding: BufferEncoding, done: Callback) => {
      connection.write(chunk, encoding, done);
    },
    _writev: null,
    _final: (done: Callback) => {
      // As a handle, which ends the wait for FIN without an error when it is closed meanwhile.
      const over = once(done);
      connection.once('finish', over).once('close', over);
      connection.end();
    },
    _destroy: (error: Error | null, done: Callback) => {
      connection.destroy();
      done(error);
    },
    resetAndDestroy: () => {
      connection.resetAndDestroy();
      return socket;
    },
  };
}

function settings(socket: Duplex, connection: Connection): object {
  return {
    address: () => connection.address(),
    setTimeout: (ms: number, listener?: () => void) => {
      if (listener !== undefined && ms > 0) socket.once('timeout', listener);
      Object.assign(socket, { timeout: ms });
      connection.setTimeout(ms);
      return socket;
    },
    setNoDelay: (on?: boolean) => {
      connection.setNoDelay(on);
      return socket;
    },
    setKeepAlive: (on?: boolean, initialDelayMs?: number) => {
      connection.setKeepAlive(on, initialDelayMs);
      return socket;
    },
    ref: () => socket,
    unref: () => socket,
  };
}

function once(done: Callback): () => void {
  let called = false;
  return () => {
    if (called) return;
    called = true;
    done();
  };
}
