import type { TcpError } from '../base/errors';
import type { Caller } from './caller';
import type { CloseInfo } from './close-info';
import { checkConnectionService, checkService } from './service-shape';

/** A value, or a promise of it. */
export type Awaitable<T> = T | Promise<T>;

/**
 * What a listener asks when somebody has connected.
 *
 * @source docs/listeners.md
 */
export interface Service {
  /**
   * Runs once per connection, before any byte of it is delivered. It may write, read or close.
   *
   * @returns who gets the bytes; nothing when whoever holds the Caller reads them
   * @throws what it throws closes the connection and is the listener's `handlerError`
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: a handler that returns nothing is a void one
  onConnect(caller: Caller): Awaitable<ConnectionService | void>;
}

/**
 * What happens on one connection. Its callbacks run one at a time, in the order of events.
 *
 * A failure of a callback goes to `onError` and to the listener's `handlerError`.
 *
 * @source docs/listeners.md
 */
export interface ConnectionService {
  /**
   * Runs for each chunk that came, in order. The network is not read while it runs.
   *
   * @param data - 1 to 65,536 bytes that belong to the handler
   * @returns bytes that are written back, before those of the next call
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: a handler that returns nothing is a void one
  onBytes(data: Uint8Array, caller: Caller): Awaitable<Uint8Array | void>;
  /** Runs for failures of the connection, of replies, and of the other callbacks. */
  onError?(error: TcpError, caller: Caller): Awaitable<void>;
  /** Runs at the peer's FIN when `allowHalfOpen` keeps our side open. */
  onEnd?(caller: Caller): Awaitable<void>;
  /** Runs exactly once, last. */
  onClose?(info: CloseInfo): Awaitable<void>;
}

/**
 * Checks the shape of a service at once, instead of at `attach`.
 *
 * @throws TcpError `ECONFIG` - a member is unknown, missing, no function, or takes too much
 * @source docs/listeners.md
 */
export function defineService<S extends Service>(service: S): S {
  checkService(service);
  return service;
}

/**
 * Checks the shape of a connection service at once, instead of when `onConnect` returns it.
 *
 * @throws TcpError `ECONFIG` - as {@link defineService}
 * @source docs/listeners.md
 */
export function defineConnectionService<S extends ConnectionService>(service: S): S {
  checkConnectionService(service);
  return service;
}
