import type { Address } from '../../base/address';
import type { Clock } from '../clock';
import type { Connection } from '../connection';
import type { ConnectOptions, Endpoint, ListenOptions, LookupOptions, Network } from '../network';
import type { Scope } from '../scope';
import { TlsNetwork } from '../tls/tls-network';
import type { Trace } from '../trace';
import { ConnectionIds } from '../world/connection-ids';
import { currentScope } from '../world/scope';
import { isWorldTrace } from '../world/trace';
import type { RealConnection } from './connection-facts';
import { dial, type NetworkContext } from './dial';
import { listen } from './endpoint';
import { lookup, reverseLookup } from './names';
import { Pairing } from './pairing';
import { watchLate } from './taps';

/** The network of the kernel. */
export class RealNetwork extends TlsNetwork implements Network {
  readonly kind = 'real';
  readonly #scope: Scope;
  readonly #trace: Trace;
  readonly #ids = new ConnectionIds();
  readonly #pairing = new Pairing();
  readonly #open = new Set<RealConnection>();
  readonly #left = (connection: RealConnection): void => this.#pairing.forget(connection);

  constructor(scope: Scope, trace: Trace, clock: Clock) {
    super(() => ({
      clock,
      trace,
      scope: currentScope(scope),
      nextTurn: (run) => setImmediate(run),
    }));
    this.#scope = scope;
    this.#trace = trace;
    if (isWorldTrace(trace)) trace.whenWatched(() => this.#open.forEach(watchLate));
  }

  connect(options: ConnectOptions): Connection {
    return dial(this.#context(), options);
  }

  listen(options: ListenOptions, accept: (connection: Connection) => void): Promise<Endpoint> {
    return listen(this.#context(), options, accept);
  }

  lookup(host: string, options?: LookupOptions): Promise<readonly Address[]> {
    return lookup(host, options);
  }

  reverseLookup(host: string): Promise<readonly string[]> {
    return reverseLookup(host);
  }

  #context(): NetworkContext {
    return {
      scope: currentScope(this.#scope),
      trace: this.#trace,
      ids: this.#ids,
      pairing: this.#pairing,
      open: this.#open,
      left: this.#left,
    };
  }
}
