import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { formatAddress } from '../../../src/base/address';
import type { ConnectionData } from '../../../src/control/connection-log';
import type { Connection } from '../../../src/network/connection';
import { simulatedWorld } from '../../../src/simulation/world';
import { withNetwork } from '../../support/tcp-world';
import { type TestedApi, withApi } from './api';

interface Bench {
  readonly client: Connection;
  readonly server: Connection;
}

/** A proxy `a`, an upstream, and connections through it. */
async function bench(api: TestedApi): Promise<() => Promise<Bench>> {
  const servers: Connection[] = [];
  const { world, proxies } = api;
  const endpoint = await world.network.listen({ port: 0 }, (server) => {
    server.on('error', () => undefined);
    servers.push(server);
  });
  const upstream = formatAddress(endpoint.address);
  await api.call('POST /proxies', { name: 'a', upstream });
  return async () => {
    const proxy = proxies.proxy('a');
    const count = servers.length;
    const dialled = proxy.waitFor('connection.dialled');
    const { host, port } = proxy.listen;
    const client = world.network.connect({ host, port, allowHalfOpen: true });
    client.on('error', () => undefined);
    await dialled;
    while (servers.length === count) await world.clock.sleep(1);
    const server = servers[count];
    assert.ok(server !== undefined);
    return { client, server };
  };
}

test('the catalogue of faults tells their attributes, with a JSON Schema', () =>
  withApi(async (api) => {
    const list = (await api.call('GET /brine/faults')).json<
      {
        type: string;
        attributes: object;
        schema: { properties: Record<string, object>; required: [] };
      }[]
    >();

    const latency = list.find(({ type }) => type === 'latency');
    assert.deepEqual(latency?.schema.properties['latency'], {
      type: 'integer',
      minimum: 0,
      description: 'ms',
      default: 0,
    });
    const replace = list.find(({ type }) => type === 'replace');
    assert.deepEqual(replace?.schema.required, ['find']);
    const kinds = new Set(
      list.flatMap(({ schema }) =>
        Object.values(schema.properties).map((each) => Object.keys(each)[0]),
      ),
    );
    assert.deepEqual([...kinds].sort(), ['anyOf', 'enum', 'type']);
  }));

test('a profile is listed, applied, replaced and taken away', () =>
  withApi(async (api) => {
    await bench(api);
    const profiles = (await api.call('GET /brine/profiles')).json<Record<string, unknown[]>>();
    assert.ok(profiles['3g'] !== undefined);

    const applied = await api.call('PUT /brine/proxies/a/profile', { name: '3g' });
    assert.match(applied.text, /"name":"profile:3g:1"/);
    await api.call('PUT /brine/proxies/a/profile', { name: 'offline' });
    assert.equal(api.proxies.proxy('a').toxics.length, 2);
    assert.equal((await api.call('DELETE /brine/proxies/a/profile')).status, 204);
    assert.deepEqual(api.proxies.proxy('a').toxics, []);
    const unknown = await api.call('PUT /brine/proxies/a/profile', { name: '3gg' });
    assert.equal(
      unknown.text,
      '{"error":"unknown profile \\"3gg\\" (did you mean \\"3g\\"?)","status":400}\n',
    );
  }));

test('a proxy tells its counters, options and seed, and heals', () =>
  withApi(async (api) => {
    const dial = await bench(api);
    await dial();
    await api.call('POST /proxies/a/toxics', { type: 'noop' });

    const facts = (await api.call('GET /brine/proxies/a')).json<Record<string, object | number>>();
    assert.equal(facts['connections'], 1);
    assert.equal(typeof facts['seed'], 'number');
    assert.equal((facts['counters'] as { accepted: number }).accepted, 1);
    assert.equal((facts['options'] as { dialTimeoutMs: number }).dialTimeoutMs, 10_000);
    await api.call('PATCH /proxies/a', { enabled: false });
    const healed = await api.call('POST /brine/proxies/a/heal');
    assert.match(healed.text, /"enabled":true,"toxics":\[\]/);
    const decisions = (await api.call('GET /brine/proxies/a/decisions')).json<{ values: [] }>();
    assert.deepEqual(decisions.values, []);
  }));

test('a wait ends with the event, with 408, or with what is wrong', () =>
  withApi(async (api) => {
    await bench(api);
    const body = { event: 'toxic.added', where: { toxic: 'n' }, timeout: '5s' };

    const waiting = api.call('POST /brine/proxies/a/wait', body);
    await api.world.clock.sleep(1);
    await api.call('POST /proxies/a/toxics', { type: 'noop', name: 'n' });
    const event = await waiting;
    assert.equal(event.status, 200);
    assert.match(event.text, /"type":"toxic\.added"/);

    const late = await api.call('POST /brine/proxies/a/wait', { event: 'warning' });
    assert.deepEqual(
      [late.status, late.text],
      [408, '{"error":"no such event within the time","status":408}\n'],
    );
    const wrong = await api.call('POST /brine/proxies/a/wait', { event: 'toxic.add' });
    assert.match(wrong.text, /no event \\"toxic\.add\\" \(did you mean \\"toxic\.added\\"\?\)/);
    const where = await api.call('POST /brine/proxies/a/wait', { event: 'warning', where: 1 });
    assert.equal(where.status, 400);
  }));

