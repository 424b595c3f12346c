/**
 * The listener: what is attached, when it runs, and what it tells.
 *
 * One start is a `ListenerRun` (`listener-run.ts`), which accepts; one stop is a `ListenerStop`
 * (`listener-stop.ts`). The callbacks of a connection are in `dispatcher.ts`.
 */
import type { Address } from '../base/address';
import { type Deferred, deferred } from '../base/deferred';
import { abortError } from '../base/errors';
import type { Owned, Scope } from '../network/scope';
import { AcceptQueue, acceptStopped } from './accept-queue';
import { type CallLimit, type CallOptions, limitOf, readCallOptions } from './call-options';
import type { Caller } from './caller';
import {
  type ListenerConfiguration,
  type ListenerSettings,
  readListenerConfiguration,
} from './listener-configuration';
import { ListenerRun } from './listener-run';
import { emptyReport, ListenerStop, type StopReport } from './listener-stop';
import type { Service } from './service';
import { checkService } from './service-shape';
import { stateError } from './state-error';
import { WatchedListener } from './watched-listener';

const unlimited = limitOf(Number.POSITIVE_INFINITY);

/**
 * A TCP server.
 *
 * @source docs/listeners.md
 * @example
 * const listener = new Listener(0).attach(() => ({ onBytes: (data) => data }));
 * const { port } = await listener.start();
 */
export class Listener extends WatchedListener implements AsyncDisposable, AsyncIterable<Caller> {
  readonly #settings: ListenerSettings;
  readonly #owned: Owned;
  readonly #waiting: AcceptQueue<Caller>;
  #attached:
    | { readonly key: unknown; readonly service: Service; readonly name?: string }
    | undefined;
  #run: ListenerRun | undefined;
  #starting: Promise<Address> | undefined;
  #stop: ListenerStop | undefined;
  #report: Promise<StopReport> | undefined;
  #state: 'idle' | 'listening' | 'stopping' | 'stopped' = 'idle';
  #address: Address | undefined;
  /** The scope of the last start. */
  #scope: Scope | undefined;
  #pulls = false;
  #paused = false;
  #listening: Deferred<void> = deferred<void>();

