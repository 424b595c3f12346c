import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PASS } from '../../../src/faults/fault';
import { faultType } from '../../../src/faults/fault-type';
import type { ProxyEvent } from '../../../src/proxy/proxy-events';
import { ProxySet, type ProxySetOptions } from '../../../src/proxy/proxy-set';
import { simulatedWorld } from '../../../src/simulation/world';

function inSet(
  body: (set: ProxySet) => Promise<void>,
  options: ProxySetOptions = {},
): Promise<void> {
  return simulatedWorld().run(async (world) => {
    await using set = new ProxySet({ world, ...options });
    await body(set);
  });
}

const upstream = '127.0.0.1:9';

test('a set is data in the order and with the names of Toxiproxy', () =>
  inSet(async (set) => {
    const proxy = await set.create({ name: 'db', upstream, listen: 'localhost:0' });
    proxy.addToxic({ type: 'latency', stream: 'downstream', attributes: { latency: 100 } });
    proxy.addToxic({ type: 'noop', stream: 'upstream', toxicity: 0.25 });

    const { port } = proxy.listen;
    assert.equal(
      JSON.stringify(set),
      `{"db":{"name":"db","listen":"127.0.0.1:${port}","upstream":"127.0.0.1:9","enabled":true,"toxics":[` +
        '{"attributes":{},"name":"noop_upstream","type":"noop","stream":"upstream","toxicity":0.25},' +
        '{"attributes":{"latency":100,"jitter":0},"name":"latency_downstream","type":"latency","stream":"downstream","toxicity":1}]}}',
    );
  }));

test('a name that is taken, and one that is not there, are refused', () =>
  inSet(async (set) => {
    const first = set.create({ name: 'a', upstream });
    await assert.rejects(set.create({ name: 'a', upstream }), { code: 'EPROXYEXISTS' });
    const proxy = await first;
    await assert.rejects(set.delete('b'), { code: 'EPROXYNOTFOUND' });
    proxy.addToxic({ type: 'noop' });
    assert.throws(() => proxy.addToxic({ type: 'noop' }), { code: 'ETOXICEXISTS' });
    assert.throws(() => proxy.removeToxic('gone'), { code: 'ETOXICNOTFOUND' });
  }));

test('one bad fault and nothing is created', () =>
  inSet(async (set) => {
    const toxics = [{ type: 'noop' }, { type: 'bandwidth', attributes: { rate: -1 } }];

    await assert.rejects(set.create({ name: 'a', upstream, toxics }), { code: 'EINVALIDFAULT' });

    assert.deepEqual(set.list(), []);
  }));

test('populate creates, leaves alone, replaces, and stops at the first failure', () =>
  inSet(async (set) => {
    const { proxies } = await set.populate([
      { name: 'a', upstream },
      { name: 'b', upstream },
    ]);
    const [a, b] = proxies;
    a?.addToxic({ type: 'noop' });
    const taken = `127.0.0.1:${a?.listen.port}`;

    const again = await set.populate([
      { name: 'a', upstream, enabled: false },
      { name: 'b', upstream: '127.0.0.1:10' },
      { name: 'c', upstream, listen: `127.0.0.1:${set.get('b')?.listen.port}` },
    ]);

    assert.equal(again.proxies[0], a);
    assert.equal(a?.toxics.length, 1);
    assert.equal(a?.enabled, false);
    assert.notEqual(again.proxies[1], b);
    assert.equal(b?.enabled, false);
    await a?.enable();
    const failed = await set.populate([
      { name: 'd', upstream, listen: taken },
      { name: 'e', upstream },
    ]);
    assert.equal(failed.error?.code, 'EADDRINUSE');
    assert.deepEqual(failed.proxies, []);
    assert.equal(set.get('e'), undefined);
  }));

test('populating the same with faults replaces the list of faults', () =>
  inSet(async (set) => {
    await set.populate([{ name: 'a', upstream, toxics: [{ type: 'noop' }] }]);

    await set.populate([{ name: 'a', upstream, toxics: [{ type: 'slow_close' }] }]);

    assert.deepEqual(
      set.proxy('a').toxics.map(({ type }) => type),
      ['slow_close'],
    );
  }));

