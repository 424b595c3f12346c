import type { World } from '../network/world';
import type { ProxySet } from '../proxy/proxy-set';
import type { ConnectionLog } from './connection-log';
import type { EventLog } from './event-log';
import type { EventStreams } from './event-stream';
import type { Metrics } from './metrics';

/** What the routes share. */
export interface ControlContext {
  readonly world: World;
  readonly proxies: ProxySet;
  readonly version: string;
  /** Proxies may listen where others can reach them. */
  readonly allowRemote: boolean;
  readonly connections: ConnectionLog;
  readonly events: EventLog;
  readonly streams: EventStreams;
  /** Absent: there is no such route. */
  readonly metrics: Metrics | undefined;
}
