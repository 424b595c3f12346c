import type { TLSSocket } from 'node:tls';
import type { LiveTls } from './describe-tls';

/** Who is told what Node's events tell too late, or not at all. */
export interface SocketHooks {
  /** TLS is at its end; whether FIN came before tells whether there was a close_notify. */
  ended(): void;
  /** The socket is about to forget what it knows of its peer. */
  failing(): void;
}

/** Calls the hooks before the socket does what it would do anyway. */
export function hookSocket(socket: TLSSocket, hooks: SocketHooks): void {
  const push = socket.push;
  socket.push = (chunk, encoding) => {
    if (chunk === null) hooks.ended();
    return push.call(socket, chunk, encoding);
  };
  const destroy = socket.destroy;
  socket.destroy = (error) => {
    if (error !== undefined && !socket.destroyed) hooks.failing();
    return destroy.call(socket, error);
  };
}

/** Keeps what a peer sends beside its certificates: sessions, and the proof of OCSP. */
export function keepWhatComes(socket: TLSSocket, live: LiveTls): void {
  socket.on('session', (session) => {
    live.session = session;
  });
  socket.on('OCSPResponse', (response: Buffer | null) => {
    live.ocspResponse = response ?? undefined;
  });
}