test('a refused update changes nothing, an empty one neither', () =>
  inSet(async (set) => {
    const proxy = await set.create({ name: 'a', upstream });
    proxy.addToxic({ type: 'latency', name: 'l', attributes: { latency: 1 } });

    const wrong = { attributes: { jitter: 9, latency: 'x' } };
    assert.throws(() => proxy.updateToxic('l', wrong), { code: 'EINVALIDFAULT' });
    assert.deepEqual(proxy.toxic('l').attributes, { latency: 1, jitter: 0 });
    proxy.updateToxic('l', {});
    proxy.updateToxic('l', { attributes: { jitter: 4 } });
    assert.deepEqual(proxy.toxic('l').attributes, { latency: 1, jitter: 4 });
    proxy.addToxic({ type: 'limit_time', name: 'age' });
    assert.throws(() => proxy.updateToxic('age', { trigger: { byte: 1 } }), {
      code: 'EINVALIDFAULT',
      field: 'trigger',
    });
  }));

test('reset enables all proxies and takes all faults away', () =>
  inSet(async (set) => {
    const a = await set.create({ name: 'a', upstream, toxics: [{ type: 'noop' }] });
    await a.disable();

    await set.reset();

    assert.equal(a.enabled, true);
    assert.deepEqual(a.toxics, []);
  }));

test('a disabled proxy keeps its address as it was sent until it is started', () =>
  inSet(async (set) => {
    const a = await set.create({ name: 'a', upstream, listen: 'localhost:0', enabled: false });
    assert.equal(a.toJSON().listen, 'localhost:0');

    await a.enable();

    assert.match(a.toJSON().listen, /^127\.0\.0\.1:\d+$/);
    assert.notEqual(a.listen.port, 0);
  }));

test('a set tells the events of all its proxies, numbered in one row', () =>
  inSet(async (set) => {
    const told: ProxyEvent[] = [];
    set.on((event) => told.push(event));
    const a = await set.create({ name: 'a', upstream });
    const b = await set.create({ name: 'b', upstream });
    a.addToxic({ type: 'noop' });
    b.addToxic({ type: 'noop' });
    a.removeToxic('noop_downstream');
    await Promise.resolve();

    assert.deepEqual(
      told.map(({ proxy, type, toxic }) => [proxy, type, toxic]),
      [
        ['a', 'proxy.started', undefined],
        ['b', 'proxy.started', undefined],
        ['a', 'toxic.added', 'noop_downstream'],
        ['b', 'toxic.added', 'noop_downstream'],
        ['a', 'toxic.removed', 'noop_downstream'],
      ],
    );
    assert.ok(told.every(({ id }, index) => index === 0 || id > (told[index - 1]?.id ?? 0)));
  }));

test('a listener that throws is a warning and stops nothing', () =>
  inSet(async (set) => {
    const a = await set.create({ name: 'a', upstream });
    const warned = a.waitFor('warning');
    a.on('toxic.added', () => {
      throw new Error('mine');
    });

    a.addToxic({ type: 'noop' });

    assert.equal((await warned)['message'], 'Error: mine');
  }));

test('kinds and profiles of a user stand beside those of Brine', () =>
  inSet(
    async (set) => {
      const a = await set.create({ name: 'a', upstream });
      a.addToxic({ type: 'mine', attributes: {} });
      const applied = a.applyProfile('harbour');
      assert.deepEqual(
        a.toxics.map(({ name }) => name),
        ['mine_downstream', 'profile:harbour:1'],
      );

      applied[Symbol.dispose]();

      assert.deepEqual(
        a.toxics.map(({ name }) => name),
        ['mine_downstream'],
      );
      assert.throws(() => a.applyProfile('harbor'), {
        message: 'unknown profile "harbor" (did you mean "harbour"?)',
      });
    },
    {
      faultTypes: [
        faultType({ type: 'mine', attributes: {}, stage: () => ({ onChunk: () => PASS }) }),
      ],
      profiles: { harbour: [{ type: 'latency', attributes: { latency: 600 } }] },
    },
  ));

test('faults that are there for a while are removed whatever happens', () =>
  inSet(async (set) => {
    const a = await set.create({ name: 'a', upstream });
    const failing = a.withToxics([{ type: 'noop' }, { type: 'slow_close' }], async () => {
      assert.equal(a.toxics.length, 2);
      throw new Error('the test failed');
    });

    await assert.rejects(failing, { message: 'the test failed' });
    assert.deepEqual(a.toxics, []);
  }));
