/** What a proxy promises on every network while nothing is broken on purpose. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { formatAddress } from '../../src/base/address';
import { Proxy } from '../../src/proxy/proxy';
import { type Claim, contract, settle } from './maker';
import { dialProxy, proxyBench, watch } from './proxy-pair';
import { pattern } from './tcp-pair';

const passing = contract((claim) => {
  claim('a proxy passes bytes both ways, unchanged', async (world) => {
    const { dial, proxy } = await proxyBench(world);
    const { client, server } = await dial();
    const up = pattern(300_000);
    const down = pattern(200_001);
    const atServer = watch(world, server);
    const atClient = watch(world, client);

    client.write(up);
    server.write(down);
    await Promise.all([atServer.has(up.length), atClient.has(down.length)]);

    assert.ok(atServer.bytes.equals(up));
    assert.ok(atClient.bytes.equals(down));
    await proxy.close();
  });

  claim('a half-close is passed on, and the answer comes back', async (world) => {
    const { dial, proxy } = await proxyBench(world);
    const { client, server, connection } = await dial();
    const atClient = watch(world, client);
    const atServer = watch(world, server);

    client.end('question');
    await atServer.ended;
    assert.equal(atServer.end, 'fin');
    assert.equal(connection.state, 'halfClosed');
    server.end('answer');
    await atClient.ended;

    assert.equal(atServer.bytes.toString(), 'question');
    assert.equal(atClient.bytes.toString(), 'answer');
    assert.equal(atClient.end, 'fin');
    assert.deepEqual(await connection.closed, { how: 'closed', by: 'client' });
    await proxy.close();
  });

  for (const from of ['client', 'upstream'] as const) {
    claim(`a RST of the ${from} reaches the other side as RST`, async (world) => {
      const { dial, proxy } = await proxyBench(world);
      const { client, server, connection } = await dial();
      const [source, other] = from === 'client' ? [client, server] : [server, client];
      const seen = watch(world, other);
      source.on('error', () => undefined);

      source.write('abc');
      await seen.has(3);
      source.resetAndDestroy();
      await seen.ended;

      assert.equal(seen.end, 'rst');
      assert.equal(seen.bytes.toString(), 'abc');
      assert.deepEqual(await connection.closed, { how: 'reset', by: from });
      await proxy.close();
    });
  }

  claim('a client that hangs in its dial holds up nobody else', async (world) => {
    const { proxy, dial } = await proxyBench(world);
    const slow = proxy.addToxic({ type: 'never_connect', connections: { numbers: [1] } });
    const stuck = dialProxy(world, proxy);
    stuck.on('error', () => undefined);
    await once(stuck, 'connect');
    await proxy.waitForConnection({ numbers: [1] });

    const { client, server } = await dial();
    const atServer = watch(world, server);
    client.write('second');
    await atServer.has(6);

    assert.equal(atServer.bytes.toString(), 'second');
    assert.equal(slow.acted, 1);
    await proxy.close();
  });

  claim('bytes and FIN that come before the upstream is reached are kept', async (world) => {
    const { proxy, servers } = await proxyBench(world);
    proxy.addToxic({ type: 'slow_connect', attributes: { delay: 20 } });
    const client = dialProxy(world, proxy);
    const atClient = watch(world, client);
    client.end('early');

    await proxy.waitFor('connection.dialled', {}, { timeout: '15s' });
    while (servers.length === 0) await settle(world);
    const [server] = servers;
    assert.ok(server !== undefined);
    const atServer = watch(world, server);
    await atServer.ended;
    server.end('late');
    await atClient.ended;

    assert.equal(atServer.bytes.toString(), 'early');
    assert.equal(atClient.bytes.toString(), 'late');
    await proxy.close();
  });

  claim('a receiver that does not read stops its sender, and loses nothing', async (world) => {
    const { proxy, dial } = await proxyBench(world);
    const { client, server, connection } = await dial();
    // Kernels take some MiB, the simulated one 64 KiB.
    const sent = pattern((world.kind === 'real' ? 24 : 1) * 1_048_576);
    server.pause();
    client.write(sent);
    // Until nothing moves any more.
    for (let before = -1; before !== connection.bytes.upstream.received; ) {
      before = connection.bytes.upstream.received;
      await settle(world);
      await settle(world);
    }

    assert.ok(connection.bytes.upstream.received < sent.length, 'it was read to the end');
    // No more than one read, and what a stream takes before it says that it is full.
    const { queued } = connection;
    assert.ok(queued.upstream <= 524_288 + 65_536, `${queued.upstream} B wait`);
    const atServer = watch(world, server);
    server.resume();
    await atServer.has(sent.length);
    assert.ok(atServer.bytes.equals(sent));
    await proxy.close();
  });
});

const ending = contract((claim) => {
  claim(
    'a client whose upstream refuses gets FIN with no byte, or RST if asked for',
    async (world) => {
      for (const how of ['close', 'reset'] as const) {
        const { endpoint, proxy } = await proxyBench(world, { onDialFailure: how, name: how });
        await endpoint.close();
        const failed = proxy.waitFor('connection.dialFailed', {}, { timeout: '15s' });
        const client = dialProxy(world, proxy);
        const seen = watch(world, client);
        await once(client, 'connect').catch(() => undefined);
        client.end();
        await Promise.all([seen.ended, failed]);

        assert.equal(seen.end, how === 'close' ? 'fin' : 'rst');
        assert.equal(seen.bytes.length, 0);
        await proxy.close();
      }
    },
  );

  claim(
    'a disabled proxy refuses, and ends what is open with FIN, RST, or not at all',
    async (world) => {
      for (const how of ['fin', 'reset', 'keep'] as const) {
        const { proxy, dial } = await proxyBench(world, { name: how });
        const { client, server } = await dial();
        const atClient = watch(world, client);
        const atServer = watch(world, server);
        const { port } = proxy.listen;

        await proxy.disable({ how });

        const refused = dialProxy(world, proxy);
        const [error] = await once(refused, 'error');
        assert.equal((error as NodeJS.ErrnoException).code, 'ECONNREFUSED');
        if (how === 'keep') {
          client.write('still');
          await atServer.has(5);
        } else {
          await Promise.all([atClient.ended, atServer.ended]);
          const expected = how === 'fin' ? 'fin' : 'rst';
          assert.deepEqual([atClient.end, atServer.end], [expected, expected]);
        }
        await proxy.enable();
        assert.equal(proxy.listen.port, port);
        await proxy.close();
      }
    },
  );

  claim('closing a proxy leaves nothing open', async (world) => {
    const { proxy, dial, endpoint } = await proxyBench(world);
    const { client, server } = await dial();
    for (const end of [client, server]) end.on('error', () => undefined);
    proxy.addToxic({ type: 'latency', attributes: { latency: 60_000 } });
    const gone = [client, server].map(
      (end) => new Promise((resolve) => end.once('close', resolve)),
    );
    server.write('waits');
    await settle(world);

    await proxy.close();
    await proxy.close();
    await Promise.all(gone);
    await endpoint.close();

    assert.deepEqual(world.scope.leaks().others, []);
    assert.deepEqual(world.scope.leaks().timers, []);
    assert.deepEqual(world.scope.leaks().connections, []);
    assert.deepEqual(world.scope.leaks().endpoints, []);
  });

  claim('a proxy leads elsewhere and moves without forgetting its faults', async (world) => {
    const { proxy, dial } = await proxyBench(world);
    const { client } = await dial();
    const atClient = watch(world, client);
    const other = await world.network.listen({ port: 0 }, (connection) => connection.end('other'));
    proxy.addToxic({ type: 'noop' });
    const before = proxy.listen.port;

    await proxy.update({ upstream: formatAddress(other.address), listen: '127.0.0.1:0' });

    await atClient.ended;
    assert.equal(atClient.end, 'fin');
    assert.notEqual(proxy.listen.port, before);
    const second = dialProxy(world, proxy);
    const seen = watch(world, second);
    second.end();
    await seen.ended;
    assert.equal(seen.bytes.toString(), 'other');
    assert.deepEqual(
      proxy.toxics.map(({ name }) => name),
      ['noop_downstream'],
    );
    await proxy.close();
  });

  claim('a port that is taken is told, and nothing is left', async (world) => {
    const { endpoint } = await proxyBench(world, { name: 'first' });
    const listen = formatAddress(endpoint.address);

    await assert.rejects(Proxy.start({ world, listen, upstream: listen, name: 'second' }), {
      code: 'EADDRINUSE',
    });
    assert.deepEqual(world.scope.leaks().others, ['proxy first']);
  });
});

/** Everything that a proxy without faults promises. */
export const proxyContract: readonly Claim[] = [...passing, ...ending];
