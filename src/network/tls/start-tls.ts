/**
 * TLS over any connection: the raw connection stays below, Node's own TLS runs on a tap over it.
 *
 * Start here, then: `tls-context.ts` (settings → what Node takes), `handshake.ts` (one handshake and
 * its limit), `record-tap.ts` (what passes below TLS), `secured-connection.ts` (what users get),
 * `tls-error-kind.ts` (what went wrong).
 *
 * @source docs/tls.md
 */
import { TcpError } from '../../base/errors';
import type { Connection } from '../connection';
import type { SecuredConnection } from '../tls-info';
import type { PreparedTls, StartTlsOptions } from '../tls-settings';
import { Handshake } from './handshake';
import { TlsContext } from './tls-context';
import type { TlsHome } from './tls-home';

/**
 * Puts TLS on an open connection that nobody reads or writes any more.
 *
 * @throws TcpError - phase `handshake`; the connection is over then
 */
export function startTls(
  home: TlsHome,
  connection: Connection,
  tls: PreparedTls,
  options: StartTlsOptions = {},
): Promise<SecuredConnection> {
  return new Promise((resolve, reject) => {
    if (!(tls instanceof TlsContext)) {
      throw new TcpError('startTls needs what prepareTls of a network has returned', {
        code: 'ESTATE',
        phase: 'config',
      });
    }
    new Handshake(home, connection, tls, options, { resolve, reject }).begin();
  });
}
