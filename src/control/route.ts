import type { Context } from 'hono';
import type { World } from '../network/world';
import type { ProxySet } from '../proxy/proxy-set';
import { apiError, badBody } from './api-errors';
import type { ConnectionLog } from './connection-log';
import type { EventLog } from './event-log';
import type { EventStreams } from './event-stream';
import { firstJsonValue } from './lenient-json';
import type { Metrics } from './metrics';
import type { MockSet } from './mock-set';

/** What the routes share. */
export interface ControlContext {
  readonly world: World;
  readonly proxies: ProxySet;
  readonly version: string;
  /** Proxies may listen where others can reach them. */
  readonly allowRemote: boolean;
  readonly connections: ConnectionLog;
  readonly mocks: MockSet;
  readonly events: EventLog;
  readonly streams: EventStreams;
  /** Absent: there is no such route. */
  readonly metrics: Metrics | undefined;
}

/** One method of one path. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** In the language of hono: `/proxies/:proxy`. */
  readonly path: string;
  /** Waits for something by its own limit, or never ends. */
  readonly patient?: true;
  /** People open it in a browser. */
  readonly forBrowsers?: true;
  /** Answers, or throws an ApiError. */
  handle(c: Context): Response | Promise<Response>;
}

/** Most bytes of a body. */
const longestBody = 1_048_576;

/** An answer in JSON, with a newline at its end. */
export function json(value: unknown, status = 200): Response {
  return jsonText(`${JSON.stringify(value)}\n`, status);
}

/** An answer whose JSON is text already. */
export function jsonText(body: string, status = 200): Response {
  return new Response(body, { status, headers: { 'content-type': 'application/json' } });
}

/** An answer without a body. */
export function nothing(status = 204): Response {
  return new Response(null, { status });
}

/** A part of the path. */
export function param(c: Context, name: string): string {
  return c.req.param(name) ?? '';
}

/** The body as JSON, read as Toxiproxy does. @throws ApiError 400, 413 */
export async function jsonBody(c: Context): Promise<unknown> {
  return firstJsonValue(await textBody(c.req.raw));
}

/** The body as JSON, or an empty object when there is none. @throws ApiError 400, 413 */
export async function optionalJsonBody(c: Context): Promise<unknown> {
  const text = await textBody(c.req.raw);
  return text.trim() === '' ? {} : firstJsonValue(text);
}

async function textBody(request: Request): Promise<string> {
  if (Number(request.headers.get('content-length') ?? 0) > longestBody) {
    throw apiError('bodyTooLarge');
  }
  const reader = request.body?.getReader();
  if (reader === undefined) return '';
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(parts).toString('utf8');
    length += value.length;
    if (length > longestBody) {
      await reader.cancel();
      throw apiError('bodyTooLarge');
    }
    parts.push(value);
  }
}

/** A query as a whole number of 0 or more, or a default. @throws ApiError 400 */
export function countQuery(c: Context, name: string, fallback: number): number {
  const text = c.req.query(name);
  if (text === undefined) return fallback;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw badBody(`${name} must be a whole number of 0 or more, got ${JSON.stringify(text)}`);
}

/** A query as one of several words, or the first of them. @throws ApiError 400 */
export function choiceQuery<T extends string>(
  c: Context,
  name: string,
  words: readonly [T, ...T[]],
): T {
  const text = c.req.query(name) ?? words[0];
  const found = words.find((word) => word === text);
  if (found !== undefined) return found;
  const list = words.map((word) => JSON.stringify(word)).join(', ');
  throw badBody(`${name} must be one of ${list}, got ${JSON.stringify(text)}`);
}