  /**
   * Checks the configuration; binds nothing.
   *
   * @param localPort - 0 to 65535; 0 is any free port
   * @throws TcpError `ECONFIG` - a wrong option
   */
  constructor(localPort: number, config?: ListenerConfiguration) {
    const settings = readListenerConfiguration(localPort, config);
    super(settings.world);
    this.#settings = settings;
    this.#waiting = new AcceptQueue(this.#settings.world.clock);
    this.#owned = {
      kind: 'other',
      dispose: () => this.immediateStop(),
      describe: () => `listener ${this.#settings.label ?? ''}`.trim(),
    };
  }

  get state(): 'idle' | 'listening' | 'stopping' | 'stopped' {
    return this.#state;
  }

  /** The port it listens on, or listened on last. @throws TcpError `ESTATE` - before the first start */
  get port(): number {
    return this.address.port;
  }

  /** @throws TcpError `ESTATE` - before the first start */
  get address(): Address {
    if (this.#address === undefined) throw stateError('the address of a listener', 'not started');
    return this.#address;
  }

  /** Whom to trust, PEM, once `'selfsigned'` or a fault by the name of a preset has made it. */
  get trustAnchor(): string | undefined {
    return this.#run?.trustAnchor;
  }

  /** Open connections, by id. */
  get connections(): ReadonlyMap<string, Caller> {
    return this.#run?.callers ?? new Map();
  }

  /** Connections above `maxConnections`, which were reset, since the last start. */
  get refusedConnections(): number {
    return this.#run?.refused ?? 0;
  }

  /**
   * Says who gets the connections that are accepted from now on.
   *
   * @param name - label in traces, unless the configuration has one
   * @throws TcpError `ECONFIG` - the shape of the service is wrong; `field` names the member
   * @throws TcpError `ESTATE` - a service is attached already, or `accept` was called
   */
  attach(service: Service | Service['onConnect'], name?: string): this {
    const found = typeof service === 'function' ? { onConnect: service } : service;
    checkService(found);
    if (this.#attached !== undefined) throw stateError('attach', 'a service is attached already');
    if (this.#pulls) throw stateError('attach', 'connections are taken by accept()');
    this.#attached = { key: service, service: found, ...(name === undefined ? {} : { name }) };
    this.#run?.serve(found);
    return this;
  }

  /**
   * Takes the service away. Open connections keep theirs; new ones are closed until the next attach.
   *
   * @throws TcpError `ESTATE` - another service is attached, or none
   */
  detach(service: Service | Service['onConnect']): this {
    if (this.#attached?.key !== service) throw stateError('detach', 'this service is not attached');
    this.#attached = undefined;
    if (this.#run !== undefined) this.#run.service = undefined;
    return this;
  }

  /**
   * Binds and begins to accept. A stopped listener may be started again.
   *
   * @returns the address, with the port that was chosen
   * @throws TcpError `EADDRINUSE`, `EADDRNOTAVAIL`, `ESYSTEM` - it could not bind; it may be started again
   * @throws TcpError `ESTATE` - it listens already
   * @throws TcpError `ABORT_ERR` - `signal` was aborted first
   */
  async start(options?: { readonly signal?: AbortSignal }): Promise<Address> {
    const { signal } = readCallOptions(options, unlimited);
    const busy = this.#starting !== undefined || this.#state === 'listening';
    if (busy || this.#state === 'stopping') throw stateError('start', `it is ${this.#state}`);
    if (signal?.aborted) throw abortError('start', 'accept', signal.reason);
    this.#starting = this.#begin(signal);
    try {
      return await this.#starting;
    } finally {
      this.#starting = undefined;
    }
  }

  /**
   * Stops in order: no new connection; what has come is delivered and answered; then FIN.
   *
   * @param options - `timeout`, default `drainTimeout`; when it passes, or `signal` is aborted, the
   *   rest is treated as by `immediateStop`
   * @returns what was done; the second call gives the same report
   * @throws TcpError `ESTATE` - it was never started
   * @source docs/listeners.md
   */
  async gracefulStop(options?: CallOptions): Promise<StopReport> {
    const limit = readCallOptions(options, this.#settings.drain);
    if (this.#starting !== undefined) await this.#starting.catch(() => undefined);
    if (this.#state === 'idle') {
      throw stateError('gracefulStop', 'not started', 'Unable to initialize the tcp listener.');
    }
    return await this.#stopBy('graceful', limit);
  }

  /**
   * Stops at once: RST on every connection, `signal` of every Caller aborted, `onClose` run.
   *
   * Never rejects; waits at most `handlerGrace` for handlers that go on.
   *
   * @source docs/listeners.md
   */
  async immediateStop(): Promise<StopReport> {
    if (this.#starting !== undefined) await this.#starting.catch(() => undefined);
    if (this.#state === 'idle') return emptyReport('immediate');
    return await this.#stopBy('immediate', unlimited);
  }

  /** Gives the port back and keeps the connections, until a stop. */
  async stopAccepting(): Promise<void> {
    await this.#run?.stopAccepting();
  }

  /**
   * Takes the next connection, in place of an attached service.
   *
   * @param options - default: no limit
   * @throws TcpError `ESTATE` - a service is attached
   * @throws TcpError `ECLOSED` - the listener stopped first
   * @throws TcpError `EREADTIMEOUT`, `ABORT_ERR` - phase `accept`
   */
  async accept(options?: CallOptions): Promise<Caller> {
    const caller = await this.#take(readCallOptions(options, unlimited));
    if (caller !== undefined) return caller;
    throw acceptStopped();
  }

  /** Takes connections, one at a time, until the listener stops. */
  [Symbol.asyncIterator](): AsyncIterator<Caller> {
    return {
      next: async () => {
        const value = await this.#take(unlimited);
        return value === undefined ? { done: true, value: undefined } : { done: false, value };
      },
    };
  }

  /** Lets new connections wait in the backlog. */
  pauseAccept(): void {
    this.#paused = true;
    this.#run?.pause();
  }

  resumeAccept(): void {
    this.#paused = false;
    this.#run?.resume();
  }

  /** `gracefulStop()`; nothing when it was never started. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#state !== 'idle' || this.#starting !== undefined) await this.gracefulStop();
  }

  /** Resolves when it listens. @internal */
  whenListening(): Promise<void> {
    return this.#listening.promise;
  }

  protected get label(): string {
    return this.#settings.label ?? this.#attached?.name ?? 'listener';
  }

  async #begin(signal: AbortSignal | undefined): Promise<Address> {
    const run = new ListenerRun(this.#settings, this.events, this.#waiting, this.accepted);
    const aborted = deferred<never>();
    const onAbort = (): void => aborted.reject(abortError('start', 'accept', signal?.reason));
    signal?.addEventListener('abort', onAbort);
    const bound = run.listen(this.label);
    try {
      const endpoint = await Promise.race([bound, aborted.promise]);
      this.#takeOver(run, endpoint.address);
      return endpoint.address;
    } catch (error) {
      bound.then((endpoint) => endpoint.close()).catch(() => undefined);
      throw error;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  #takeOver(run: ListenerRun, address: Address): void {
    this.#run = run;
    this.#address = address;
    this.#state = 'listening';
    this.#stop = undefined;
    this.#report = undefined;
    if (this.#attached !== undefined) run.serve(this.#attached.service);
    if (this.#paused) run.pause();
    this.#scope = this.#settings.world.scope.current();
    this.#scope.own(this.#owned, 'listener');
    this.#listening.resolve();
  }

  #stopBy(mode: 'graceful' | 'immediate', limit: CallLimit): Promise<StopReport> {
    if (this.#report !== undefined) {
      if (mode === 'immediate') this.#stop?.escalate();
      return this.#report;
    }
    const run = this.#run;
    if (run === undefined) return Promise.resolve(emptyReport(mode));
    this.#state = 'stopping';
    this.#listening = deferred();
    this.#stop = new ListenerStop(run, this.#settings, mode);
    this.#stop.limit(limit);
    this.#report = this.#stop.report.finally(() => {
      this.#state = 'stopped';
      this.#pulls = false;
      this.#scope?.release(this.#owned);
    });
    return this.#report;
  }

  #take(limit: CallLimit): Promise<Caller | undefined> {
    if (this.#attached !== undefined)
      return Promise.reject(stateError('accept', 'a service is attached'));
    if (this.#state === 'stopping' || this.#state === 'stopped') return Promise.resolve(undefined);
    this.#pulls = true;
    return this.#waiting.take(limit);
  }
}
