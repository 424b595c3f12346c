/**
 * The control API: Toxiproxy's HTTP interface, and more, in front of a set of proxies.
 *
 * `control-api.ts` judges requests and finds the route; `toxiproxy-routes.ts` and
 * `toxic-routes.ts` are what clients of Toxiproxy call, `brine-routes.ts` what is ours. Handlers
 * change plain state and answer; none waits for a peer.
 */
import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { formatAddress } from '../base/address';
import { TcpError } from '../base/errors';
import { isLoopback } from '../base/loopback';
import type { ProxySet } from '../proxy/proxy-set';
import { type ControlOptions, type ControlParts, createControlParts } from './control-parts';
import { listenOn } from './http-listen';
import type { MockSet } from './mock-set';

/** How long requests may run on when the API is closed. */
const graceUs = 2_000_000;

/**
 * A running control API.
 *
 * @source docs/control-api.md
 * @example
 * await using control = await ControlServer.start({ port: 0 });
 * console.log(control.url);
 */
export class ControlServer implements AsyncDisposable {
  /** The proxies it controls. */
  readonly proxies: ProxySet;
  /** The mocks it controls; they end with it. */
  readonly mocks: MockSet;
  /** Where it is, such as `http://localhost:8474`. */
  readonly url: string;
  readonly port: number;
  readonly #servers: readonly Server[];
  readonly #parts: ControlParts;
  readonly #ownsProxies: boolean;
  #closing: Promise<void> | undefined;

  private constructor(servers: readonly Server[], parts: ControlParts, options: ControlOptions) {
    const { host = 'localhost' } = options;
    this.#servers = servers;
    this.#parts = parts;
    this.#ownsProxies = options.proxies === undefined;
    this.proxies = parts.context.proxies;
    this.mocks = parts.context.mocks;
    this.port = portOf(servers);
    this.url = `http://${formatAddress({ host, port: this.port })}`;
  }

  /**
   * Starts a control API; it answers when this resolves.
   *
   * @throws TcpError `ECONFIG` - an address outside loopback without `allowRemote`
   * @throws TcpError `EADDRINUSE`, `EADDRNOTAVAIL`, `ESYSTEM` - the port cannot be had
   */
  static async start(options: ControlOptions = {}): Promise<ControlServer> {
    const { host = 'localhost', port = 8_474, allowRemote = false } = options;
    if (!allowRemote && !isLoopback(host)) throw remoteRefused(host);
    const parts = createControlParts(options);
    const listener = getRequestListener((request, env) => parts.api.fetch(request, env), {
      overrideGlobalObjects: false,
    });
    try {
      const servers = await listenOn(host, port, () => createApiServer(listener));
      return new ControlServer(servers, parts, options);
    } catch (error) {
      parts.close();
      if (options.proxies === undefined) await parts.context.proxies.close();
      throw error;
    }
  }

  /** Takes no more requests, gives those that run 2 s, and ends its proxies. May be called twice. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    const { world } = this.#parts.context;
    this.#parts.close();
    const closed = this.#servers.map(
      (server) => new Promise<void>((resolve) => server.close(() => resolve())),
    );
    for (const server of this.#servers) server.closeIdleConnections();
    const timer = world.clock.after(graceUs, () => this.closeConnections(), 'end of a control API');
    await this.mocks.close();
    if (this.#ownsProxies) await this.proxies.close();
    await Promise.all(closed);
    timer.cancel();
  }

  /** Ends every connection to the API at once. */
  closeConnections(): void {
    for (const server of this.#servers) server.closeAllConnections();
  }
}

type RequestListener = ReturnType<typeof getRequestListener>;

function createApiServer(listener: RequestListener): Server {
  const server = createServer(
    {
      maxHeaderSize: 16_384,
      headersTimeout: 10_000,
      requestTimeout: 15_000,
      keepAliveTimeout: 60_000,
      connectionsCheckingInterval: 1_000,
    },
    (request, response) => void listener(request, response),
  );
  server.maxConnections = 1_000;
  return server;
}

function portOf([server]: readonly Server[]): number {
  const address = server?.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function remoteRefused(host: string): TcpError {
  return new TcpError(`refusing to listen on ${host} without --allow-remote`, {
    code: 'ECONFIG',
    phase: 'config',
    field: 'host',
  });
}
