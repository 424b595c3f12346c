/**
 * Hooks that make drivers of other packages open their connections in a simulated world.
 *
 * Each gives the options that its driver takes for this; the drivers themselves are unchanged and
 * no dependency. Drivers that keep time or draw numbers want `globals: 'installed'`, too.
 */

import type { Connection } from '../network/connection';
import type { Endpoint, ListenOptions } from '../network/network';
import { currentPlace, runAt } from './context';
import type { ControlledNetwork } from './controls';
import type { SimulatedWorld } from './simulated-world';

/** Whom a driver wants to reach, as most of them say it. */
interface DriverTarget {
  readonly host?: string | undefined;
  readonly hostname?: string | undefined;
  readonly port?: number | string | undefined;
  /** Milliseconds. */
  readonly timeout?: number | undefined;
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

/** For ioredis: `new Redis({ host, port, ...forIoredis(world) })`. */
export function forIoredis(world: SimulatedWorld): {
  readonly Connector: new (options: DriverTarget) => IoredisConnector;
} {
  class Connector implements IoredisConnector {
    connecting = false;
    readonly #options: DriverTarget;
    #stream: Connection | undefined;

    constructor(options: DriverTarget) {
      this.#options = options;
    }

    check(): boolean {
      return true;
    }

    async connect(): Promise<Connection> {
      this.connecting = true;
      this.#stream = open(world, this.#options, 6_379);
      return this.#stream;
    }

    disconnect(): void {
      this.connecting = false;
      this.#stream?.end();
    }
  }
  return { Connector };
}

/** What ioredis asks of a connector. */
export interface IoredisConnector {
  readonly connecting: boolean;
  check(info?: unknown): boolean;
  connect(errors?: unknown): Promise<Connection>;
  disconnect(): void;
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

/** For undici: `new Agent(forUndici(world))`. */
export function forUndici(world: SimulatedWorld): {
  readonly connect: (
    options: DriverTarget,
    callback: (error: Error | null, connection: Connection | null) => void,
  ) => void;
} {
  return {
    connect(options, callback) {
      const connection = open(world, options, 80);
      const failed = (error: Error): void => callback(error, null);
      connection.once('error', failed);
      connection.once('connect', () => {
        connection.off('error', failed);
        callback(null, connection);
      });
    },
  };
}

/** For kafkajs: `new Kafka({ brokers, ...forKafkajs(world) })`. */
export function forKafkajs(world: SimulatedWorld): {
  readonly socketFactory: (
    options: DriverTarget & { readonly onConnect: () => void },
  ) => Connection;
} {
  return {
    socketFactory(options) {
      return open(world, options, 9_092).on('connect', options.onConnect);
    },
  };
}

function open(world: SimulatedWorld, target: DriverTarget, defaultPort: number): Connection {
  const host = target.hostname ?? target.host ?? 'localhost';
  const port = target.port === undefined || target.port === '' ? defaultPort : Number(target.port);
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
