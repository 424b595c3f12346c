import type { Connection } from '../connection';
import type { SecuredConnection } from '../tls-info';
import type { PreparedTls, StartTlsOptions, TlsSettings, TlsSide } from '../tls-settings';
import { startTls } from './start-tls';
import { TlsContext } from './tls-context';
import type { TlsHome } from './tls-home';

/** The part of a network that puts TLS on its connections; the same for every network. */
export abstract class TlsNetwork {
  readonly #home: () => TlsHome;

  /** @param home - where a handshake that begins now belongs */
  protected constructor(home: () => TlsHome) {
    this.#home = home;
  }

  prepareTls(side: TlsSide, settings: TlsSettings): PreparedTls {
    return new TlsContext(side, settings);
  }

  startTls(
    connection: Connection,
    tls: PreparedTls,
    options?: StartTlsOptions,
  ): Promise<SecuredConnection> {
    return startTls(this.#home(), connection, tls, options);
  }
}
