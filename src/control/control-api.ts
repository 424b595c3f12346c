import { type Context, Hono } from 'hono';
import { toMicroseconds } from '../base/duration';
import { type ApiError, apiError, toApiError } from './api-errors';
import { type GuardSettings, refusalOf } from './request-guard';
import type { ControlContext } from './route';
import { json, nothing, type Route } from './route';

/** How long a handler may take. */
const handlerLimitMs = 5_000;

const idLetters = '0123456789abcdefghijklmnopqrstuv';

/** Answers requests by a table of routes; never rejects. */
export class ControlApi {
  readonly #context: ControlContext;
  readonly #guard: GuardSettings;
  readonly #app = new Hono();
  readonly #nextId: () => string;

  constructor(context: ControlContext, guard: GuardSettings, routes: readonly Route[]) {
    this.#context = context;
    this.#guard = guard;
    const random = context.world.random.fork('control api');
    this.#nextId = () => Array.from({ length: 20 }, () => idLetters[random.below(32)]).join('');
    const paths = new Map(routes.map(({ path, forBrowsers }) => [path, forBrowsers === true]));
    for (const route of routes) {
      this.#app.on(route.method, route.path, (c) => this.#answer(c, route));
    }
    for (const [path, forBrowsers] of paths) {
      this.#app.all(path, (c) =>
        this.#answer(c, { path, forBrowsers, handle: () => nothing(405) }),
      );
    }
    this.#app.notFound((c) => this.#answer(c, { path: '', handle: unknownPath }));
  }

  /** The answer to one request. */
  async fetch(request: Request, env?: unknown): Promise<Response> {
    return this.#app.fetch(request, env as object);
  }

  async #answer(c: Context, route: AnyRoute): Promise<Response> {
    const response = await this.#judged(c, route).catch((error: unknown) =>
      refusal(toApiError(error)),
    );
    response.headers.set('x-toxiproxy-request-id', this.#nextId());
    response.headers.set('cache-control', 'no-store');
    response.headers.set('x-content-type-options', 'nosniff');
    this.#context.metrics?.answered(route.path, c.req.method, response.status);
    return response;
  }

  async #judged(c: Context, route: AnyRoute): Promise<Response> {
    const refused = refusalOf(c, this.#guard, route.forBrowsers === true);
    if (refused === 'userAgent') return browserRefused();
    if (refused !== undefined) throw refused;
    // hono answers HEAD by what GET says; Toxiproxy does not.
    if (route.method !== undefined && c.req.method !== route.method) return nothing(405);
    if (route.patient === true) return route.handle(c);
    return this.#withinLimit(route.handle(c));
  }

  /** An answer in time, or 503; what was begun goes on. */
  async #withinLimit(answer: Response | Promise<Response>): Promise<Response> {
    if (answer instanceof Response) return answer;
    const { clock } = this.#context.world;
    const label = 'limit of a request to the control API';
    return new Promise((resolve, reject) => {
      const timer = clock.after(
        toMicroseconds(handlerLimitMs),
        () => reject(apiError('timedOut')),
        label,
      );
      answer.then(resolve, reject).finally(() => timer.cancel());
    });
  }
}

/** A route, or what stands for the rest of a path. */
type AnyRoute = Pick<Route, 'path' | 'handle' | 'patient'> & {
  readonly method?: Route['method'];
  readonly forBrowsers?: boolean;
};

function unknownPath(): Response {
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  return new Response('404 page not found\n', { status: 404, headers });
}

function browserRefused(): Response {
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  return new Response('User agent not allowed\n', { status: 403, headers });
}

function refusal({ status, message, more }: ApiError): Response {
  return json({ error: message, status, ...more }, status);
}
