import type { Context } from 'hono';
import type { Fault } from '../faults/fault';
import type { Proxy } from '../proxy/proxy';
import { apiError } from './api-errors';
import type { ControlContext } from './route';
import { json, jsonBody, nothing, param, type Route } from './route';
import { faultOfJson, streamOf, toxicChangeOfJson, toxicToJson } from './toxic-json';

/** Most toxics of all proxies together. */
const mostToxics = 10_000;

/** The routes of the toxics of a proxy. */
export function toxicRoutes(context: ControlContext): readonly Route[] {
  const { proxies } = context;
  const proxyOf = (c: Context): Proxy => proxies.proxy(param(c, 'proxy'));
  const all = '/proxies/:proxy/toxics';
  const one = '/proxies/:proxy/toxics/:toxic';
  const update = async (c: Context): Promise<Response> =>
    updateToxic(context, proxyOf(c), param(c, 'toxic'), c);
  return [
    { method: 'GET', path: all, handle: (c) => json(proxyOf(c).toxics.map(toxicToJson)) },
    {
      method: 'POST',
      path: all,
      handle: async (c) => {
        const proxy = proxyOf(c);
        return addToxic(context, proxy, faultOfJson(await jsonBody(c), proxies.faultTypes));
      },
    },
    {
      method: 'GET',
      path: one,
      handle: (c) => json(toxicToJson(proxyOf(c).toxic(param(c, 'toxic')))),
    },
    { method: 'PATCH', path: one, handle: update },
    { method: 'POST', path: one, handle: update },
    {
      method: 'DELETE',
      path: one,
      handle: (c) => {
        proxyOf(c).removeToxic(param(c, 'toxic'));
        return nothing();
      },
    },
  ];
}

/** Attaches a fault; a name that is taken is told before attributes that are wrong. */
export function addToxic(context: ControlContext, proxy: Proxy, fault: Fault): Response {
  const { proxies } = context;
  const stream = streamOf(fault);
  if (!proxies.faultTypes.has(fault.type)) throw apiError('invalidType');
  const name = fault.name ?? `${fault.type}_${stream}`;
  if (proxy.toxics.some((toxic) => toxic.name === name)) throw apiError('toxicExists');
  const count = proxies.list().reduce((sum, { toxics }) => sum + toxics.length, 0);
  if (count >= mostToxics) throw apiError('tooManyToxics');
  return json(toxicToJson(proxy.addToxic(fault)));
}

/** Changes a toxic by the body of a request. */
export async function updateToxic(
  { proxies }: ControlContext,
  proxy: Proxy,
  name: string,
  c: Context,
): Promise<Response> {
  const { type } = proxy.toxic(name);
  const change = toxicChangeOfJson(await jsonBody(c), proxies.faultTypes, type);
  return json(toxicToJson(proxy.updateToxic(name, change)));
}
