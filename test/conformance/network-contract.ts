import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Connection } from '../../src/network/connection';
import { type Claim, contract, settle } from './maker';
import { connectPair, dial, ended, failureOf, journalOf, listenOnce, readAll } from './pair';

/** @source SIMULATION.md 2.3 */
const listening = contract((claim) => {
  claim('listening without a host binds the loopback and tells the port', async (world) => {
    const { endpoint } = await listenOnce(world);

    const { host, port, family } = endpoint.address;
    assert.deepEqual([host, family], ['127.0.0.1', 'IPv4']);
    assert.equal(port > 0 && port < 65_536, true);
  });

  claim('two endpoints on port 0 have different ports', async (world) => {
    const first = (await listenOnce(world)).endpoint;
    const second = (await listenOnce(world)).endpoint;

    assert.notEqual(first.address.port, second.address.port);
  });

  claim('an endpoint counts the connections that are accepted and open', async (world) => {
    const { client, server, endpoint } = await connectPair(world);
    const other = dial(world, endpoint);
    await once(other, 'connect');
    await settle(world);
    assert.equal(endpoint.connections, 2);

    server.resume();
    client.resume();
    const over = ended(server);
    client.end();
    await over;

    assert.equal(endpoint.connections, 1);
  });

  claim(
    'a closed endpoint refuses, gives its port back and leaves connections alone',
    async (world) => {
      const { client, server, endpoint } = await connectPair(world);
      const { host, port } = endpoint.address;

      await endpoint.close();
      await endpoint.close();

      const late = world.network.connect({ host, port });
      assert.equal((await failureOf(late)).code, 'ECONNREFUSED');
      client.write('still here');
      const [chunk] = await once(server, 'data');
      assert.equal(String(chunk), 'still here');
      const again = await world.network.listen({ host, port }, () => undefined);
      assert.equal(again.address.port, port);
    },
  );

  claim('an endpoint is closed at the end of its block', async (world) => {
    const { endpoint } = await listenOnce(world);
    {
      await using block = endpoint;
      assert.equal(block.ref().unref(), endpoint);
    }

    assert.deepEqual(world.scope.leaks().endpoints, []);
  });
});

/** @source SIMULATION.md 7.3, listen backlog */
const backlog = contract((claim) => {
  claim('a paused endpoint lets connections wait, unread and in order', async (world) => {
    const accepted: Connection[] = [];
    const endpoint = await world.network.listen({ port: 0 }, (server) => accepted.push(server));
    endpoint.pause();
    const first = dial(world, endpoint);
    await once(first, 'connect');
    const second = dial(world, endpoint);
    await once(second, 'connect');
    first.end('one');
    second.end('two');
    await settle(world);
    assert.equal(accepted.length, 0);
    assert.equal(endpoint.connections, 0);

    endpoint.resume();
    await settle(world);

    assert.equal(endpoint.connections, 2);
    const texts = await Promise.all(accepted.map(readAll));
    assert.deepEqual(texts, ['one', 'two']);
    assert.deepEqual(
      accepted.map(({ remote }) => remote.port),
      [first.local.port, second.local.port],
    );
  });

  claim('closing an endpoint resets the connections that wait', async (world) => {
    const endpoint = await world.network.listen({ port: 0 }, () => assert.fail('accepted'));
    endpoint.pause();
    const client = dial(world, endpoint);
    await once(client, 'connect');
    await settle(world);
    const journal = journalOf(client);
    const over = ended(client);
    client.resume();

    await endpoint.close();
    await over;

    assert.deepEqual(journal, ['error:ECONNRESET', 'close with error']);
    assert.equal(client.info().ended, 'rst');
  });

  claim('accepting may pause the endpoint after each connection', async (world) => {
    const accepted: Connection[] = [];
    const endpoint = await world.network.listen({ port: 0 }, (server) => {
      accepted.push(server);
      endpoint.pause();
    });
    const clients = [dial(world, endpoint), dial(world, endpoint), dial(world, endpoint)];
    await Promise.all(clients.map((client) => once(client, 'connect')));
    await settle(world);
    const counts = [accepted.length];
    for (let turn = 0; turn < 3; turn++) {
      endpoint.resume();
      await settle(world);
      counts.push(accepted.length);
    }

    assert.deepEqual(counts, [1, 2, 3, 3]);
  });

  claim('connections that waited while paused read as usual afterwards', async (world) => {
    const { endpoint, accepted } = await listenOnce(world);
    endpoint.pause();
    const client = dial(world, endpoint);
    client.write('early');
    await settle(world);
    endpoint.resume();

    const server = await accepted;
    const [chunk] = await once(server, 'data');

    assert.equal(String(chunk), 'early');
    assert.equal(server.readableFlowing, true);
  });
});

