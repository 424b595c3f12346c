import type { TLSSocket } from 'node:tls';
import type { TlsSettings } from '../tls-settings';

/** Settings that a socket takes only once it is secured. */
export function applySettings(socket: TLSSocket, settings: TlsSettings): void {
  const { renegotiation, maxSendFragment } = settings;
  if (renegotiation === 'refuse') socket.disableRenegotiation();
  // How it ends is told by the connection.
  if (renegotiation === 'ask') socket.renegotiate({}, () => undefined);
  if (maxSendFragment !== undefined) socket.setMaxSendFragment(maxSendFragment);
}
