/** Faults of our own, triggers, schedules and targets, as both peers see them, on every network. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Fault } from '../../src/faults/fault';
import { type Claim, contract, settle } from './maker';
import { dialProxy, proxyBench, watch } from './proxy-pair';

const accepting = contract((claim) => {
  for (const how of ['fin', 'reset'] as const) {
    claim(`close_at_accept ends with ${how} and dials nobody`, async (world) => {
      const { proxy, servers } = await proxyBench(world);
      proxy.addToxic({ type: 'close_at_accept', attributes: { how } });
      const client = dialProxy(world, proxy);
      const seen = watch(world, client);
      await seen.ended;
      client.end();

      assert.equal(seen.end, how === 'fin' ? 'fin' : 'rst');
      assert.equal(servers.length, 0);
      await proxy.close();
    });
  }

  claim('fail_first lets later connections pass', async (world) => {
    const { proxy, dial } = await proxyBench(world);
    proxy.addToxic({ type: 'fail_first', attributes: { count: 2, how: 'reset' } });
    for (const _ of [1, 2]) {
      const seen = watch(world, dialProxy(world, proxy));
      await seen.ended;
      assert.equal(seen.end, 'rst');
    }

    const { client, server } = await dial();
    const seen = watch(world, server);
    client.write('third');
    await seen.has(5);
    await proxy.close();
  });

  claim('refuse stops listening and gives the same port back', async (world) => {
    const { proxy, dial } = await proxyBench(world);
    const { client, server } = await dial();
    const seen = watch(world, server);
    const { port } = proxy.listen;
    proxy.addToxic({ type: 'refuse', name: 'no' });
    await settle(world);

    const [error] = await once(dialProxy(world, proxy), 'error');
    assert.equal((error as NodeJS.ErrnoException).code, 'ECONNREFUSED');
    client.write('lives');
    await seen.has(5);
    proxy.removeToxic('no');
    await settle(world);

    assert.equal(proxy.listen.port, port);
    await dial();
    await proxy.close();
  });

  claim('max_connections lets one in when one leaves', async (world) => {
    const { proxy, dial, servers } = await proxyBench(world);
    proxy.addToxic({ type: 'max_connections' });
    const first = await dial();
    const second = dialProxy(world, proxy);
    const seen = watch(world, second);
    await proxy.waitForConnection({ numbers: [2] });
    assert.equal(servers.length, 1);

    const dialled = proxy.waitFor('connection.dialled', {}, { timeout: '15s' });
    first.server.on('error', () => undefined);
    first.client.resetAndDestroy();
    await dialled;
    assert.equal(seen.end, 'open');
    await proxy.close();
  });

  claim('limit_time ends a connection while data flows', async (world) => {
    const { proxy, dial } = await proxyBench(world);
    const { client, server, connection } = await dial();
    const [atClient, atServer] = [watch(world, client), watch(world, server)];
    server.write('flows');
    await atClient.has(5);

    proxy.addToxic({ type: 'limit_time', attributes: { time: 5, how: 'reset', since: 'toxic' } });
    await Promise.all([atClient.ended, atServer.ended]);

    assert.deepEqual([atClient.end, atServer.end], ['rst', 'rst']);
    assert.equal((await connection.closed).toxic, 'limit_time_downstream');
    await proxy.close();
  });
});

const ending = contract((claim) => {
  const cases: readonly (readonly [Fault, string, 'fin' | 'rst'])[] = [
    [{ type: 'truncate', attributes: { after: 3, how: 'reset' } }, 'abc', 'rst'],
    [{ type: 'half_close', attributes: { after: 3 } }, 'abc', 'fin'],
    [{ type: 'half_close', attributes: { after: 3, discard: false } }, 'abc', 'fin'],
    [{ type: 'reset', attributes: { after: 3, delay: 30 } }, 'abc', 'rst'],
  ];
  for (const [fault, bytes, end] of cases) {
    claim(`${JSON.stringify(fault)} gives ${bytes}, then ${end}`, async (world) => {
      const { proxy, dial } = await proxyBench(world, { toxics: [fault] });
      const { client, server } = await dial();
      const [atClient, atServer] = [watch(world, client), watch(world, server)];
      server.write('abcdef');
      await atClient.ended;

      assert.equal(atClient.bytes.toString(), bytes);
      assert.equal(atClient.end, end);
      if (end === 'fin') {
        client.end('still up');
        await atServer.ended;
        assert.equal(atServer.bytes.toString(), 'still up');
      }
      await proxy.close();
    });
  }
});

const timing = contract((claim) => {
  claim('a fault waits for its pattern, and acts from the byte behind it', async (world) => {
    const { proxy, dial } = await proxyBench(world);
    proxy.addToxic({
      type: 'truncate',
      attributes: { after: 0, how: 'close' },
      trigger: { pattern: 'COMMIT' },
    });
    const { client, server } = await dial();
    const [seen] = [watch(world, client), watch(world, server)];
    server.write('begin COM');
    await seen.has(9);
    server.write('MIT more');
    await seen.ended;

    assert.equal(seen.bytes.toString(), 'begin COMMIT');
    await proxy.close();
  });

  claim(
    'a fault with times acts on so many chunks, and lets go of them in order',
    async (world) => {
      const { proxy, dial } = await proxyBench(world);
      proxy.addToxic({
        type: 'latency',
        attributes: { latency: 30 },
        trigger: { byte: 2, times: 1 },
      });
      const { client, server } = await dial();
      const [seen] = [watch(world, client), watch(world, server)];
      const sentUs = world.clock.now();
      server.write('abcd');
      await seen.has(2);
      assert.equal(seen.bytes.subarray(0, 2).toString(), 'ab');
      server.write('efgh');
      await seen.has(8);
      const [, late] = seen.arrivals;
      const beforeUs = world.clock.now();
      server.end('last');
      await seen.ended;

      assert.equal(seen.bytes.toString(), 'abcdefghlast');
      assert.ok(late !== undefined && late.atUs - sentUs >= 30_000);
      if (world.kind !== 'real') assert.ok(world.clock.now() - beforeUs < 25_000);
      await proxy.close();
    },
  );

  claim('a proxy counts, and warns of a stream that a fault cannot read', async (world) => {
    const { proxy, dial } = await proxyBench(world);
    proxy.addToxic({ type: 'tls', attributes: { on: 'serverHello', do: 'drop' } });
    const warned = proxy.waitFor('warning', {}, { timeout: '15s' });
    const told: string[] = [];
    const reading = (async () => {
      for await (const { type } of proxy.events({ connection: 'proxy#1' })) {
        told.push(type);
        if (type === 'connection.closed') return;
      }
    })();
    const { client, server, connection } = await dial();
    const [atClient, atServer] = [watch(world, client), watch(world, server)];
    assert.deepEqual([proxy.counters.open, proxy.counters.accepted], [1, 1]);
    server.write('plain text');
    await atClient.has(10);
    assert.equal((await warned).toxic, 'tls_downstream');
    client.end('bye');
    await atServer.ended;
    assert.deepEqual(proxy.counters.downstream, { received: 10, sent: 10 });
    server.end();
    await Promise.all([connection.closed, reading]);

    const { open, upstream, ended } = proxy.counters;
    assert.deepEqual(
      [open, upstream, ended],
      [0, { received: 3, sent: 3 }, { 'closed client': 1 }],
    );
    assert.ok(told.includes('warning') && told.includes('connection.halfClosed'));
    await proxy.close();
  });

  claim('a fault of one direction waits for bytes of the other', async (world) => {
    const { proxy, dial } = await proxyBench(world);
    proxy.addToxic({
      type: 'inject',
      attributes: { bytes: 'busy ' },
      trigger: { pattern: 'STARTTLS', stream: 'upstream' },
    });
    const { client, server } = await dial();
    const [atClient, atServer] = [watch(world, client), watch(world, server)];
    server.write('ready ');
    await atClient.has(6);
    client.write('STARTTLS');
    await atServer.has(8);
    server.end('go');
    await atClient.ended;

    assert.equal(atClient.bytes.toString(), 'ready busy go');
    await proxy.close();
  });

  claim('a trigger that never fired is told when the connection ends', async (world) => {
    const { proxy, dial } = await proxyBench(world);
    proxy.addToxic({ type: 'reset', name: 'late', trigger: { byte: 1_000 } });
    const { client, server } = await dial();
    const never = proxy.waitFor('toxic.neverFired', { toxic: 'late' }, { timeout: '15s' });
    const [atClient] = [watch(world, client), watch(world, server)];
    server.end('short');
    await atClient.ended;
    client.end();

    assert.equal((await never).connection, 'proxy#1');
    assert.equal(atClient.bytes.toString(), 'short');
    await proxy.close();
  });

  claim('a target hits some connections and leaves the others alone', async (world) => {
    const { proxy, dial } = await proxyBench(world);
    proxy.addToxic({ type: 'blackhole', connections: { every: 2 } });
    for (const number of [1, 2, 3]) {
      const { client, server } = await dial();
      const seen = watch(world, client);
      server.write('hello');
      if (number === 2) await settle(world);
      else await seen.has(5);
      assert.equal(seen.bytes.length, number === 2 ? 0 : 5);
      server.on('error', () => undefined);
    }
    await proxy.close();
  });

  claim('a schedule takes its fault away, and what it held back comes', async (world) => {
    const { proxy, dial } = await proxyBench(world);
    const { client, server } = await dial();
    const [seen] = [watch(world, client), watch(world, server)];
    const expired = proxy.waitFor('toxic.expired', {}, { timeout: '15s' });
    proxy.addToxic({ type: 'hold', schedule: { duration: '20ms' } });
    server.write('held');
    await Promise.all([expired, seen.has(4)]);

    assert.deepEqual(proxy.toxics, []);
    await proxy.close();
  });

  claim('a single connection is paused, fed, ended and reset on its own', async (world) => {
    const { proxy, dial } = await proxyBench(world);
    const one = await dial();
    const two = await dial();
    const [atOne, atTwo] = [watch(world, one.client), watch(world, two.client)];
    for (const { server } of [one, two]) server.on('error', () => undefined);

    one.connection.pause('downstream');
    one.server.write('later');
    two.server.write('now');
    await atTwo.has(3);
    assert.equal(atOne.bytes.length, 0);
    one.connection.inject('downstream', Buffer.from('first '));
    await atOne.has(6);
    one.connection.resume('downstream');
    await atOne.has(11);
    one.connection.reset('client');
    await atOne.ended;
    two.connection.end();
    await atTwo.ended;

    assert.equal(atOne.bytes.toString(), 'first later');
    assert.deepEqual([atOne.end, atTwo.end], ['rst', 'fin']);
    await proxy.close();
  });

  claim('the same decisions give the same connections, and can be given back', async (world) => {
    const roll = async (options: object): Promise<{ hit: boolean[]; plan: unknown }> => {
      const { proxy, dial } = await proxyBench(world, { name: 'dice', ...options });
      proxy.addToxic({ type: 'close_at_accept', name: 'maybe', toxicity: 0 });
      proxy.addToxic({ type: 'noop', name: 'half', toxicity: 0.5 });
      const hit: boolean[] = [];
      for (let turn = 0; turn < 6; turn++) {
        const { client, server, connection } = await dial();
        for (const end of [client, server]) end.on('error', () => undefined);
        hit.push(connection.isHit(proxy.toxic('half'), 'downstream'));
      }
      const plan = proxy.decisions();
      await proxy.close();
      return { hit, plan };
    };
    const first = await roll({ seed: 7 });

    assert.deepEqual((await roll({ seed: 7 })).hit, first.hit);
    assert.deepEqual((await roll({ decisions: first.plan })).hit, first.hit);
    assert.ok(first.hit.includes(true) && first.hit.includes(false));
  });
});

/** What faults promise on every network. */
export const faultContract: readonly Claim[] = [...accepting, ...ending, ...timing];
