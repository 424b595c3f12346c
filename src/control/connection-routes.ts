/** The connections of proxies, one by one: looking, ending, injecting, faults of a single one. */
import type { Context } from 'hono';
import { readBytes } from '../faults/attribute-rules';
import type { Stream } from '../faults/fault';
import type { Proxy } from '../proxy/proxy';
import type { ProxyConnection } from '../proxy/proxy-connection';
import type { Toxic } from '../proxy/toxic';
import { apiError } from './api-errors';
import { fieldOf, looseFields } from './lenient-json';
import type { ControlContext } from './route';
import { choiceQuery, countQuery, json, jsonBody, nothing, param, type Route } from './route';
import { faultOfJson, streamOf, toxicToJson } from './toxic-json';
import { addToxic, updateToxic } from './toxic-routes';

/** An id is `mail#3`; in a path `mail%233`, or plainly `mail/3`. */
const forms = ['/brine/connections/:proxy/:number{[0-9]+}', '/brine/connections/:id'] as const;

/** Everything below `/brine/connections`. */
export function connectionRoutes(context: ControlContext): readonly Route[] {
  return [
    { method: 'GET', path: '/brine/connections', handle: (c) => list(context, c) },
    { method: 'DELETE', path: '/brine/connections', handle: (c) => endAll(context, c) },
    ...forms.flatMap((one) => routesOfOne(context, one)),
  ];
}

function routesOfOne(context: ControlContext, one: string): readonly Route[] {
  const update = (c: Context): Promise<Response> => {
    const { proxy, id } = find(context, c);
    return updateToxic(context, proxy, ownToxic(proxy, id, c).name, c);
  };
  return [
    {
      method: 'GET',
      path: one,
      handle: (c) => {
        const found = context.connections.get(idOf(c));
        if (found === undefined) throw apiError('connectionNotFound');
        return json(found);
      },
    },
    {
      method: 'DELETE',
      path: one,
      handle: (c) => {
        end(find(context, c).connection, c);
        return nothing();
      },
    },
    { method: 'POST', path: `${one}/inject`, handle: (c) => inject(context, c) },
    {
      method: 'GET',
      path: `${one}/toxics`,
      handle: (c) => {
        const { proxy, id } = find(context, c);
        return json(toxicsOf(proxy, id).map(toxicToJson));
      },
    },
    { method: 'POST', path: `${one}/toxics`, handle: (c) => add(context, c) },
    {
      method: 'GET',
      path: `${one}/toxics/:toxic`,
      handle: (c) => {
        const { proxy, id } = find(context, c);
        return json(toxicToJson(ownToxic(proxy, id, c)));
      },
    },
    { method: 'PATCH', path: `${one}/toxics/:toxic`, handle: update },
    { method: 'POST', path: `${one}/toxics/:toxic`, handle: update },
    {
      method: 'DELETE',
      path: `${one}/toxics/:toxic`,
      handle: (c) => {
        const { proxy, id } = find(context, c);
        proxy.removeToxic(ownToxic(proxy, id, c).name);
        return nothing();
      },
    },
  ];
}

function list({ connections }: ControlContext, c: Context): Response {
  const state = c.req.query('state');
  const all = connections.list(c.req.query('proxy'));
  const wanted = all.filter((each) => state === undefined || each.state === state);
  return json(wanted.slice(0, countQuery(c, 'limit', wanted.length)));
}

function endAll({ proxies }: ControlContext, c: Context): Response {
  const name = c.req.query('proxy');
  const wanted = name === undefined ? proxies.list() : [proxies.proxy(name)];
  const open = wanted.flatMap(({ connections }) => connections);
  for (const connection of open) end(connection, c);
  return json({ closed: open.length });
}

/** Ends a connection as the query says: FIN, FIN in one direction, or RST. */
function end(connection: ProxyConnection, c: Context): void {
  const how = choiceQuery(c, 'how', ['end', 'half', 'reset']);
  const side = choiceQuery(c, 'side', ['both', 'client', 'upstream']);
  if (how === 'reset') connection.reset(side);
  else if (how === 'half') connection.end(side === 'upstream' ? 'upstream' : 'downstream');
  else connection.end();
}

async function inject(context: ControlContext, c: Context): Promise<Response> {
  const { connection } = find(context, c);
  const fields = looseFields(await jsonBody(c), ['stream', 'bytes']);
  const stream = fieldOf(fields, 'stream', 'string') ?? 'downstream';
  if (stream !== 'upstream' && stream !== 'downstream') throw apiError('invalidStream');
  connection.inject(stream satisfies Stream, readBytes('bytes', fields.get('bytes')));
  return nothing();
}

/** A fault of one connection is a fault of its proxy with that connection as its target. */
async function add(context: ControlContext, c: Context): Promise<Response> {
  const { proxy, connection } = find(context, c);
  const fault = faultOfJson(await jsonBody(c), context.proxies.faultTypes);
  const name = fault.name ?? `${fault.type}_${streamOf(fault)}#${connection.number}`;
  const answer = addToxic(context, proxy, {
    ...fault,
    name,
    connections: { ...fault.connections, ids: [connection.id] },
  });
  void connection.closed.then(() => {
    if (toxicsOf(proxy, connection.id).some((toxic) => toxic.name === name))
      proxy.removeToxic(name);
  });
  return answer;
}

function find(
  { connections }: ControlContext,
  c: Context,
): { readonly id: string; readonly proxy: Proxy; readonly connection: ProxyConnection } {
  const id = idOf(c);
  const found = connections.find(id);
  if (found === undefined) throw apiError('connectionNotFound');
  return { id, ...found };
}

function idOf(c: Context): string {
  const id = param(c, 'id');
  return id === '' ? `${param(c, 'proxy')}#${param(c, 'number')}` : id;
}

function toxicsOf(proxy: Proxy, id: string): readonly Toxic[] {
  return proxy.toxics.filter(({ settings }) => settings.connections?.ids?.includes(id) === true);
}

function ownToxic(proxy: Proxy, id: string, c: Context): Toxic {
  const name = param(c, 'toxic');
  const toxic = toxicsOf(proxy, id).find((each) => each.name === name);
  if (toxic === undefined) throw apiError('toxicNotFound');
  return toxic;
}