test('connections are listed, open and closed, and forgotten after a minute', () =>
  withApi(async (api) => {
    const dial = await bench(api);
    const { client } = await dial();
    await dial();
    await api.call('POST /proxies/a/toxics', { type: 'noop' });
    client.write('hello');
    await api.world.clock.sleep(5);
    client.destroy();
    await api.world.clock.sleep(50);

    const all = (await api.call('GET /brine/connections')).json<ConnectionData[]>();
    const states = all.map(({ id, state }) => `${id} ${state}`);
    const closed = (await api.call('GET /brine/connections/a/1')).json<ConnectionData>();

    assert.ok(
      states.includes('a#2 open') && states.some((text) => text.startsWith('a#1')),
      `${states}`,
    );
    assert.equal(closed.bytes.upstream.sent, 5);
    assert.deepEqual(all.find(({ id }) => id === 'a#2')?.toxics, ['noop_downstream']);
    const count = async (query: string): Promise<number> =>
      (await api.call(`GET /brine/connections${query}`)).json<unknown[]>().length;
    assert.equal(await count('?proxy=b'), 0);
    assert.equal(await count('?proxy=a&limit=1'), 1);
    assert.equal(await count('?state=open'), 1);
    assert.equal((await api.call('GET /brine/connections?limit=x')).status, 400);
    await api.call('DELETE /brine/connections?proxy=a&how=reset');
    await api.world.clock.sleep('10s');
    assert.equal(await count('?state=closed'), 2);
    await api.world.clock.sleep('61s');
    assert.equal(await count(''), 0);
    assert.equal((await api.call('GET /brine/connections/a%231')).status, 404);
  }));

for (const [query, seen] of [
  ['', 'end'],
  ['?how=end', 'end'],
  ['?how=half', 'end'],
  ['?how=reset', 'error'],
  ['?how=reset&side=client', 'error'],
] as const) {
  test(`ending a connection with "${query}" shows its client ${seen}`, () =>
    withApi(async (api) => {
      const dial = await bench(api);
      const { client } = await dial();
      client.resume();
      const over = once(client, seen);

      assert.equal((await api.call(`DELETE /brine/connections/a/1${query}`)).status, 204);

      await over;
      assert.equal(client.errored !== null, seen === 'error');
      client.destroy();
    }));
}

test('ending refuses words it does not know, and connections that are not there', () =>
  withApi(async (api) => {
    const dial = await bench(api);
    await dial();

    assert.match(
      (await api.call('DELETE /brine/connections/a/1?how=hard')).text,
      /how must be one of/,
    );
    assert.equal((await api.call('DELETE /brine/connections/a/7')).status, 404);
    assert.equal((await api.call('PUT /brine/connections/a/1')).status, 405);
    const all = await api.call('DELETE /brine/connections?how=reset');
    assert.equal(all.text, '{"closed":1}\n');
    assert.equal((await api.call('DELETE /brine/connections?proxy=none')).status, 404);
  }));

test('bytes are injected into a direction of a connection', () =>
  withApi(async (api) => {
    const dial = await bench(api);
    const { client, server } = await dial();

    assert.equal(
      (await api.call('POST /brine/connections/a/1/inject', { bytes: 'hex "6869"' })).status,
      204,
    );
    await api.call('POST /brine/connections/a%231/inject', {
      stream: 'upstream',
      bytes: { hex: '21' },
    });

    assert.equal(String((await once(client, 'data'))[0]), 'hi');
    assert.equal(String((await once(server, 'data'))[0]), '!');
    const sideways = { stream: 'sideways', bytes: 'x' };
    assert.equal((await api.call('POST /brine/connections/a/1/inject', sideways)).status, 400);
  }));

test('toxics of one connection act there only, and go with it', () =>
  withApi(async (api) => {
    const dial = await bench(api);
    const first = await dial();
    await dial();
    const path = '/brine/connections/a/1/toxics';

    const added = await api.call(`POST ${path}`, { type: 'latency', attributes: { latency: 5 } });
    assert.match(added.text, /"name":"latency_downstream#1".*"connections":\{"ids":\["a#1"\]\}/);
    const name = encodeURIComponent('latency_downstream#1');
    const patched = await api.call(`PATCH ${path}/${name}`, { attributes: { latency: 7 } });
    assert.match(patched.text, /"latency":7/);
    assert.match((await api.call(`GET ${path}/${name}`)).text, /"latency":7/);
    assert.equal((await api.call(`GET ${path}`)).json<[]>().length, 1);
    assert.equal((await api.call('GET /brine/connections/a/2/toxics')).text, '[]\n');
    assert.equal((await api.call(`DELETE /brine/connections/a/2/toxics/${name}`)).status, 404);
    assert.equal((await api.call(`DELETE ${path}/${name}`)).status, 204);
    await api.call(`POST ${path}`, { type: 'noop' });
    assert.equal(api.proxies.proxy('a').toxics.length, 1);
    first.client.destroy();
    first.server.destroy();
    await api.world.clock.sleep('1s');
    assert.deepEqual(api.proxies.proxy('a').toxics, []);
  }));

