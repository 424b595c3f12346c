/** What the toxics of Toxiproxy do on every network: bytes, FIN and RST at both ends. */
import assert from 'node:assert/strict';
import type { Fault } from '../../src/faults/fault';
import { type Claim, contract, settle } from './maker';
import { proxyBench, watch } from './proxy-pair';
import { pattern } from './tcp-pair';

export const toxicContract: readonly Claim[] = contract((claim) => {
  claim('limit_data passes exactly so many bytes, then both sides get FIN', async (world) => {
    const { proxy, dial } = await proxyBench(world);
    proxy.addToxic({ type: 'limit_data', attributes: { bytes: 5 } });
    const { client, server, connection } = await dial();
    const [atClient, atServer] = [watch(world, client), watch(world, server)];

    server.write('0123456789');
    await Promise.all([atClient.ended, atServer.ended]);
    client.end();
    server.end();

    assert.equal(atClient.bytes.toString(), '01234');
    assert.deepEqual([atClient.end, atServer.end], ['fin', 'fin']);
    const outcome = { how: 'fault', by: 'proxy', toxic: 'limit_data_downstream' };
    assert.deepEqual(await connection.closed, outcome);
    await proxy.close();
  });

  claim('the counter of limit_data survives an update', async (world) => {
    const { proxy, dial } = await proxyBench(world);
    proxy.addToxic({ type: 'limit_data', name: 'cap', attributes: { bytes: 3 } });
    const { client, server } = await dial();
    const atClient = watch(world, client);

    server.write('01');
    await atClient.has(2);
    proxy.updateToxic('cap', { attributes: { bytes: 5 } });
    server.write('23456');
    await atClient.ended;

    assert.equal(atClient.bytes.toString(), '01234');
    await proxy.close();
  });

  claim(
    'reset_peer does nothing while idle, then drops the chunk and sends RST to both',
    async (world) => {
      const { proxy, dial } = await proxyBench(world);
      proxy.addToxic({ type: 'reset_peer', stream: 'upstream', attributes: { timeout: 5 } });
      const { client, server } = await dial();
      const [atClient, atServer] = [watch(world, client), watch(world, server)];
      await settle(world);
      assert.deepEqual([atClient.end, atServer.end], ['open', 'open']);

      client.write('request');
      await Promise.all([atClient.ended, atServer.ended]);

      assert.deepEqual([atClient.end, atServer.end], ['rst', 'rst']);
      assert.equal(atServer.bytes.length, 0);
      await proxy.close();
    },
  );

  claim(
    'reset_peer that is removed during its wait passes the chunk, and leaves nothing behind',
    async (world) => {
      const { proxy, dial } = await proxyBench(world);
      proxy.addToxic({ type: 'reset_peer', name: 'rst', attributes: { timeout: 60_000 } });
      const { client, server } = await dial();
      const atClient = watch(world, client);
      server.write('answer');
      await proxy.waitFor('toxic.acted', { toxic: 'rst' }, { timeout: '15s' });

      proxy.removeToxic('rst');
      server.end();
      await atClient.ended;

      assert.equal(atClient.bytes.toString(), 'answer');
      assert.equal(atClient.end, 'fin');
      await proxy.close();
    },
  );

  claim('timeout swallows everything and closes when it is removed', async (world) => {
    const { proxy, dial } = await proxyBench(world);
    proxy.addToxic({ type: 'timeout', name: 'mute' });
    const { client, server } = await dial();
    const [atClient, atServer] = [watch(world, client), watch(world, server)];
    server.write('lost');
    await proxy.waitFor('toxic.acted', { toxic: 'mute', action: 'dropped' }, { timeout: '15s' });

    proxy.removeToxic('mute');
    await Promise.all([atClient.ended, atServer.ended]);

    assert.deepEqual([atClient.end, atServer.end], ['fin', 'fin']);
    assert.equal(atClient.bytes.length, 0);
    await proxy.close();
  });

  claim('slow_close lets the half-close be a half-close', async (world) => {
    const { proxy, dial } = await proxyBench(world);
    proxy.addToxic({ type: 'slow_close', stream: 'upstream', attributes: { delay: 10 } });
    const { client, server } = await dial();
    const [atClient, atServer] = [watch(world, client), watch(world, server)];

    client.end('ask');
    await atServer.ended;
    server.end('told');
    await atClient.ended;

    assert.equal(atServer.bytes.toString(), 'ask');
    assert.equal(atClient.bytes.toString(), 'told');
    await proxy.close();
  });

  claim('bandwidth 0 stalls, and everything comes when it is removed', async (world) => {
    const { proxy, dial } = await proxyBench(world);
    proxy.addToxic({ type: 'bandwidth', name: 'cut' });
    const { client, server } = await dial();
    const atClient = watch(world, client);
    const sent = pattern(500_000);
    server.end(sent);
    await proxy.waitFor('toxic.acted', { toxic: 'cut' }, { timeout: '15s' });
    await settle(world);
    assert.equal(atClient.bytes.length, 0);

    proxy.removeToxic('cut');
    await atClient.ended;

    assert.ok(atClient.bytes.equals(sent));
    assert.equal(atClient.end, 'fin');
    await proxy.close();
  });

  claim('faults that come, change and go under load lose and reorder nothing', async (world) => {
    const { proxy, dial } = await proxyBench(world);
    const { client, server } = await dial();
    const atClient = watch(world, client);
    const words = Buffer.alloc(2 * 65_535);
    for (let word = 0; word < 65_535; word++) words.writeUInt16BE(word, 2 * word);
    const storm: readonly Fault[] = [
      { type: 'latency', name: 'a', attributes: { latency: 3, jitter: 2 } },
      { type: 'bandwidth', name: 'b', attributes: { rate: 5_000 } },
      {
        type: 'slicer',
        name: 'c',
        attributes: { average_size: 700, size_variation: 90, delay: 20 },
      },
      { type: 'retransmit', name: 'd', attributes: { probability: 0.2, delay: 1 } },
      { type: 'bandwidth', name: 'e', attributes: { rate: 0 } },
    ];
    for (let at = 0, turn = 0; at < words.length; at += 1_310, turn++) {
      server.write(words.subarray(at, at + 1_310));
      const fault = storm[turn % storm.length];
      if (fault?.name === undefined) continue;
      const there = proxy.toxics.some(({ name }) => name === fault.name);
      if (!there) proxy.addToxic(fault);
      else if (turn % 3 === 0) proxy.updateToxic(fault.name, { toxicity: turn % 2 });
      else proxy.removeToxic(fault.name);
      if (turn % 8 === 0) await world.clock.sleep(1);
    }
    server.end();
    for (const { name } of proxy.toxics) proxy.removeToxic(name);
    await atClient.ended;

    assert.ok(atClient.bytes.equals(words));
    await proxy.close();
  });

  claim('a fault that acts is in the trace, once per connection', async (world) => {
    const { proxy, dial } = await proxyBench(world, { name: 'mail' });
    proxy.addToxic({ type: 'latency', name: 'slow', attributes: { latency: 1 } });
    const { client, server } = await dial();
    const [atClient] = [watch(world, client), watch(world, server)];
    for (const word of ['one', 'two', 'three']) {
      server.write(word);
      await settle(world);
    }
    await atClient.has(11);

    const told = world.trace.events.filter(({ kind }) => kind === 'fault');
    assert.equal(told.length, 1);
    assert.equal(told[0]?.direction, 'in');
    assert.equal(told[0]?.detail?.['fault'], 'slow');
    assert.equal(told[0]?.detail?.['proxied'], 'mail#1');
    const accepted = world.trace.events.filter(({ kind }) => kind === 'accepted');
    assert.equal(told[0]?.connection, accepted[0]?.connection);
    await proxy.close();
  });
});
