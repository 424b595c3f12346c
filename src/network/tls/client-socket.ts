import { connect, type TLSSocket } from 'node:tls';
import { familyOf, formatAddress } from '../../base/address';
import type { Connection } from '../connection';
import type { RecordTap } from './record-tap';
import type { TlsContext } from './tls-context';
import type { TlsHome } from './tls-home';

/** The name that a client sends; an address is checked as well, but never sent. */
export function nameToSend({ settings }: TlsContext, host: string | undefined): string {
  const named = settings.servername ?? host ?? '';
  return familyOf(named) === undefined ? named : '';
}

/** Greets: the socket of Node that speaks TLS over a tap. */
export function greet(
  { settings, client }: TlsContext,
  tap: RecordTap,
  host: string | undefined,
  servername: string,
  session: Uint8Array | undefined,
): TLSSocket {
  const checked = settings.servername || host || '';
  return connect({
    ...client,
    socket: tap.stream,
    // Without a host Node would check whether the certificate is one of "localhost".
    ...(checked !== '' && { host: checked }),
    servername,
    ...(session !== undefined && { session: Buffer.from(session) }),
  });
}

/** Whose sessions they are, and how old they may be. */
export function sessionPlace(
  { settings }: TlsContext,
  raw: Connection,
  host: string | undefined,
  { clock }: TlsHome,
): { readonly offer: () => Uint8Array | undefined; readonly keep: (session: Buffer) => void } {
  const { session, sessions, sessionTimeoutSeconds = Number.POSITIVE_INFINITY } = settings;
  const peer = formatAddress({ host: host ?? raw.remote.host, port: raw.remote.port });
  const oldestUs = sessionTimeoutSeconds * 1_000_000;
  return {
    offer: () => session ?? sessions?.offer(peer, clock.now() - oldestUs),
    keep: (fresh) => sessions?.keep(peer, fresh, clock.now()),
  };
}
