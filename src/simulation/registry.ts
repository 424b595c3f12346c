import type { Address } from '../base/address';
import { Roster } from '../base/roster';
import type { ConnectOptions, ListenOptions } from '../network/network';
import type { Owned, Scope } from '../network/scope';
import { currentScope } from '../network/world/scope';
import type { ConnectionParts, SimulatedConnection } from './connection';
import type { ConnectionLog } from './connection-log';
import type { Engine } from './engine';
import type { Host } from './host';

/** What is known of a connection when it is made. */
export interface ConnectionOrigin {
  readonly id: string;
  readonly label: string;
  readonly log: ConnectionLog;
  readonly local: Address;
  readonly remote: Address;
  readonly options: Partial<ConnectOptions> | ListenOptions;
  /** Told once, after `close`. */
  readonly onClosed: () => void;
}

/** Makes connections, and knows those that are open and where they are. */
export class Registry {
  /** In order of their creation. */
  readonly open: Roster<SimulatedConnection> = new Roster();
  readonly #engine: Engine;
  readonly #scope: Scope;

  constructor(engine: Engine, scope: Scope) {
    this.#engine = engine;
    this.#scope = scope;
  }

  /** A connection on a host, in the scope of the code that runs. */
  make<T extends SimulatedConnection>(
    host: Host,
    origin: ConnectionOrigin,
    create: (parts: ConnectionParts) => T,
  ): T {
    const { options } = origin;
    const dialled = options as ConnectOptions;
    const scope = currentScope(this.#scope);
    const connection: T = create({
      engine: this.#engine,
      host,
      log: origin.log,
      id: origin.id,
      label: origin.label,
      local: origin.local,
      remote: origin.remote,
      allowHalfOpen: options.allowHalfOpen === true,
      noDelay: options.noDelay === true,
      highWaterMark: options.highWaterMark,
      onread: dialled.onread,
      signal: dialled.signal,
      onUnheard: (error) => scope.report(error),
      onClosed: () => {
        this.open.leave(place);
        scope.release(owned);
        origin.onClosed();
      },
    });
    const owned: Owned = {
      kind: 'connection',
      dispose: () => connection.closeForGood(),
      info: () => connection.info(),
    };
    const place = this.open.add(connection);
    scope.own(owned, origin.label);
    return connection;
  }
}
