import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packageInfo } from '../../../src/base/package-info';
import { type TestedApi, withApi } from './api';

const json = 'application/json';
const upstream = '127.0.0.1:9';

function refused(message: string, status: number): string {
  return `{"error":${JSON.stringify(message)},"status":${status}}\n`;
}

async function create(api: TestedApi, name: string, more: object = {}): Promise<void> {
  const { status } = await api.call('POST /proxies', { name, upstream, ...more });
  assert.equal(status, 201);
}

interface Row {
  readonly call: string;
  readonly body?: unknown;
  readonly status: number;
  readonly type?: string | null;
  readonly text?: string | RegExp;
}

/** One after the other, in one world with the proxy `a` and its toxic `t`. */
const table: readonly Row[] = [
  {
    call: 'GET /version',
    status: 200,
    type: 'application/json;charset=utf-8',
    text: `{"version": "${packageInfo().version}"}\n`,
  },
  { call: 'GET /proxies', status: 200, type: json, text: /^\{"a":\{"name":"a",.*\}\}\n$/ },
  {
    call: 'POST /proxies',
    body: { name: 'b', upstream, enabled: false },
    status: 201,
    type: json,
    text: '{"name":"b","listen":"127.0.0.1:0","upstream":"127.0.0.1:9","enabled":false,"toxics":[]}\n',
  },
  { call: 'GET /proxies/b', status: 200, type: json, text: /^\{"name":"b"/ },
  {
    call: 'PATCH /proxies/b',
    body: { name: 'other', upstream: '127.0.0.1:10' },
    status: 200,
    text: '{"name":"b","listen":"127.0.0.1:0","upstream":"127.0.0.1:10","enabled":false,"toxics":[]}\n',
  },
  { call: 'POST /proxies/b', body: { enabled: true }, status: 200, text: /"enabled":true/ },
  { call: 'DELETE /proxies/b', status: 204, type: null, text: '' },
  { call: 'GET /proxies/b', status: 404, type: json, text: refused('proxy not found', 404) },
  {
    call: 'GET /proxies/a/toxics',
    status: 200,
    text: '[{"attributes":{},"name":"t","type":"noop","stream":"downstream","toxicity":1}]\n',
  },
  {
    call: 'POST /proxies/a/toxics',
    body: { type: 'latency', stream: 'UPSTREAM', toxicity: 0.7, attributes: { latency: 5 } },
    status: 200,
    text: '{"attributes":{"latency":5,"jitter":0},"name":"latency_upstream","type":"latency","stream":"upstream","toxicity":0.7}\n',
  },
  { call: 'GET /proxies/a/toxics/latency_upstream', status: 200, text: /"latency":5/ },
  {
    call: 'PATCH /proxies/a/toxics/latency_upstream',
    body: { attributes: { jitter: 3 }, name: 'x', stream: 'downstream', type: 'noop' },
    status: 200,
    text: '{"attributes":{"latency":5,"jitter":3},"name":"latency_upstream","type":"latency","stream":"upstream","toxicity":0.7}\n',
  },
  { call: 'POST /proxies/a/toxics/latency_upstream', body: {}, status: 200, text: /"jitter":3/ },
  { call: 'DELETE /proxies/a/toxics/latency_upstream', status: 204, type: null, text: '' },
  { call: 'POST /populate', body: [], status: 201, text: '{"proxies":[]}\n' },
  { call: 'POST /reset', status: 204, type: null, text: '' },
  { call: 'POST /proxies/a/toxics', body: { type: 'noop', name: 't' }, status: 200 },
  { call: 'GET /healthz', status: 200, text: '{"ok":true}\n' },
  // Paths and methods that are not there.
  {
    call: 'GET /nothing',
    status: 404,
    type: 'text/plain; charset=utf-8',
    text: '404 page not found\n',
  },
  { call: 'GET /proxies/', status: 404, text: '404 page not found\n' },
  { call: 'GET /reset', status: 405, type: null, text: '' },
  { call: 'PUT /proxies', status: 405, type: null, text: '' },
  { call: 'HEAD /proxies', status: 405, type: null, text: '' },
  { call: 'OPTIONS /proxies', status: 405, type: null, text: '' },
  { call: 'PATCH /populate', status: 405, type: null, text: '' },
  // Refusals, in the order in which they are found.
  { call: 'POST /proxies', body: '', status: 400, text: refused('bad request body: EOF', 400) },
  { call: 'POST /proxies', body: '5 ', status: 400, text: /proxy must be an object, got 5/ },
  { call: 'POST /proxies', body: '"x', status: 400, text: /bad request body: / },
  { call: 'POST /proxies', body: '"\\"x" y', status: 400, text: /must be an object/ },
  { call: 'POST /proxies', body: '{', status: 400, text: /^\{"error":"bad request body: / },
  { call: 'POST /proxies', body: '[]', status: 400, text: /bad request body: proxy must be an/ },
  {
    call: 'POST /proxies',
    body: { name: 1 },
    status: 400,
    text: /field name must be a string, got 1/,
  },
  {
    call: 'POST /proxies',
    body: {},
    status: 400,
    text: refused('missing required field: name', 400),
  },
  {
    call: 'POST /proxies',
    body: { name: 'a' },
    status: 400,
    text: refused('missing required field: upstream', 400),
  },
  {
    call: 'POST /proxies',
    body: { name: 'a', upstream: 'x' },
    status: 400,
    text: /bad request body: upstream/,
  },
  {
    call: 'POST /proxies',
    body: { name: 'a', upstream, listen: 'foo', toxics: [{ type: 'latensy' }] },
    status: 400,
    text: refused('invalid toxic type', 400),
  },
  {
    call: 'POST /proxies',
    body: { name: 'c', upstream, toxics: {} },
    status: 400,
    text: /toxics must be a list/,
  },
  {
    call: 'POST /proxies',
    body: { name: 'a', upstream, listen: 'foo' },
    status: 409,
    text: refused('proxy already exists', 409),
  },
  {
    call: 'POST /proxies',
    body: { name: 'c', upstream, listen: 'foo' },
    status: 500,
    text: refused('listen tcp: address foo: missing port in address', 500),
  },
  {
    call: 'POST /proxies',
    body: { name: 'c', upstream, listen: '127.0.0.1:99999' },
    status: 500,
    text: refused('listen tcp: address 99999: invalid port', 500),
  },
  {
    call: 'POST /proxies',
    body: { name: 'c', upstream, listen: '::1:80' },
    status: 500,
    text: refused('listen tcp: address ::1:80: too many colons in address', 500),
  },
  {
    call: 'POST /proxies',
    body: { name: 'c', upstream, listen: 'nohost:80' },
    status: 500,
    text: refused('listen tcp: lookup nohost: no such host', 500),
  },
  ...['0.0.0.0:80', ':80', '[::]:80', '10.1.2.3:80'].map((listen) => ({
    call: 'POST /proxies',
    body: { name: 'c', upstream, listen },
    status: 403,
    text: refused('listening outside loopback is not allowed', 403),
  })),
  { call: 'PATCH /proxies/c', body: '{', status: 404, text: refused('proxy not found', 404) },
  {
    call: 'PATCH /proxies/a',
    body: { listen: 'foo' },
    status: 500,
    text: refused('address foo: missing port in address', 500),
  },
  { call: 'PATCH /proxies/a', body: { how: 'hard' }, status: 400, text: /how must be one of/ },
  { call: 'POST /proxies/c/toxics', body: '{', status: 404, text: refused('proxy not found', 404) },
  {
    call: 'POST /proxies/a/toxics',
    body: { type: 'nope', stream: 'sideways' },
    status: 400,
    text: refused('stream was invalid, can be either upstream or downstream', 400),
  },
  {
    call: 'POST /proxies/a/toxics',
    body: { type: 'noop', stream: '' },
    status: 400,
    text: refused('stream was invalid, can be either upstream or downstream', 400),
  },
  ...[{ type: 'down' }, {}, { type: null }].map((body) => ({
    call: 'POST /proxies/a/toxics',
    body,
    status: 400,
    text: refused('invalid toxic type', 400),
  })),
  {
    call: 'POST /proxies/a/toxics',
    body: { type: 'latency', name: 't', attributes: { latency: 'x' } },
    status: 409,
    text: refused('toxic already exists', 409),
  },
  {
    call: 'POST /proxies/a/toxics',
    body: { type: 'latency', attributes: { latency: 'x' }, toxicity: 7 },
    status: 400,
    text: refused('bad request body: attribute latency must be an integer, got "x"', 400),
  },
  ...[1.5, true].map((latency) => ({
    call: 'POST /proxies/a/toxics',
    body: { type: 'latency', attributes: { latency } },
    status: 400,
    text: /^\{"error":"bad request body: attribute latency must be an integer/,
  })),
  {
    call: 'POST /proxies/a/toxics',
    body: { type: 'bandwidth', attributes: { rate: -1 } },
    status: 400,
    text: refused('invalid attribute rate: must be 0 or more, got -1', 400),
  },
  {
    call: 'POST /proxies/a/toxics',
    body: { type: 'noop', toxicity: 7, trigger: { bytes: 1 } },
    status: 400,
    text: refused('invalid toxicity: must be between 0 and 1, got 7', 400),
  },
  {
    call: 'POST /proxies/a/toxics',
    body: { type: 'noop', name: 'n', trigger: { bytes: 1 } },
    status: 400,
    text: refused('invalid trigger: unknown key "bytes" (did you mean "byte"?)', 400),
  },
  { call: 'GET /proxies/a/toxics/none', status: 404, text: refused('toxic not found', 404) },
  {
    call: 'PATCH /proxies/a/toxics/none',
    body: '{',
    status: 404,
    text: refused('toxic not found', 404),
  },
  { call: 'DELETE /proxies/a/toxics/none', status: 404, text: refused('toxic not found', 404) },
  {
    call: 'PATCH /proxies/a/toxics/t',
    body: { toxicity: -1 },
    status: 400,
    text: refused('invalid toxicity: must be between 0 and 1, got -1', 400),
  },
  {
    call: 'POST /populate',
    body: [{ name: 'p', upstream }, { upstream }],
    status: 400,
    text: '{"error":"missing required field: name at proxy 2","status":400,"proxies":[]}\n',
  },
  {
    call: 'POST /populate',
    body: [{ name: 'p' }],
    status: 400,
    text: '{"error":"missing required field: upstream at proxy 1","status":400,"proxies":[]}\n',
  },
  { call: 'POST /populate', body: {}, status: 400, text: /bad request body: must be a list/ },
  {
    call: 'POST /populate',
    body: [{ name: 'p', upstream, listen: '0.0.0.0:1' }],
    status: 403,
    text: /outside loopback is not allowed/,
  },
  { call: 'GET /proxies/p', status: 404, text: refused('proxy not found', 404) },
];

test('every row of the contract is answered as Toxiproxy answers it', async (t) => {
  await withApi(async (api) => {
    await create(api, 'a', { toxics: [{ type: 'noop', name: 't' }] });

    for (const [index, { call, body, status, type, text }] of table.entries()) {
      const answer = await api.call(call, body);
      const title = `row ${index}: ${call} ${JSON.stringify(body) ?? ''}`;
      assert.equal(answer.status, status, `${title}: ${answer.text}`);
      if (type !== undefined) assert.equal(answer.type, type, title);
      else if (status >= 400 && answer.text.startsWith('{')) assert.equal(answer.type, json, title);
      if (typeof text === 'string') assert.equal(answer.text, text, title);
      else if (text !== undefined) assert.match(answer.text, text, title);
      assert.match(answer.headers.get('x-toxiproxy-request-id') ?? '', /^[0-9a-v]{20}$/, title);
      assert.equal(answer.headers.get('cache-control'), 'no-store', title);
      assert.equal(answer.headers.get('x-content-type-options'), 'nosniff', title);
    }
    t.diagnostic(`${table.length} rows`);
  });
});

test('names of fields match in any case, the exact one wins, null and unknown ones are not there', () =>
  withApi(async (api) => {
    const body =
      '{"NAME":"loose","name":"exact","UPSTREAM":"127.0.0.1:9","Enabled":null,"x":[1]} rest';

    const { status, text } = await api.call('POST /proxies', body, {
      'content-type': 'text/plain',
    });

    assert.equal(status, 201);
    assert.match(text, /"name":"exact","listen":"127\.0\.0\.1:\d+".*"enabled":true/);
  }));

test('attributes match in any case, and those a type does not have are ignored', () =>
  withApi(async (api) => {
    await create(api, 'a');

    const { text } = await api.call('POST /proxies/a/toxics', {
      TYPE: 'latency',
      attributes: { LATENCY: 5, JITTER: null, nothing: 1 },
    });

    assert.match(text, /^\{"attributes":\{"latency":5,"jitter":0\}/);
  }));

test('of a key that is there twice the last counts, and keys of prototypes are dropped', () =>
  withApi(async (api) => {
    const body = `{"name":"x","name":"y","upstream":"${upstream}","__proto__":{"enabled":false}}`;

    assert.match((await api.call('POST /proxies', body)).text, /"name":"y".*"enabled":true/);
  }));

test('bodies that are nested too deep, or too long, are refused', () =>
  withApi(async (api) => {
    const deep = `${'['.repeat(33)}${']'.repeat(33)}`;
    assert.match((await api.call('POST /populate', deep)).text, /nested more than 32 levels/);

    const long = await api.call('POST /proxies', ' '.repeat(1_048_577));
    assert.equal(long.text, refused('request body too large', 413));
    const list = Array.from({ length: 10_001 }, () => 0);
    assert.match((await api.call('POST /populate', list)).text, /more than 10000 proxies/);
  }));

test('a toxicity reads as the shortest number of single precision', () =>
  withApi(async (api) => {
    await create(api, 'a');
    for (const [index, toxicity] of [1, 0.25, 0.7, 0.1, 1 / 3, 0.000123456].entries()) {
      const body = { type: 'noop', name: `n${index}`, toxicity };
      const answered = (await api.call('POST /proxies/a/toxics', body)).json<{
        toxicity: number;
      }>();
      assert.equal(Math.fround(answered.toxicity), Math.fround(toxicity));
      assert.ok(String(answered.toxicity).length <= 11, String(answered.toxicity));
    }
  }));

test('names hold any character, and proxies are listed in the order of their names', () =>
  withApi(async (api) => {
    for (const name of ['b', 'a/b', '10', 'ü %', '__proto__']) await create(api, name);

    const { text } = await api.call('GET /proxies');

    assert.deepEqual(
      [...text.matchAll(/"name":"([^"]+)"/g)].map((match) => match[1]),
      ['10', '__proto__', 'a/b', 'b', 'ü %'],
    );
    for (const name of ['a/b', 'ü %', '__proto__']) {
      assert.equal((await api.call(`DELETE /proxies/${encodeURIComponent(name)}`)).status, 204);
    }
  }));

test('toxics are listed upstream first, one of both directions among them', () =>
  withApi(async (api) => {
    await create(api, 'a');
    for (const stream of ['downstream', 'upstream', 'both']) {
      await api.call('POST /proxies/a/toxics', { type: 'noop', stream });
    }

    const list = (await api.call('GET /proxies/a/toxics')).json<{ name: string }[]>();

    assert.deepEqual(
      list.map(({ name }) => name),
      ['noop_upstream', 'noop_both', 'noop_downstream'],
    );
  }));

test('a trigger, a schedule and a target are answered when they are set', () =>
  withApi(async (api) => {
    await create(api, 'a');
    const more = { trigger: { byte: 3 }, schedule: { duration: '5s' }, connections: { first: 1 } };

    const { text } = await api.call('POST /proxies/a/toxics', { type: 'noop', ...more });
    const patched = await api.call('PATCH /proxies/a/toxics/noop_downstream', {
      trigger: { byte: 4 },
    });

    assert.ok(text.endsWith(`"toxicity":1,${JSON.stringify(more).slice(1)}\n`), text);
    assert.match(patched.text, /"trigger":\{"byte":4\}/);
  }));

test('a refused change of a toxic changes nothing', () =>
  withApi(async (api) => {
    await create(api, 'a', { toxics: [{ type: 'latency', name: 'l' }] });

    const body = { attributes: { latency: 'x', jitter: 9 }, toxicity: 0.5 };
    assert.equal((await api.call('PATCH /proxies/a/toxics/l', body)).status, 400);

    const { attributes, toxicity } = api.proxies.proxy('a').toxic('l');
    assert.deepEqual(
      { attributes, toxicity },
      { attributes: { latency: 0, jitter: 0 }, toxicity: 1 },
    );
  }));

test('a port that is taken is told in the words of Go; nothing is created', () =>
  withApi(async (api) => {
    await create(api, 'a');
    const { listen } = api.proxies.proxy('a').toJSON();

    const created = await api.call('POST /proxies', { name: 'b', upstream, listen });
    await create(api, 'c');
    const moved = await api.call('PATCH /proxies/c', { listen });

    const message = `listen tcp ${listen}: bind: address already in use`;
    assert.equal(created.text, refused(message, 500));
    assert.equal(api.proxies.get('b'), undefined);
    assert.equal(moved.text, refused(message, 500));
    const { enabled, listen: now } = api.proxies.proxy('c').toJSON();
    assert.deepEqual({ enabled, now }, { enabled: false, now: listen });
  }));

test('the same address by another name changes nothing, port 0 takes a new one', () =>
  withApi(async (api) => {
    await create(api, 'a');
    const proxy = api.proxies.proxy('a');
    const { port } = proxy.listen;

    await api.call('PATCH /proxies/a', { listen: `localhost:${port}` });
    assert.equal(proxy.listen.port, port);
    await api.call('PATCH /proxies/a', { listen: '127.0.0.1:0' });
    assert.notEqual(proxy.listen.port, port);
    await api.call('PATCH /proxies/a', { listen: '' });
    assert.equal(proxy.enabled, true);
  }));

test('populating keeps what is equal, replaces what differs, stops at the first failure', () =>
  withApi(async (api) => {
    await create(api, 'a', { toxics: [{ type: 'noop' }] });
    const { listen } = api.proxies.proxy('a').toJSON();

    const kept = await api.call('POST /populate', [{ name: 'a', upstream, listen }]);
    assert.equal(kept.status, 201);
    assert.equal(api.proxies.proxy('a').toxics.length, 1);

    const disabled = await api.call('POST /populate', [
      { name: 'a', upstream, listen, enabled: false },
    ]);
    assert.match(disabled.text, /"enabled":false/);

    const replaced = await api.call('POST /populate', [
      { name: 'a', upstream, listen, enabled: true, toxics: [] },
      { name: 'a', upstream: '127.0.0.1:10', listen },
      { name: 'b', upstream, listen },
      { name: 'c', upstream },
    ]);
    assert.equal(replaced.status, 500);
    const { error, proxies } = replaced.json<{ error: string; proxies: { upstream: string }[] }>();
    assert.equal(error, `listen tcp ${listen}: bind: address already in use`);
    assert.deepEqual(
      proxies.map((proxy) => proxy.upstream),
      [upstream, '127.0.0.1:10'],
    );
    assert.equal(api.proxies.get('c'), undefined);
    const badText = await api.call('POST /populate', [{ name: 'a', upstream, listen: 'foo' }]);
    assert.match(badText.text, /^\{"error":"address foo: missing port in address","status":500/);
  }));

test('reset enables proxies, removes toxics, and tells the first failure when all were tried', () =>
  withApi(async (api) => {
    await create(api, 'a', { toxics: [{ type: 'noop' }] });
    await create(api, 'b', { enabled: false, toxics: [{ type: 'noop' }] });
    await create(api, 'c', { enabled: false, listen: api.proxies.proxy('a').toJSON().listen });
    await create(api, 'd', { enabled: false });

    const answer = await api.call('POST /reset');

    assert.equal(answer.status, 500);
    assert.match(answer.text, /address already in use/);
    assert.deepEqual(
      api.proxies.list().map(({ enabled }) => enabled),
      [true, true, false, true],
    );
    assert.deepEqual(api.proxies.proxy('b').toxics, []);
  }));
