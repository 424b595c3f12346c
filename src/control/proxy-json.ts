/** Proxies of Toxiproxy's JSON, and options. */

import { isLoopback } from '../base/loopback';
import { readHostPort } from '../base/option-reader';
import type { Fault } from '../faults/fault';
import type { FaultTypes } from '../faults/fault-names';
import { readFault } from '../faults/fault-reader';
import type { World } from '../network/world';
import type { Proxy, ProxyChange } from '../proxy/proxy';
import { type ProxyOptions, proxyOptionKeys } from '../proxy/proxy-options';
import type { EndConnections } from '../proxy/proxy-run';
import { ApiError, apiError, badBody } from './api-errors';
import { badAddressText, noSuchHost } from './go-errors';
import { fieldOf, looseFields } from './lenient-json';
import { faultOfJson, toxicToJson } from './toxic-json';

/** Where a proxy listens when nothing is said. */
const anyPort = '127.0.0.1:0';

/** A proxy as it is answered. */
export function proxyToJson(proxy: Proxy): object {
  const { name, listen, upstream, enabled } = proxy.toJSON();
  return { name, listen, upstream, enabled, toxics: proxy.toxics.map(toxicToJson) };
}

/** Proxies by name, in the order of their names, as text: an object would put numbers first. */
export function proxiesToJson(proxies: readonly Proxy[]): string {
  const byName = proxies.toSorted((left, right) => (left.name < right.name ? -1 : 1));
  const rows = byName.map(
    (proxy) => `${JSON.stringify(proxy.name)}:${JSON.stringify(proxyToJson(proxy))}`,
  );
  return `{${rows.join(',')}}\n`;
}

/**
 * A body as options of a proxy; what they say is not checked yet.
 *
 * @param where - ` at proxy 2`, in a list
 * @throws ApiError 400
 */
export function proxyOptionsOfJson(value: unknown, types: FaultTypes, where = ''): ProxyOptions {
  const known = proxyOptionKeys.filter((key) => key !== 'world');
  const fields = looseFields(value, known, 'proxy');
  const name = fieldOf(fields, 'name', 'string') ?? '';
  const upstream = fieldOf(fields, 'upstream', 'string') ?? '';
  fieldOf(fields, 'listen', 'string');
  fieldOf(fields, 'enabled', 'boolean');
  if (name === '') throw apiError('missingName', where);
  if (upstream === '') throw apiError('missingUpstream', where);
  readHostPort('upstream', upstream);
  const toxics = toxicsOf(fields.get('toxics'), types);
  return {
    ...Object.fromEntries(fields),
    name,
    upstream,
    ...(toxics !== undefined && { toxics }),
  };
}

/** A body as a change of a proxy. @throws ApiError 400 */
export function proxyChangeOfJson(value: unknown): ProxyChange {
  const fields = looseFields(value, ['listen', 'upstream', 'enabled', 'how'], 'proxy');
  const listen = fieldOf(fields, 'listen', 'string');
  const upstream = fieldOf(fields, 'upstream', 'string');
  const enabled = fieldOf(fields, 'enabled', 'boolean');
  const how = fieldOf(fields, 'how', 'string');
  if (upstream !== undefined) readHostPort('upstream', upstream);
  if (how !== undefined && !['fin', 'reset', 'keep'].includes(how)) {
    throw badBody(`how must be one of "fin", "reset", "keep", got ${JSON.stringify(how)}`);
  }
  return {
    ...(listen !== undefined && { listen }),
    ...(upstream !== undefined && { upstream }),
    ...(enabled !== undefined && { enabled }),
    ...(how !== undefined && { how: how as EndConnections }),
  };
}

/** Who may listen where. */
export interface ListenRule {
  readonly world: World;
  readonly allowRemote: boolean;
}

/**
 * Where a proxy shall listen, checked; an empty text is any port on loopback.
 *
 * @param prefix - Toxiproxy leaves `listen tcp: ` out where it changes a proxy
 * @throws ApiError 500 in the words of Go, 403 outside loopback
 */
export async function checkedListen(
  text: string | undefined,
  rule: ListenRule,
  prefix = 'listen tcp: ',
): Promise<string> {
  if (text === undefined || text === '') return anyPort;
  const bad = badAddressText(text);
  if (bad !== undefined) throw new ApiError(500, `${prefix}${bad}`);
  // Without a host it is every address, as in Go.
  const whole = text.startsWith(':') ? `[::]${text}` : text;
  const { host } = readHostPort('listen', whole);
  if (rule.allowRemote || isLoopback(host)) return whole;
  const found = await rule.world.network.lookup(host).catch(() => {
    throw new ApiError(500, noSuchHost(host));
  });
  if (!found.every((address) => isLoopback(address.host))) throw apiError('remoteRefused');
  return whole;
}

function toxicsOf(value: unknown, types: FaultTypes): readonly Fault[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw badBody(`toxics must be a list, got ${JSON.stringify(value)}`);
  const faults = value.map((toxic) => faultOfJson(toxic, types));
  for (const fault of faults) readFault(fault, types);
  return faults;
}
