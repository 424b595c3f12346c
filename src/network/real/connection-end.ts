/** How a connection over the kernel ends, as far as the kernel tells. */
import type { ConnectionInfo, ConnectionState } from '../connection';
import type { ConnectionFacts, RealConnection } from './connection-facts';

/** Whether an error says that the peer has reset the connection. */
export function isReset(error: Error): boolean {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return code === 'EPIPE' || (code === 'ECONNRESET' && syscall !== 'connect');
}

/** Until libuv 1.52 a RST behind unread bytes reads as an orderly end. */
const endMayBeReset = versionOf(process.versions.uv) < versionOf('1.52');

/**
 * Whether what looks like FIN is a RST: an empty write tells, and puts nothing on the wire.
 *
 * @source docs/notes/reset-read-as-end.md
 */
export function wasReset(connection: RealConnection): boolean {
  if (!endMayBeReset) return false;
  const { writable, writableLength, writableCorked, pending } = connection;
  if (!writable || pending || writableLength > 0 || writableCorked > 0) return false;
  connection.write('');
  return connection.errored !== null;
}

/** How a connection ends that is being destroyed. */
export function endingOf(facts: ConnectionFacts, error: Error | null): ConnectionInfo['ended'] {
  if (facts.resetSent) return 'rst';
  if (error !== null) return isReset(error) ? 'rst' : 'error';
  return facts.wasOpen ? 'fin' : 'none';
}

/** `destroy()` sends FIN as well. */
export function finSentBy({ finSent, ended }: ConnectionFacts): boolean {
  return finSent || ended === 'fin';
}

export function stateOf(connection: RealConnection, facts: ConnectionFacts): ConnectionState {
  if (facts.ended === 'rst') return 'reset';
  if (facts.closed) return 'closed';
  if (connection.destroyed) return 'closing';
  if (connection.pending) return 'connecting';
  if (facts.finSent) return facts.finReceived ? 'closing' : 'finWait';
  return facts.finReceived ? 'closeWait' : 'established';
}

function versionOf(text: string): number {
  const [major = 0, minor = 0] = text.split('.').map(Number);
  return major * 1_000 + minor;
}
