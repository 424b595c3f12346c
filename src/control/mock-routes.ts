/** The routes of mocks: what they are, what they met, and what they shall do. */
import type { Context } from 'hono';
import type { Duration } from '../base/duration';
import type { BytesDefinition } from '../mock/bytes-definition';
import type { Exchange } from '../mock/exchange';
import type { JournalEntry } from '../mock/journal-entry';
import type { MockDefinition, Predicate } from '../mock/mock-model';
import type { MockServer } from '../mock/mock-server';
import { atLeast, between, exactly, type Times } from '../mock/times';
import { VerificationError } from '../mock/verification-error';
import { ApiError, apiError, badBody } from './api-errors';
import { fieldOf, type LooseFields, looseFields } from './lenient-json';
import { connectionFacts, entryLine, entryToJson, stateOf, summary, whole } from './mock-json';
import {
  type ControlContext,
  choiceQuery,
  countQuery,
  json,
  jsonBody,
  nothing,
  optionalJsonBody,
  param,
  type Route,
} from './route';

const one = '/mocks/:mock';
const longestWaitMs = 60_000;

/** Everything below `/mocks`. */
export function mockRoutes(context: ControlContext): readonly Route[] {
  const { mocks } = context;
  const mockOf = (c: Context): MockServer => mocks.mock(param(c, 'mock'));
  return [
    {
      method: 'POST',
      path: '/mocks/reset',
      handle: () => {
        mocks.reset();
        return nothing();
      },
    },
    { method: 'GET', path: '/mocks', handle: () => json(mocks.list().map(summary)) },
    { method: 'POST', path: '/mocks', handle: (c) => create(context, c) },
    { method: 'GET', path: one, handle: (c) => json(whole(mockOf(c))) },
    {
      method: 'DELETE',
      path: one,
      handle: async (c) => {
        await mocks.delete(param(c, 'mock'));
        return nothing();
      },
    },
    { method: 'PUT', path: `${one}/rules`, handle: (c) => replaceRules(context, c) },
    {
      method: 'GET',
      path: `${one}/journal`,
      patient: true,
      handle: (c) => journal(context, mockOf(c), c),
    },
    {
      method: 'DELETE',
      path: `${one}/journal`,
      handle: (c) => {
        mockOf(c).runtime.journal.clear();
        return nothing();
      },
    },
    ...askingRoutes(mockOf),
    ...connectionRoutes(mockOf),
  ];
}

function askingRoutes(mockOf: (c: Context) => MockServer): readonly Route[] {
  return [
    { method: 'POST', path: `${one}/verify`, handle: (c) => verify(mockOf(c), c) },
    { method: 'POST', path: `${one}/wait`, patient: true, handle: (c) => wait(mockOf(c), c) },
    { method: 'POST', path: `${one}/explain`, handle: (c) => explain(mockOf(c), c) },
    {
      method: 'GET',
      path: `${one}/state`,
      handle: (c) => json(stateOf(mockOf(c), connectionQuery(c))),
    },
    { method: 'PUT', path: `${one}/state`, handle: (c) => setState(mockOf(c), c) },
    { method: 'POST', path: `${one}/push`, handle: (c) => push(mockOf(c), c) },
  ];
}

function connectionRoutes(mockOf: (c: Context) => MockServer): readonly Route[] {
  return [
    {
      method: 'GET',
      path: `${one}/connections`,
      handle: (c) => json(openOf(mockOf(c)).map(connectionFacts)),
    },
    {
      method: 'DELETE',
      path: `${one}/connections/:id`,
      handle: async (c) => {
        const id = param(c, 'id');
        const found = openOf(mockOf(c)).find(({ number }) => String(number) === id);
        if (found === undefined) throw apiError('connectionNotFound');
        // Not waited for: the peer may take its time.
        void found.stage
          .close(choiceQuery(c, 'how', ['end', 'half', 'reset']))
          .catch(() => undefined);
        return nothing();
      },
    },
  ];
}

async function create(context: ControlContext, c: Context): Promise<Response> {
  const body = await jsonBody(c);
  const isFile = typeof body === 'object' && body !== null && 'mocks' in body;
  const list = isFile ? (body as { mocks: unknown }).mocks : [body];
  if (!Array.isArray(list)) throw badBody('mocks must be a list');
  const started = await context.mocks.create(list as MockDefinition[], context);
  const [first] = started;
  return json(isFile || first === undefined ? started.map(whole) : whole(first), 201);
}

async function replaceRules({ mocks }: ControlContext, c: Context): Promise<Response> {
  const name = param(c, 'mock');
  mocks.mock(name);
  const body = await jsonBody(c);
  const rules = Array.isArray(body) ? body : (body as { rules?: unknown } | null)?.rules;
  if (!Array.isArray(rules)) throw badBody('must be a list of rules');
  return json(whole(mocks.replaceRules(name, rules)));
}