/** @source SIMULATION.md 2.3 */
const names = contract((claim) => {
  claim('a literal address looks up to itself', async ({ network }) => {
    assert.deepEqual(await network.lookup('127.0.0.1'), [
      { host: '127.0.0.1', port: 0, family: 'IPv4' },
    ]);
    assert.deepEqual(await network.lookup('::1'), [{ host: '::1', port: 0, family: 'IPv6' }]);
  });

  claim('localhost looks up to the loopback', async ({ network }) => {
    const [first] = await network.lookup('localhost', { family: 4 });

    assert.deepEqual(first, { host: '127.0.0.1', port: 0, family: 'IPv4' });
  });

  claim('a name that does not exist rejects as dns.lookup does', async ({ network }) => {
    await assert.rejects(network.lookup('nohost.invalid'), {
      code: 'ENOTFOUND',
      syscall: 'getaddrinfo',
      hostname: 'nohost.invalid',
    });
  });

  claim('an aborted look-up rejects with the reason', async ({ network }) => {
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);

    await assert.rejects(network.lookup('localhost', { signal }), (error) => error === reason);
  });

  claim('a reverse look-up gives names, and none for an address without', async ({ network }) => {
    const loopback = await network.reverseLookup('127.0.0.1');

    assert.equal(Array.isArray(loopback), true);
    assert.equal(
      loopback.every((name) => typeof name === 'string'),
      true,
    );
  });

  claim('a dial to a name connects and tells the address that won', async (world) => {
    const { endpoint, accepted } = await listenOnce(world);
    const client = world.network.connect({ host: 'localhost', port: endpoint.address.port });
    const [server] = await Promise.all([accepted, once(client, 'connect')]);

    assert.deepEqual(client.remote, endpoint.address);
    assert.deepEqual(client.local, server.remote);
  });

  claim('a dial emits lookup before connect', async (world) => {
    const { endpoint } = await listenOnce(world);
    const client = world.network.connect({ host: 'localhost', port: endpoint.address.port });
    const order: string[] = [];
    client.on('lookup', (_error, address) => order.push(`lookup ${address}`));
    client.on('connect', () => order.push('connect'));
    client.on('ready', () => order.push('ready'));
    await once(client, 'ready');

    assert.deepEqual(order.slice(-2), ['connect', 'ready']);
    assert.equal(order.slice(0, -2).includes('lookup 127.0.0.1'), true);
  });
});

/** @source SIMULATION.md 2.4 */
const ids = contract((claim) => {
  claim('ids count up from one in the order of dialling', async (world) => {
    const { endpoint } = await listenOnce(world);

    const clients = [dial(world, endpoint), dial(world, endpoint), dial(world, endpoint)];

    assert.deepEqual(
      clients.map(({ id }) => id),
      ['c1', 'c2', 'c3'],
    );
  });

  claim(
    'both ends of one connection share the number, however many dial at once',
    async (world) => {
      const pairs: string[] = [];
      let onAll: () => void = () => undefined;
      const all = new Promise<void>((resolve) => {
        onAll = resolve;
      });
      const accept = (server: Connection): void => {
        server.on('data', (chunk) => {
          if (pairs.push(`${chunk} ${server.id}`) === 80) onAll();
        });
      };
      const endpoints = await Promise.all(
        Array.from({ length: 4 }, () => world.network.listen({ port: 0 }, accept)),
      );
      const clients = Array.from({ length: 80 }, (_, index) => {
        const endpoint = endpoints[index % endpoints.length];
        assert.ok(endpoint);
        const client = dial(world, endpoint);
        client.write(client.id);
        return client;
      });
      await all;

      assert.deepEqual([...pairs].sort(), clients.map(({ id }) => `${id} s${id.slice(1)}`).sort());
    },
  );

  claim('a number that was used is not used again', async (world) => {
    const first = await connectPair(world);
    const over = Promise.all([ended(first.client), ended(first.server)]);
    first.client.resetAndDestroy();
    await over;

    const second = await connectPair(world);

    assert.deepEqual([first.client.id, first.server.id], ['c1', 's1']);
    assert.deepEqual([second.client.id, second.server.id], ['c2', 's2']);
  });
});

/** What a network promises beyond its connections. */
export const networkContract: readonly Claim[] = [...listening, ...backlog, ...names, ...ids];
