import type { ConnectOptions } from '../network/network';
import { type ConnectionParts, SimulatedConnection } from './connection';
import { nodeError } from './system-errors';
import { readTarget } from './target';

/** A connection that is made before it is dialled, as drivers do with `new net.Socket()`. */
export class DialableConnection extends SimulatedConnection {
  readonly #dial: (options: ConnectOptions) => void;
  #dialled = false;

  constructor(parts: ConnectionParts, dial: (options: ConnectOptions) => void) {
    super(parts);
    this.#dial = dial;
  }

  /**
   * Dials, called in any of the ways of `net.Socket`.
   *
   * @throws Error `ERR_INVALID_STATE` - it was dialled before
   * @throws Error `ERR_MISSING_ARGS` - no port
   */
  connect(...values: readonly unknown[]): this {
    const target = readTarget(values);
    if (target === undefined) throw nodeError('ERR_MISSING_ARGS', 'The "port" must be specified');
    if (this.#dialled) {
      throw nodeError('ERR_INVALID_STATE', 'A simulated connection can be dialled once');
    }
    this.#dialled = true;
    if (target.callback !== undefined) this.once('connect', target.callback);
    this.#dial({ host: target.host, port: target.port });
    return this;
  }
}
