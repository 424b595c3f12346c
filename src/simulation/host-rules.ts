import { configError } from '../base/errors';
import type { Connection } from '../network/connection';
import type { ConnectOptions } from '../network/network';
import type { NameEntry } from './name-table';

/** Where connections to certain hosts are led to. */
export interface HostRoute {
  readonly connect: (options: ConnectOptions) => Connection;
  readonly answer: (name: string) => NameEntry;
}

interface Rule {
  readonly pattern: RegExp;
  readonly port: number | undefined;
  readonly route: HostRoute;
}

/** The newest rule first. */
let rules: readonly Rule[] = [];

/**
 * Adds rules such as `*.sim`, `db`, `10.0.0.5:6379`.
 *
 * @returns takes them away; may be called twice
 * @throws TcpError `ECONFIG` - a pattern that is none
 */
export function addHostRules(patterns: readonly string[], route: HostRoute): () => void {
  const added = patterns.map((text) => readRule(text, route));
  rules = [...added, ...rules];
  return () => {
    rules = rules.filter((rule) => !added.includes(rule));
  };
}

/** Where a connection to a host is led to; `undefined` when it is nobody's business. */
export function routeFor(host: string, port?: number): HostRoute | undefined {
  return rules.find(
    (rule) =>
      rule.pattern.test(host) &&
      (rule.port === undefined || port === undefined || rule.port === port),
  )?.route;
}

function readRule(text: string, route: HostRoute): Rule {
  const match = /^([^\s:]+|\[[0-9a-f:]+\])(?::(\d+))?$/i.exec(text);
  const [, host, port] = match ?? [];
  if (host === undefined) {
    throw configError('patterns', 'hosts such as "*.sim", "db" or "db:5432"', text);
  }
  const literal = host
    .replace(/^\[|\]$/g, '')
    .split('*')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return {
    pattern: new RegExp(`^${literal}$`, 'i'),
    port: port === undefined ? undefined : Number(port),
    route,
  };
}