/** The events of a stream of text, up to a number of them. */
async function readEvents(response: Response, count: number): Promise<readonly string[]> {
  assert.ok(response.body !== null);
  const reader = response.body.getReader();
  let text = '';
  while (text.split('\n\n').length <= count) {
    const { done, value } = await reader.read();
    if (done) break;
    text += Buffer.from(value).toString();
  }
  await reader.cancel();
  return text.split('\n\n').filter((event) => event !== '');
}

test('events are told as they happen, by proxy and by type, with their numbers', () =>
  withApi(async (api) => {
    await bench(api);
    const stream = await api.open('GET /brine/events?proxy=a&type=toxic.added,toxic.removed');
    assert.equal(stream.headers.get('content-type'), 'text/event-stream');

    await api.call('POST /proxies', { name: 'b', upstream: '127.0.0.1:9' });
    await api.call('POST /proxies/a/toxics', { type: 'noop' });
    await api.call('DELETE /proxies/a/toxics/noop_downstream');

    const [added = '', removed = ''] = await readEvents(stream, 2);
    assert.match(added, /^id: \d+\nevent: toxic\.added\ndata: \{.*"toxic":"noop_downstream"/);
    assert.match(removed, /^id: \d+\nevent: toxic\.removed\n/);
  }));

test('events are replayed behind a number, by the query and by Last-Event-ID, in lines of JSON too', () =>
  withApi(async (api) => {
    await bench(api);
    await api.call('POST /proxies/a/toxics', { type: 'noop' });
    await api.world.clock.sleep(1);

    const all = await readEvents(await api.open('GET /brine/events?after=0'), 2);
    const second = await readEvents(
      await api.open('GET /brine/events', { 'last-event-id': '1' }),
      1,
    );
    const lines = await api.open('GET /brine/events?after=0', { accept: 'application/x-ndjson' });

    assert.match(all[0] ?? '', /^id: 1\nevent: proxy\.started/);
    assert.deepEqual(second, [all[1]]);
    assert.equal(lines.headers.get('content-type'), 'application/x-ndjson');
    assert.ok(lines.body !== null);
    const reader = lines.body.getReader();
    const first = await reader.read();
    assert.equal(JSON.parse(Buffer.from(first.value ?? []).toString()).type, 'proxy.started');
    await reader.cancel();
    assert.equal((await api.call('GET /brine/events?after=x')).status, 400);
  }));

test('events that are no more there are told as a gap; a silent stream is pinged', () =>
  withApi(async (api) => {
    await bench(api);
    const proxy = api.proxies.proxy('a');
    for (let round = 0; round < 5_001; round++) {
      proxy.addToxic({ type: 'noop' });
      proxy.removeToxic('noop_downstream');
    }
    await api.world.clock.sleep(1);

    const [gap = '', next = ''] = await readEvents(await api.open('GET /brine/events?after=1'), 2);
    assert.match(gap, /^event: gap\ndata: \{"type":"gap","after":1,"next":(\d+)\}$/);
    assert.ok(next.startsWith(`id: ${/"next":(\d+)/.exec(gap)?.[1]}\n`), next.slice(0, 40));

    const silent = await api.open('GET /brine/events');
    const ping = readEvents(silent, 1);
    await api.world.clock.sleep('16s');
    assert.deepEqual(await ping, [': ping']);
  }));

test('at most 64 readers of events are served; one that leaves makes room', () =>
  withApi(async (api) => {
    const streams = await Promise.all(
      Array.from({ length: 64 }, () => api.open('GET /brine/events')),
    );
    assert.equal((await api.call('GET /brine/events')).status, 503);

    await streams[0]?.body?.cancel();

    const again = await api.open('GET /brine/events');
    assert.equal(again.status, 200);
    await again.body?.cancel();
  }));

test('decisions are told to those who ask for them by type', () =>
  withApi(async (api) => {
    const dial = await bench(api);
    const stream = await api.open('GET /brine/events?type=decision');
    await api.call('POST /proxies/a/toxics', { type: 'noop', toxicity: 0.5 });
    await dial();

    const [event = ''] = await readEvents(stream, 1);
    assert.match(event, /event: decision\ndata: \{.*"purpose":"toxicity"/);
  }));

test('a handler that takes too long is answered with 503', () =>
  simulatedWorld().run(async (own) => {
    const world = withNetwork(own, { lookup: () => new Promise(() => undefined) });
    await withApi(
      async (api) => {
        const body = { name: 'x', upstream: '127.0.0.1:9', listen: 'slow:0' };

        const { status, text } = await api.call('POST /proxies', body);

        assert.deepEqual([status, text], [503, '{"error":"request timed out","status":503}\n']);
        assert.equal(world.clock.now(), 5_000_000);
      },
      { world },
    );
  }));
