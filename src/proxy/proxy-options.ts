import { type Duration, readTimeLimit } from '../base/duration';
import {
  readCount,
  readFlag,
  readHostPort,
  readObject,
  readOneOf,
  readText,
  refuseUnknownKeys,
} from '../base/option-reader';
import { readSize, type Size } from '../base/size';
import type { DecisionPlan } from '../faults/decisions';
import type { Fault } from '../faults/fault';
import type { World } from '../network/world';

/** What a proxy is made of. Only `upstream` is needed. */
export interface ProxyOptions {
  /** Where connections go: `host:port`, `[v6]:port`; resolved at every dial. */
  readonly upstream: string;
  /** Default `127.0.0.1:0`, any free port on loopback. */
  readonly listen?: string;
  /** Default `proxy`. */
  readonly name?: string;
  /** Default true. */
  readonly enabled?: boolean;
  /** There before the first connection is accepted. */
  readonly toxics?: readonly Fault[];
  /** Default: drawn from the world's chance. */
  readonly seed?: number;
  /** Decisions of an earlier run, instead of chance. */
  readonly decisions?: DecisionPlan;
  /** Default: the process's real world. */
  readonly world?: World;
  /** Default `10s`. */
  readonly dialTimeout?: Duration;
  /** What the client gets: `close` (default) is FIN with 0 bytes, `reset` is RST. */
  readonly onDialFailure?: 'close' | 'reset';
  /** `false`: any FIN closes both sides, as Toxiproxy does. Default true. */
  readonly halfClose?: boolean;
  /** On both sockets; default true. */
  readonly noDelay?: boolean;
  /** Bytes that may wait in a direction before reading stops; default 32 MiB. */
  readonly maxQueuedBytes?: Size;
  /** More wait in the backlog; default: no limit. */
  readonly maxConnections?: number;
}

/** Options that were read. */
export interface ProxySettings {
  readonly name: string;
  readonly enabled: boolean;
  readonly dialTimeoutMs: number;
  readonly onDialFailure: 'close' | 'reset';
  readonly halfClose: boolean;
  readonly noDelay: boolean;
  readonly maxQueuedBytes: number;
  readonly maxConnections: number;
}

/** Every key of {@link ProxyOptions}. */
export const proxyOptionKeys: readonly (keyof ProxyOptions)[] = [
  'upstream',
  'listen',
  'name',
  'enabled',
  'toxics',
  'seed',
  'decisions',
  'world',
  'dialTimeout',
  'onDialFailure',
  'halfClose',
  'noDelay',
  'maxQueuedBytes',
  'maxConnections',
];

/** Reads options. @throws TcpError `ECONFIG` */
export function readProxyOptions(value: unknown): ProxySettings {
  const options = readObject('ProxyOptions', value) as Partial<ProxyOptions>;
  refuseUnknownKeys('ProxyOptions', options, proxyOptionKeys);
  readAddress('upstream', options.upstream);
  if (options.listen !== undefined) readAddress('listen', options.listen);
  return {
    name: readText('name', options.name ?? 'proxy'),
    enabled: readFlag('enabled', options.enabled ?? true),
    dialTimeoutMs: readTimeLimit('dialTimeout', options.dialTimeout ?? '10s'),
    onDialFailure: readOneOf('onDialFailure', options.onDialFailure ?? 'close', ['close', 'reset']),
    halfClose: readFlag('halfClose', options.halfClose ?? true),
    noDelay: readFlag('noDelay', options.noDelay ?? true),
    maxQueuedBytes: readSize('maxQueuedBytes', options.maxQueuedBytes ?? 32 * 1_048_576),
    maxConnections: readCount('maxConnections', options.maxConnections ?? Infinity, 1, true),
  };
}

/** `host:port`, as text that was checked. @throws TcpError `ECONFIG` */
export function readAddress(field: string, value: unknown): { host: string; port: number } {
  return readHostPort(field, readText(field, value));
}
