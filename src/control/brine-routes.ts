/** The routes that Toxiproxy does not have. */
import type { Context } from 'hono';
import { suggestion } from '../base/closest-word';
import { readTimeLimit } from '../base/duration';
import type { Proxy } from '../proxy/proxy';
import type { ProxyEventName } from '../proxy/proxy-events';
import { badBody } from './api-errors';
import { connectionRoutes } from './connection-routes';
import { eventLine } from './event-log';
import { jsonLines, serverSent } from './event-reader';
import { faultCatalogue } from './fault-catalogue';
import { fieldOf, looseFields } from './lenient-json';
import { proxyToJson } from './proxy-json';
import type { ControlContext } from './route';
import { countQuery, json, jsonBody, jsonText, nothing, param, type Route } from './route';
import { toxicToJson } from './toxic-json';

const longestWaitMs = 60_000;

/** What may be waited for. */
const eventNames: readonly ProxyEventName[] = [
  'proxy.started',
  'proxy.stopped',
  'proxy.failed',
  'connection.accepted',
  'connection.dialled',
  'connection.dialFailed',
  'connection.halfClosed',
  'connection.closed',
  'toxic.added',
  'toxic.updated',
  'toxic.removed',
  'toxic.expired',
  'toxic.acted',
  'toxic.triggered',
  'toxic.neverFired',
  'decision',
  'probe',
  'warning',
];

/** Everything below `/brine`, and `/healthz`. */
export function brineRoutes(context: ControlContext): readonly Route[] {
  const { proxies } = context;
  const proxyOf = (c: Context): Proxy => proxies.proxy(param(c, 'proxy'));
  const one = '/brine/proxies/:proxy';
  return [
    { method: 'GET', path: '/healthz', handle: () => json({ ok: true }) },
    {
      method: 'GET',
      path: '/brine/faults',
      handle: () => json(faultCatalogue(proxies.faultTypes)),
    },
    { method: 'GET', path: '/brine/profiles', handle: () => json(proxies.profiles) },
    { method: 'GET', path: one, handle: (c) => json(proxyFacts(proxyOf(c))) },
    {
      method: 'POST',
      path: `${one}/heal`,
      handle: async (c) => {
        const proxy = proxyOf(c);
        await proxy.heal();
        return json(proxyToJson(proxy));
      },
    },
    { method: 'GET', path: `${one}/decisions`, handle: (c) => json(proxyOf(c).decisions()) },
    { method: 'PUT', path: `${one}/profile`, handle: (c) => applyProfile(proxyOf(c), c) },
    {
      method: 'DELETE',
      path: `${one}/profile`,
      handle: (c) => {
        proxyOf(c).removeProfile();
        return nothing();
      },
    },
    { method: 'POST', path: `${one}/wait`, patient: true, handle: (c) => wait(proxyOf(c), c) },
    {
      method: 'GET',
      path: '/brine/events',
      patient: true,
      handle: (c) => events(context, c),
    },
    ...connectionRoutes(context),
  ];
}

function proxyFacts(proxy: Proxy): object {
  const { counters, connections, seed } = proxy;
  const { name: _name, enabled: _enabled, ...options } = proxy.run.settings;
  return { ...proxyToJson(proxy), seed, connections: connections.length, counters, options };
}

async function applyProfile(proxy: Proxy, c: Context): Promise<Response> {
  const fields = looseFields(await jsonBody(c), ['name']);
  proxy.applyProfile(fieldOf(fields, 'name', 'string') ?? '');
  return json(proxy.toxics.map(toxicToJson));
}

async function wait(proxy: Proxy, c: Context): Promise<Response> {
  const fields = looseFields(await jsonBody(c), ['event', 'where', 'timeout']);
  const event = fieldOf(fields, 'event', 'string') ?? '';
  const known = eventNames.find((name) => name === event);
  if (known === undefined) {
    throw badBody(`no event ${JSON.stringify(event)}${suggestion(event, eventNames)}`);
  }
  const where = fields.get('where') ?? {};
  if (typeof where !== 'object') throw badBody('where must be an object');
  const timeout = Math.min(
    longestWaitMs,
    readTimeLimit('timeout', (fields.get('timeout') ?? '2s') as string),
  );
  return jsonText(`${eventLine(await proxy.waitFor(known, where ?? {}, { timeout }))}\n`);
}

function events({ streams }: ControlContext, c: Context): Response {
  const form = c.req.header('accept')?.includes('ndjson') === true ? jsonLines : serverSent;
  const filter = { proxy: c.req.query('proxy'), types: c.req.query('type')?.split(',') };
  const last = c.req.header('last-event-id');
  const asked = /^\d{1,15}$/.test(last ?? '') ? Number(last) : undefined;
  const after = c.req.query('after') === undefined ? asked : countQuery(c, 'after', 0);
  return streams.open(form, filter, after);
}
