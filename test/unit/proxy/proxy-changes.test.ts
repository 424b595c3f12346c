/** Moving, closing, waiting for and listening to a proxy, on the virtual clock. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Proxy } from '../../../src/proxy/proxy';
import type { ProxyEvent } from '../../../src/proxy/proxy-events';
import { type SimulatedWorld, simulatedWorld } from '../../../src/simulation/world';
import { dialProxy, proxyBench, watch } from '../../conformance/proxy-pair';

const inWorld = (body: (world: SimulatedWorld) => Promise<void>): Promise<void> => {
  const world = simulatedWorld();
  return world.run(() => body(world));
};

test('a proxy that moves listens there before it leaves, and a port of its own is kept', () =>
  inWorld(async (world) => {
    const { proxy } = await proxyBench(world);
    const { port } = proxy.listen;

    await proxy.update({ listen: `127.0.0.1:${port}` });
    assert.equal(proxy.listen.port, port);
    await proxy.update({ listen: `localhost:${port}` });
    assert.equal(proxy.listen.port, port);
    await proxy.update({ listen: `0.0.0.0:${port}` });
    assert.equal(proxy.listen.host, '0.0.0.0');
    await proxy.update({ enabled: false, how: 'keep' });
    await proxy.update({ listen: '127.0.0.1:7123' });
    assert.equal(proxy.enabled, false);
    assert.deepEqual(proxy.toJSON().listen, '127.0.0.1:7123');
    await proxy.update({ enabled: true });

    assert.equal(proxy.listen.port, 7_123);
    await proxy.close();
  }));

test('a proxy that cannot move is disabled, and says why', () =>
  inWorld(async (world) => {
    const { proxy, endpoint } = await proxyBench(world);
    const failed = proxy.waitFor('proxy.failed');

    await assert.rejects(proxy.update({ listen: `127.0.0.1:${endpoint.address.port}` }), {
      code: 'EADDRINUSE',
    });

    assert.equal((await failed)['code'], 'EADDRINUSE');
    assert.equal(proxy.enabled, false);
    await assert.rejects(proxy.update({ upstream: 'nowhere' }), { code: 'ECONFIG' });
    await proxy.close();
    await assert.rejects(proxy.enable(), { code: 'ESTATE' });
  }));

test('an event that does not come is a deadline', () =>
  inWorld(async (world) => {
    const { proxy } = await proxyBench(world);

    await assert.rejects(proxy.waitFor('toxic.acted', {}, { timeout: '5s' }), {
      code: 'EDEADLINE',
      message: 'no event toxic.acted of proxy proxy within 5000 ms',
    });
    await assert.rejects(proxy.waitForConnection({ numbers: [9] }, { timeout: 10 }), {
      code: 'EDEADLINE',
    });
    assert.equal(world.clock.now(), 5_010_000);
    await proxy.close();
  }));

test('events are iterated from the first look on, and only those that are meant', () =>
  inWorld(async (world) => {
    const { proxy } = await proxyBench(world);
    const seen: string[] = [];
    const listening = (async () => {
      for await (const { type, toxic } of proxy.events({ fault: 'noop' })) {
        seen.push(`${type} ${toxic}`);
        if (type === 'toxic.removed') break;
      }
    })();
    await Promise.resolve();

    proxy.addToxic({ type: 'noop', name: 'a' });
    proxy.addToxic({ type: 'blackhole', name: 'b' });
    proxy.updateToxic('a', { toxicity: 0.5 });
    proxy.removeToxic('a');
    await listening;

    assert.deepEqual(seen, ['toxic.added a', 'toxic.updated a', 'toxic.removed a']);
    await proxy.close();
  }));

test('a listener that throws is a warning, and nobody else misses an event', () =>
  inWorld(async (world) => {
    const { proxy } = await proxyBench(world);
    const told: ProxyEvent[] = [];
    const end = proxy.on('toxic.added', () => {
      throw new Error('broken listener');
    });
    proxy.on('*', (event) => void told.push(event));

    proxy.addToxic({ type: 'noop' });
    await world.clock.sleep(1);
    end();
    proxy.addToxic({ type: 'noop', name: 'second' });
    await world.clock.sleep(1);

    assert.deepEqual(
      told.map(({ type }) => type),
      ['toxic.added', 'warning', 'toxic.added'],
    );
    await proxy.close();
  }));

test('faults of a block are taken away whatever happens in it', () =>
  inWorld(async (world) => {
    const { proxy } = await proxyBench(world);

    const failed = proxy.withToxics([{ type: 'noop' }, { type: 'blackhole' }], async () => {
      assert.equal(proxy.toxics.length, 2);
      proxy.removeToxic('noop_downstream');
      throw new Error('inside');
    });

    await assert.rejects(failed, /inside/);
    assert.deepEqual(proxy.toxics, []);
    assert.throws(() => proxy.applyProfile('5g'), { code: 'EINVALIDFAULT' });
    {
      using _line = proxy.applyProfile('dsl');
      assert.equal(proxy.toxics.length, 4);
    }
    assert.deepEqual(proxy.toxics, []);
    await proxy.close();
  }));

test('faults that share a name are refused together, and none is attached', async () => {
  await inWorld(async (world) => {
    const toxics = [{ type: 'noop' }, { type: 'noop' }];

    await assert.rejects(Proxy.start({ world, upstream: '127.0.0.1:9', toxics }), {
      code: 'ETOXICEXISTS',
    });
  });
});

test('a connection is ended in one direction, or at an age in one direction', () =>
  inWorld(async (world) => {
    const { proxy, dial } = await proxyBench(world);
    const one = await dial();
    const atClient = watch(world, one.client);
    const atServer = watch(world, one.server);
    one.connection.end('downstream');
    one.connection.end('downstream');
    await atClient.ended;
    one.client.end('still up');
    await atServer.ended;
    assert.equal(atServer.bytes.toString(), 'still up');
    assert.equal(one.connection.state, 'halfClosed');

    proxy.addToxic({ type: 'limit_time', attributes: { time: 50, how: 'half', since: 'toxic' } });
    const two = await dial();
    const second = watch(world, two.client);
    await second.ended;

    assert.equal(second.end, 'fin');
    assert.equal(two.connection.outcome?.toxic, 'limit_time_downstream');
    await proxy.close();
  }));

test('without half-closes a FIN ends both sides, also before the upstream is reached', () =>
  inWorld(async (world) => {
    const { proxy, dial } = await proxyBench(world, { halfClose: false });
    const { client, server, connection } = await dial();
    const [atClient, atServer] = [watch(world, client), watch(world, server)];
    client.end('bye');
    await Promise.all([atClient.ended, atServer.ended]);
    server.end();
    assert.deepEqual(await connection.closed, { how: 'closed', by: 'client' });

    proxy.addToxic({ type: 'slow_connect', attributes: { delay: 60_000 } });
    const early = dialProxy(world, proxy);
    await once(early, 'connect');
    const closed = proxy.waitFor('connection.closed', {}, { timeout: '10s' });
    early.end();
    early.resume();

    assert.equal((await closed)['by'], 'client');
    assert.ok(world.clock.now() < 10_000_000);
    await proxy.close();
  }));

test('a client that is reset before the upstream is reached ends the dial', () =>
  inWorld(async (world) => {
    const { proxy, servers } = await proxyBench(world);
    proxy.addToxic({ type: 'slow_connect', attributes: { delay: 1_000 } });
    const client = dialProxy(world, proxy);
    await once(client, 'connect');
    const connection = await proxy.waitForConnection();
    client.resetAndDestroy();

    const { how, by } = await connection.closed;

    assert.deepEqual([how, by], ['reset', 'client']);
    assert.equal(servers.length, 0);
    await proxy.close();
  }));
