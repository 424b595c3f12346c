import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Proxy, Toxic, Toxiproxy, ToxiproxyError } from 'toxiproxy-node-client';
import { packageInfo } from '../../../src/base/package-info';
import { ControlServer } from '../../../src/control/control-server';
import { Client } from '../../../src/tcp/client';
import { Listener } from '../../../src/tcp/listener';

const echo = new Listener(0).attach(() => ({ onBytes: (bytes) => bytes }));
let control: ControlServer;
let toxiproxy: Toxiproxy;
let upstream: string;

before(async () => {
  await echo.start();
  upstream = `127.0.0.1:${echo.port}`;
  control = await ControlServer.start({ port: 0 });
  toxiproxy = new Toxiproxy(control.url);
});

after(async () => {
  await control.close();
  await echo.gracefulStop();
});

async function fresh(name: string): Promise<Proxy> {
  return toxiproxy.createProxy({ name, listen: 'localhost:0', upstream });
}

test('its createProxy starts a proxy that passes bytes', async () => {
  const proxy = await fresh('created');

  assert.ok(proxy instanceof Proxy);
  assert.match(proxy.listen, /^127\.0\.0\.1:\d+$/);
  assert.deepEqual(proxy.toJson(), {
    enabled: true,
    listen: proxy.listen,
    name: 'created',
    upstream,
  });
  assert.equal(proxy.getToxiproxy(), toxiproxy);
  const [host = '', port] = proxy.listen.split(':');
  await using client = await Client.connect({ host, port: Number(port) });
  await client.writeBytes(Buffer.from('hello'));
  assert.equal(Buffer.from(await client.readBytes(5)).toString(), 'hello');
  await proxy.remove();
});

test('its populate, get, getAll and remove find what there is', async () => {
  const populated = await toxiproxy.populate([
    { name: 'one', listen: 'localhost:0', upstream },
    { name: 'two', listen: 'localhost:0', upstream },
  ]);

  assert.deepEqual(Object.keys(populated).sort(), ['one', 'two']);
  assert.deepEqual(Object.keys(await toxiproxy.getAll()).sort(), ['one', 'two']);
  const one = await toxiproxy.get('one');
  assert.equal(one.listen, populated['one']?.listen);
  await one.remove();
  await populated['two']?.remove();
  assert.deepEqual(await toxiproxy.getAll(), {});
  assert.deepEqual(await toxiproxy.populate([]), {});
});

test('its getVersion reads the version as text', async () => {
  assert.equal(await toxiproxy.getVersion(), `{"version": "${packageInfo().version}"}\n`);
});

test('its update disables, moves and enables a proxy', async () => {
  const proxy = await fresh('updated');

  const disabled = await proxy.update({ enabled: false, listen: proxy.listen, upstream });
  const moved = await disabled.update({
    enabled: true,
    listen: 'localhost:0',
    upstream: '127.0.0.1:9',
  });

  assert.equal(disabled.enabled, false);
  assert.equal(disabled.listen, proxy.listen);
  assert.equal(moved.enabled, true);
  assert.equal(moved.upstream, '127.0.0.1:9');
  await moved.remove();
});

test('its toxics are added, read, updated and removed', async () => {
  const proxy = await fresh('toxics');

  const toxic = await proxy.addToxic({
    name: 'slow',
    type: 'latency',
    stream: 'upstream',
    toxicity: 0.7,
    attributes: { latency: 100, jitter: 10 },
  });

  assert.ok(toxic instanceof Toxic);
  assert.deepEqual(toxic.toJson(), {
    name: 'slow',
    type: 'latency',
    stream: 'upstream',
    toxicity: 0.7,
    attributes: { latency: 100, jitter: 10 },
  });
  const read = await proxy.getToxic('slow');
  assert.deepEqual(read.toJson(), toxic.toJson());
  const updated = await read.update({ attributes: { latency: 7 } } as never);
  assert.deepEqual(updated.attributes, { latency: 7, jitter: 10 });
  await updated.remove();
  await assert.rejects(proxy.getToxic('slow'), ToxiproxyError);
  await proxy.remove();
});

test('its reset enables every proxy and takes the toxics away', async () => {
  const proxy = await fresh('reset');
  await proxy.addToxic({ type: 'timeout', attributes: { timeout: 10 } } as never);
  await proxy.update({ enabled: false, listen: proxy.listen, upstream });

  await toxiproxy.reset();

  assert.equal((await toxiproxy.get('reset')).enabled, true);
  assert.deepEqual(control.proxies.proxy('reset').toxics, []);
  await proxy.remove();
});

test('its calls reject for what is not there, is there already, or does not fit', async () => {
  const proxy = await fresh('refused');

  for (const call of [
    () => toxiproxy.get('nobody'),
    () => fresh('refused'),
    () => proxy.addToxic({ type: 'down', attributes: {} } as never),
    () => proxy.addToxic({ type: 'latency', attributes: { latency: 'x' } } as never),
  ]) {
    await assert.rejects(call(), ToxiproxyError);
  }
  await proxy.remove();
});
