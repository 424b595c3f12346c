import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect, createServer } from 'node:net';
import { after, before, test } from 'node:test';
import type { ControlOptions } from '../../../src/control/control-parts';
import { ControlServer } from '../../../src/control/control-server';
import { ProxySet } from '../../../src/proxy/proxy-set';

let control: ControlServer;
before(async () => {
  control = await ControlServer.start({ port: 0 });
});
after(() => control.close());

interface RawAnswer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** An exchange with headers that `fetch` does not let through. */
async function exchange(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  to: { readonly port: number; readonly host?: string } = control,
): Promise<RawAnswer> {
  const { port, host = '127.0.0.1' } = to;
  const asked = request({ host, port, method, path, headers, agent: false });
  asked.end();
  const [answer] = await once(asked, 'response');
  const text = await new Response(answer).text();
  return { status: answer.statusCode, headers: answer.headers, text };
}

test('a method that a path does not have is 405 without a body, HEAD among them', async () => {
  for (const method of ['HEAD', 'PUT', 'OPTIONS']) {
    const { status, text, headers } = await exchange(method, '/proxies');
    assert.deepEqual([method, status, text], [method, 405, '']);
    assert.equal(headers['access-control-allow-origin'], undefined);
  }
});

const guarded: readonly (readonly [
  headers: Record<string, string>,
  status: number,
  text: RegExp,
])[] = [
  [{ 'user-agent': 'Mozilla/5.0' }, 403, /^User agent not allowed\n$/],
  [{ 'user-agent': 'mozilla/5.0' }, 200, /^\{/],
  [{ 'user-agent': 'x Mozilla/5.0' }, 200, /^\{/],
  [{ origin: 'http://localhost:8474' }, 403, /origin not allowed/],
  [{ origin: 'null' }, 403, /origin not allowed/],
  [{ host: 'evil.example:8474' }, 403, /host not allowed/],
  [{ host: '127.0.0.1.evil.example' }, 403, /host not allowed/],
  [{ host: 'localhost:1' }, 200, /^\{/],
  [{ host: 'LOCALHOST' }, 200, /^\{/],
  [{ host: '[::1]:8474' }, 200, /^\{/],
  [{ host: '127.0.0.2' }, 200, /^\{/],
];

for (const [headers, status, text] of guarded) {
  test(`a request with ${JSON.stringify(headers)} is answered with ${status}`, async () => {
    const answer = await exchange('GET', '/proxies', headers);

    assert.equal(answer.status, status);
    assert.match(answer.text, text);
  });
}

test('the guard comes before the path and the method', async () => {
  const headers = { origin: 'http://evil.example' };

  assert.equal((await exchange('GET', '/nothing', headers)).status, 403);
  assert.equal((await exchange('PUT', '/proxies', headers)).status, 403);
});

test('with allowRemote any Host passes, with allowHosts those that are named', async () => {
  await using open = await ControlServer.start({ port: 0, host: '0.0.0.0', allowRemote: true });
  await using named = await ControlServer.start({ port: 0, allowHosts: ['Toxiproxy'] });
  const at = (host: string): Record<string, string> => ({ host });

  assert.equal((await exchange('GET', '/proxies', at('toxiproxy:8474'), open)).status, 200);
  assert.equal((await exchange('GET', '/proxies', at('toxiproxy:8474'), named)).status, 200);
  assert.equal((await exchange('GET', '/proxies', at('other:8474'), named)).status, 403);
  assert.equal(open.url, `http://0.0.0.0:${open.port}`);
});

test('an address outside loopback, or a port that is taken, is refused', async () => {
  const refused: readonly (readonly [ControlOptions, object])[] = [
    [
      { host: '0.0.0.0', port: 0 },
      { code: 'ECONFIG', message: 'refusing to listen on 0.0.0.0 without --allow-remote' },
    ],
    [{ port: control.port }, { code: 'EADDRINUSE' }],
    [{ port: control.port, host: '127.0.0.1' }, { code: 'EADDRINUSE' }],
    [{ host: '203.0.113.1', port: 0, allowRemote: true }, { code: 'EADDRNOTAVAIL' }],
  ];
  for (const [options, error] of refused) await assert.rejects(ControlServer.start(options), error);
});

test('a port that is taken on ::1 alone is refused, and left on 127.0.0.1', async (t) => {
  const other = createServer();
  other.listen(0, '::1');
  const there = await Promise.race([
    once(other, 'listening').then(() => true),
    once(other, 'error').then(() => false),
  ]).catch(() => false);
  const address = other.address();
  if (!there || address === null || typeof address === 'string') {
    t.diagnostic('no ::1 on this machine');
    return;
  }

  await assert.rejects(ControlServer.start({ port: address.port }), { code: 'EADDRINUSE' });

  other.close();
  await once(other, 'close');
  await using again = await ControlServer.start({ port: address.port });
  assert.equal(again.port, address.port);
});

test('a proxy outside loopback needs allowRemote', async () => {
  await using open = await ControlServer.start({ port: 0, allowRemote: true });
  const body = JSON.stringify({ name: 'a', upstream: '127.0.0.1:9', listen: ':0' });

  const answer = await fetch(`${open.url}/proxies`, { method: 'POST', body });

  assert.equal(answer.status, 201);
  assert.match(open.proxies.proxy('a').toJSON().listen, /^(\[::\]|0\.0\.0\.0):\d+$/);
});

test('H10: a client that sends half a request keeps nobody else from being answered', async () => {
  const slow = connect(control.port, '127.0.0.1');
  await once(slow, 'connect');
  slow.write('POST /proxies HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"name":');
  const half = connect(control.port, '127.0.0.1');
  await once(half, 'connect');
  half.write('GET /proxies HTTP/1.1\r\nHost: loc');

  assert.equal((await exchange('GET', '/proxies')).status, 200);

  slow.destroy();
  half.destroy();
});

test('headers and bodies that are too large are refused', async () => {
  const long = await fetch(`${control.url}/proxies`, {
    method: 'POST',
    body: ' '.repeat(1_048_577),
  });
  assert.equal(long.status, 413);
  assert.deepEqual(await long.json(), { error: 'request body too large', status: 413 });

  const { status } = await exchange('GET', '/proxies', { x: 'y'.repeat(17_000) });
  assert.equal(status, 431);
});

test('localhost is also ::1 where there is one', async (t) => {
  const probe = connect(control.port, '::1');
  const outcome = await Promise.race([
    once(probe, 'connect').then(() => 'there'),
    new Promise<string>((resolve) => {
      probe.on('error', ({ message }) => resolve(message));
    }),
  ]);
  probe.destroy();
  if (outcome !== 'there') {
    t.diagnostic(`no ::1 on this machine: ${outcome}`);
    return;
  }
  assert.equal(
    (await exchange('GET', '/proxies', {}, { port: control.port, host: '::1' })).status,
    200,
  );
});

test('closing ends the streams and the proxies it owns, and leaves those of others', async () => {
  const proxies = new ProxySet();
  const shared = await ControlServer.start({ port: 0, proxies });
  await fetch(`${shared.url}/proxies`, {
    method: 'POST',
    body: JSON.stringify({ name: 'a', upstream: '127.0.0.1:9' }),
  });
  const stream = await fetch(`${shared.url}/brine/events?after=0`);

  await Promise.all([shared.close(), shared.close()]);

  assert.match(await stream.text(), /event: proxy\.started\ndata: \{.*"proxy":"a"/);
  assert.equal(proxies.proxy('a').enabled, true);
  await proxies.close();
  const own = await ControlServer.start({ port: 0 });
  const proxy = await own.proxies.create({ name: 'b', upstream: '127.0.0.1:9' });
  await own.close();
  assert.equal(proxy.enabled, false);
});
