import { packageInfo } from '../base/package-info';
import { ProxySet } from '../proxy/proxy-set';
import { brineRoutes } from './brine-routes';
import { ConnectionLog } from './connection-log';
import { ControlApi } from './control-api';
import { EventLog } from './event-log';
import { EventStreams } from './event-stream';
import { Metrics } from './metrics';
import { metricsRoutes } from './metrics-route';
import { mockRoutes } from './mock-routes';
import { MockSet } from './mock-set';
import type { ControlContext } from './route';
import { toxiproxyRoutes } from './toxiproxy-routes';

/** How a control API is started. */
export interface ControlOptions {
  /** Default: a set of its own, in the process's real world, which is closed with it. */
  readonly proxies?: ProxySet;
  /** Default `localhost`: 127.0.0.1, and ::1 where there is one. */
  readonly host?: string;
  /** Default 8474, the port of Toxiproxy; 0 is any. */
  readonly port?: number;
  /** The API and proxies may listen where others can reach them. Default false. */
  readonly allowRemote?: boolean;
  /** Names under which the API may be called beside loopback and `host`. */
  readonly allowHosts?: readonly string[];
  /** Whether there is `/metrics`. Default true. */
  readonly metrics?: boolean;
  /** Whether it tells of Node itself, too. Default false. */
  readonly runtimeMetrics?: boolean;
}

/** A control API without its sockets. @internal */
export interface ControlParts {
  readonly api: ControlApi;
  readonly context: ControlContext;
  close(): void;
}

/** What answers requests, on any network. @internal */
export function createControlParts(options: ControlOptions): ControlParts {
  const { host = 'localhost', allowRemote = false, allowHosts = [] } = options;
  const proxies = options.proxies ?? new ProxySet();
  const { world } = proxies;
  const events = new EventLog(proxies);
  const connections = new ConnectionLog(world, proxies);
  const metrics =
    options.metrics === false ? undefined : new Metrics(proxies, options.runtimeMetrics);
  const streams = new EventStreams(world, events);
  const mocks = new MockSet(world);
  const { version } = packageInfo();
  const context = {
    mocks,
    world,
    proxies,
    version,
    allowRemote,
    connections,
    events,
    streams,
    metrics,
  };
  const routes = [
    ...toxiproxyRoutes(context),
    ...metricsRoutes(metrics),
    ...brineRoutes(context),
    ...mockRoutes(context),
  ];
  return {
    api: new ControlApi(context, { host, allowRemote, allowHosts }, routes),
    context,
    close: () => {
      streams.close();
      events.close();
      connections.close();
      metrics?.close();
    },
  };
}
