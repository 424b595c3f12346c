/** The routes of Toxiproxy, which its clients call. */
import type { Context } from 'hono';
import type { Proxy } from '../proxy/proxy';
import type { ProxyOptions } from '../proxy/proxy-options';
import { ApiError, apiError, badBody, toApiError } from './api-errors';
import {
  checkedListen,
  proxiesToJson,
  proxyChangeOfJson,
  proxyOptionsOfJson,
  proxyToJson,
} from './proxy-json';
import type { ControlContext } from './route';
import { json, jsonBody, jsonText, nothing, param, type Route } from './route';
import { toxicRoutes } from './toxic-routes';

/** Most proxies of one list. */
const longestList = 10_000;

/** Every route that Toxiproxy has, but `/metrics`. */
export function toxiproxyRoutes(context: ControlContext): readonly Route[] {
  const routes = new ProxyRoutes(context);
  const one = '/proxies/:proxy';
  return [
    { method: 'GET', path: '/version', handle: () => routes.version() },
    { method: 'GET', path: '/proxies', handle: () => routes.list() },
    { method: 'POST', path: '/proxies', handle: (c) => routes.create(c) },
    { method: 'GET', path: one, handle: (c) => json(proxyToJson(routes.proxy(c))) },
    { method: 'PATCH', path: one, handle: (c) => routes.update(c) },
    // Deprecated there, and what several clients call.
    { method: 'POST', path: one, handle: (c) => routes.update(c) },
    { method: 'DELETE', path: one, handle: (c) => routes.remove(c) },
    { method: 'POST', path: '/populate', handle: (c) => routes.populate(c) },
    { method: 'POST', path: '/reset', handle: () => routes.reset() },
    ...toxicRoutes(context),
  ];
}

class ProxyRoutes {
  readonly #context: ControlContext;

  constructor(context: ControlContext) {
    this.#context = context;
  }

  version(): Response {
    const body = `{"version": ${JSON.stringify(this.#context.version)}}\n`;
    return new Response(body, { headers: { 'content-type': 'application/json;charset=utf-8' } });
  }

  list(): Response {
    return jsonText(proxiesToJson(this.#context.proxies.list()));
  }

  proxy(c: Context): Proxy {
    return this.#context.proxies.proxy(param(c, 'proxy'));
  }

  async create(c: Context): Promise<Response> {
    const { proxies } = this.#context;
    const options = proxyOptionsOfJson(await jsonBody(c), proxies.faultTypes);
    const { name = '' } = options;
    if (proxies.get(name) !== undefined) throw apiError('proxyExists');
    const listen = await checkedListen(options.listen, this.#context);
    const proxy = await proxies.create({ ...options, listen });
    return json(proxyToJson(proxy), 201);
  }

  async update(c: Context): Promise<Response> {
    const proxy = this.proxy(c);
    const { listen, ...change } = proxyChangeOfJson(await jsonBody(c));
    const where =
      listen === undefined ? {} : { listen: await checkedListen(listen, this.#context, '') };
    await proxy.update({ ...change, ...where });
    return json(proxyToJson(proxy));
  }

  async remove(c: Context): Promise<Response> {
    await this.#context.proxies.delete(param(c, 'proxy'));
    return nothing();
  }

  async reset(): Promise<Response> {
    await this.#context.proxies.reset();
    return nothing();
  }

  async populate(c: Context): Promise<Response> {
    const done: Proxy[] = [];
    try {
      const list = await this.#listOf(await jsonBody(c));
      for (const options of list) done.push(await this.#populateOne(options));
    } catch (error) {
      const { status, message } = toApiError(error);
      throw new ApiError(status, message, { proxies: done.map(proxyToJson) });
    }
    return json({ proxies: done.map(proxyToJson) }, 201);
  }

  /** All entries, checked before the first is created. */
  async #listOf(body: unknown): Promise<readonly ProxyOptions[]> {
    if (!Array.isArray(body)) throw badBody('must be a list of proxies');
    if (body.length > longestList) throw badBody(`more than ${longestList} proxies`);
    const { faultTypes } = this.#context.proxies;
    const list = body.map((entry, index) =>
      proxyOptionsOfJson(entry, faultTypes, ` at proxy ${index + 1}`),
    );
    for (const { listen } of list) {
      await checkedListen(listen, this.#context).catch((error: ApiError) => {
        if (error.status === 403) throw error;
      });
    }
    return list;
  }

  async #populateOne(options: ProxyOptions): Promise<Proxy> {
    const { proxies } = this.#context;
    const isThere = proxies.get(options.name ?? '') !== undefined;
    const prefix = isThere ? '' : 'listen tcp: ';
    const listen = await checkedListen(options.listen, this.#context, prefix);
    const result = await proxies.populate([{ ...options, listen }]);
    const [proxy] = result.proxies;
    if (proxy === undefined) throw result.error;
    return proxy;
  }
}