function journal({ streams }: ControlContext, mock: MockServer, c: Context): Response {
  const connection = connectionQuery(c);
  const after = countQuery(c, 'after', 0);
  const query = { after, ...(connection !== undefined && { connection }) };
  if (c.req.header('accept')?.includes('ndjson') === true) {
    const isWanted = (entry: JournalEntry): boolean =>
      connection === undefined || entry.connection === connection;
    return streams.lines(mock.journal(query).map(entryLine), (write) =>
      mock.onEntry((entry) => {
        if (isWanted(entry)) write(entryLine(entry));
      }),
    );
  }
  const entries = mock.journal(query).slice(0, countQuery(c, 'limit', 1_000));
  return json({
    entries: entries.map(entryToJson),
    next: entries.at(-1)?.seq ?? after,
    dropped: mock.dropped,
  });
}

async function verify(mock: MockServer, c: Context): Promise<Response> {
  const claims = claimsOf(await optionalJsonBody(c));
  try {
    mock.verify((all) => {
      if (claims.length === 0) all.all();
      for (const { when, times } of claims) all.received(when, times);
    });
    return json({ ok: true, failures: [] });
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    return json({ ok: false, failures: error.failures });
  }
}

function claimsOf(body: unknown): readonly { readonly when: Predicate; readonly times: Times }[] {
  const list = Array.isArray(body) ? body : [body];
  return list.flatMap((claim) => {
    const fields = looseFields(claim, ['when', 'times'], 'claim');
    return fields.size === 0 ? [] : [{ when: predicateOf(fields), times: timesOf(fields) }];
  });
}

function predicateOf(fields: LooseFields): Predicate {
  const when = fields.get('when');
  if (typeof when !== 'object')
    throw badBody('when must be a predicate, such as {"equals": "PING"}');
  return when as Predicate;
}

function timesOf(fields: LooseFields): Times {
  const times = fields.get('times');
  if (times === undefined) return atLeast(1);
  if (typeof times === 'number') return exactly(times);
  const range = looseFields(times, ['min', 'max'], 'times');
  const min = fieldOf(range, 'min', 'number') ?? 0;
  const max = fieldOf(range, 'max', 'number');
  return max === undefined ? atLeast(min) : between(min, max);
}

async function wait(mock: MockServer, c: Context): Promise<Response> {
  const fields = looseFields(await jsonBody(c), ['when', 'times', 'within']);
  const within = fields.get('within') ?? '2s';
  const times = fieldOf(fields, 'times', 'number') ?? 1;
  const limit = typeof within === 'number' ? Math.min(within, longestWaitMs) : within;
  try {
    const found = await mock.waitFor(predicateOf(fields), { within: limit as Duration, times });
    return json(entryToJson(found));
  } catch (error) {
    if (error instanceof VerificationError) throw new ApiError(408, error.message);
    throw error;
  }
}

async function explain(mock: MockServer, c: Context): Promise<Response> {
  const fields = looseFields(await jsonBody(c), ['bytes', 'state', 'connection']);
  const bytes = fields.get('bytes');
  if (bytes === undefined) throw badBody('missing required field: bytes');
  const state = fieldOf(fields, 'state', 'string');
  const connection = fieldOf(fields, 'connection', 'number');
  const explanation = mock.explain(bytes as BytesDefinition, {
    ...(state !== undefined && { state }),
    ...(connection !== undefined && { connection }),
  });
  return json({ ...explanation, rule: explanation.rule ?? null });
}

async function setState(mock: MockServer, c: Context): Promise<Response> {
  const fields = looseFields(await jsonBody(c), ['state', 'connection', 'vars']);
  const state = fieldOf(fields, 'state', 'string');
  const connection = fieldOf(fields, 'connection', 'number');
  const vars = looseVars(fields.get('vars'));
  if (state !== undefined) mock.setState(state, connection);
  for (const [name, value] of vars) mock.runtime.stateOf(connection).vars.set(name, value);
  return json(stateOf(mock, connection));
}

function looseVars(value: unknown): readonly (readonly [string, string | number | boolean])[] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null) throw badBody('vars must be an object');
  return Object.entries(value);
}

async function push(mock: MockServer, c: Context): Promise<Response> {
  const fields = looseFields(await jsonBody(c), ['send', 'to']);
  const send = fields.get('send');
  const to = fields.get('to') ?? 'all';
  if (send === undefined) throw badBody('missing required field: send');
  if (to !== 'all' && typeof to !== 'number') {
    throw badBody(`to must be "all" or the number of a connection, got ${JSON.stringify(to)}`);
  }
  return json({ connections: await mock.push(send as BytesDefinition, { to }) });
}

function openOf({ runtime }: MockServer): readonly Exchange[] {
  return runtime.exchanges.filter(({ isOpen }) => isOpen);
}

function connectionQuery(c: Context): number | undefined {
  const text = c.req.query('connection');
  return text === undefined ? undefined : countQuery(c, 'connection', 0);
}
