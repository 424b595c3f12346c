/**
 * Hooks that make drivers of other packages open their connections in a simulated world.
 *
 * Each gives the options that its driver takes for this; the drivers themselves are unchanged and
 * no dependency. Drivers that keep time or draw numbers want `globals: 'installed'`, too.
 *
 * What is shown of each driver is in the table of docs/simulation.md.
 */

import { configError } from '../base/errors';
import type { Connection } from '../network/connection';
import type { Endpoint, ListenOptions } from '../network/network';
import { currentPlace, runAt } from './context';
import type { ControlledNetwork } from './controls';
import type { SimulatedWorld } from './simulated-world';

/** Whom a driver wants to reach, as most of them say it. */
interface DriverTarget {
  readonly host?: string | null | undefined;
  readonly hostname?: string | null | undefined;
  readonly port?: number | string | null | undefined;
  /** Milliseconds. */
  readonly timeout?: number | undefined;
}

interface IoredisTarget extends DriverTarget {
  /** Milliseconds after which a connection that does not end is destroyed. */
  readonly disconnectTimeout?: number;
}

/** What `http.Agent`, `http.request` and `http.Server` need. */
export interface HttpHook {
  /** For `http.request({ createConnection })`, or as a member of an agent. Honours `timeout`. */
  readonly createConnection: (options: DriverTarget, callback?: unknown) => Connection;
  /** Listens in the world and hands every connection to a server that itself never listens. */
  readonly serve: (
    server: { emit(event: 'connection', connection: Connection): boolean },
    options: ListenOptions,
  ) => Promise<Endpoint>;
}

/**
 * For `http.Agent`, `http.request` and `http.Server`.
 *
 * @example
 * const { createConnection, serve } = forHttp(world);
 * await serve(http.createServer(handler), { port: 80 });
 * http.get({ host: 'localhost', port: 80, createConnection });
 */
export function forHttp(world: SimulatedWorld): HttpHook {
  return {
    createConnection: (options) => open(world, options, 80),
    serve: (server, options) =>
      inside(world, () =>
        world.network.listen(options, (connection) => {
          server.emit('connection', connection);
        }),
      ),
  };
}

/**
 * For ioredis: `new Redis({ host, port, ...forIoredis(world) })`.
 *
 * @returns a class that only ioredis uses. What it makes is typed `never`, because the type that
 * ioredis asks for has private members, which nobody else can declare
 */
export function forIoredis(world: SimulatedWorld): {
  readonly Connector: new (options: unknown) => never;
} {
  class Connector {
    /** Read by ioredis when a dial fails. */
    firstError: Error | undefined;
    readonly #options: IoredisTarget;
    #stream: Connection | undefined;

    constructor(options: unknown) {
      this.#options = options as IoredisTarget;
    }

    check(): boolean {
      return true;
    }

    async connect(): Promise<Connection> {
      const stream = open(world, this.#options, 6_379);
      stream.once('error', (error) => {
        this.firstError = error;
      });
      this.#stream = stream;
      return stream;
    }

    disconnect(): void {
      const stream = this.#stream;
      if (stream === undefined || stream.destroyed) return;
      const { disconnectTimeout = 2_000 } = this.#options;
      const patience = world.clock.after(
        disconnectTimeout * 1_000,
        () => stream.destroy(),
        'disconnect of ioredis',
      );
      stream.once('close', () => patience.cancel());
      stream.end();
    }
  }
  return { Connector: Connector as never };
}

/** For pg: `new Client({ host, port, ...forPg(world) })`. */
export function forPg(world: SimulatedWorld): { readonly stream: () => Connection } {
  return { stream: () => inside(world, () => core(world).socket()) };
}

/** For mysql2: `createConnection({ host, port, ...forMysql2(world) })`. */
export function forMysql2(world: SimulatedWorld): {
  readonly stream: (options: { readonly config?: DriverTarget } | undefined) => Connection;
} {
  return { stream: (options) => open(world, options?.config ?? {}, 3_306) };
}

/** For mqtt: `new MqttClient(forMqtt(world), options)`. */
export function forMqtt(
  world: SimulatedWorld,
): (client: { readonly options: DriverTarget }) => Connection {
  return ({ options }) => open(world, options, 1_883);
}

/**
 * For undici: `new Agent(forUndici(world))`.
 *
 * @remarks undici's `connectTimeout` is one of the connector that this one stands in for: a dial ends
 * as the network says. TLS is not opened: an `https:` request gets a TcpError `ECONFIG`.
 */
export function forUndici(world: SimulatedWorld): {
  readonly connect: (
    options: DriverTarget & { readonly protocol?: string },
    callback: (...outcome: [null, never] | [Error, null]) => void,
  ) => void;
} {
  return {
    connect(options, callback) {
      if (options.protocol === 'https:') {
        callback(configError('protocol', '"http:", since the hook opens no TLS', 'https:'), null);
        return;
      }
      const connection = open(world, options, 80);
      const failed = (error: Error): void => callback(error, null);
      connection.once('error', failed);
      connection.once('connect', () => {
        connection.off('error', failed);
        // undici asks for a net.Socket, and uses what a Connection has of it.
        callback(null, connection as never);
      });
    },
  };
}

function open(world: SimulatedWorld, target: DriverTarget, defaultPort: number): Connection {
  const host = target.hostname ?? target.host ?? 'localhost';
  const port = Number(target.port || defaultPort);
  const connection = inside(world, () => world.network.connect({ host, port }));
  if (target.timeout !== undefined && target.timeout > 0) connection.setTimeout(target.timeout);
  return connection;
}

/** Drivers may call from places that have nothing to do with the world, such as a pool's timer. */
function inside<T>(world: SimulatedWorld, body: () => T): T {
  const identity = core(world).world;
  if (currentPlace()?.world === identity) return body();
  return runAt({ world: identity, host: 'local' }, body);
}

function core(world: SimulatedWorld): ControlledNetwork {
  return world.simulation as ControlledNetwork;
}
