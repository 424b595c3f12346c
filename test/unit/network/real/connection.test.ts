import assert from 'node:assert/strict';
import dns from 'node:dns';
import { once } from 'node:events';
import { createServer as createHttpServer, request } from 'node:http';
import { type AddressInfo, connect, createServer, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { mock, test } from 'node:test';
import type { Connection } from '../../../../src/network/connection';
import { realWorld } from '../../../../src/network/real/world';
import type { World } from '../../../../src/network/world';
import type { TraceOptions } from '../../../../src/network/world/trace';
import { settle } from '../../../conformance/maker';
import {
  connectPair,
  dial,
  ended,
  failureOf,
  journalOf,
  listenOnce,
} from '../../../conformance/pair';

function realTest(
  claim: string,
  body: (world: World) => Promise<void>,
  trace: TraceOptions = { mode: 'full' },
): void {
  test(claim, { timeout: 20_000 }, async () => {
    const world = realWorld({ trace });
    try {
      await body(world);
    } finally {
      await world.scope[Symbol.asyncDispose]();
    }
  });
}

function kindsOf(world: World, id: string): string[] {
  const events = world.trace.events.filter(({ connection }) => connection === id);
  return events.map(({ kind, direction }) => `${kind} ${direction}`);
}

realTest('both ends are sockets of Node', async (world) => {
  const { client, server } = await connectPair(world);

  assert.equal(client instanceof Socket, true);
  assert.equal(server instanceof Socket, true);
});

realTest(
  'a connection that nobody watches is plain',
  async (world) => {
    const { client, server } = await connectPair(world);

    for (const end of [client, server]) {
      assert.equal(end instanceof Socket, true);
      assert.equal(end.emit, Socket.prototype.emit);
      assert.equal(end.pause, Socket.prototype.pause);
    }
  },
  { mode: 'off' },
);

realTest(
  'a connection that is open already is watched once somebody subscribes',
  async (world) => {
    const { client, server } = await connectPair(world);
    server.resume();
    client.write('unseen');
    await once(server, 'data');
    const seen: string[] = [];
    world.trace.subscribe(({ connection, kind, direction, stream, bytes }) => {
      seen.push(`${connection} ${kind} ${direction} ${stream ?? ''} ${bytes ?? ''}`.trim());
    });

    client.end('seen');
    client.resume();
    await Promise.all([ended(client), ended(server)]);

    assert.deepEqual(
      seen.filter((line) => /write|data/.test(line)),
      ['c1 write out 6 seen', 's1 data out 6 seen'],
    );
    assert.equal(seen.includes('c1 close -'), true);
  },
  { mode: 'off' },
);

realTest('removing all listeners does not take the trace away', async (world) => {
  const { endpoint, accepted } = await listenOnce(world);
  const client = world.network.connect({ host: '127.0.0.1', port: endpoint.address.port });
  client.removeAllListeners('connect').removeAllListeners('error').removeAllListeners('data');
  client.end('hello');
  const server = await accepted;
  server.resume();
  client.resume();
  await ended(client);

  assert.deepEqual(kindsOf(world, client.id), [
    'syn out',
    'established in',
    'write out',
    'fin out',
    'fin in',
    'close -',
  ]);
});

realTest('a FIN by destroy says whether the kernel may have made it RST', async (world) => {
  const read = await connectPair(world, { connect: { allowHalfOpen: true } });
  read.client.resume();
  read.server.end();
  await once(read.client, 'end');
  const unread = await connectPair(world);
  const over = [ended(read.client), ended(unread.client)];
  read.client.destroy();
  unread.client.destroy();
  await Promise.all(over);

  const finOf = (id: string) =>
    world.trace.events.find(
      ({ connection, kind, direction }) =>
        connection === id && kind === 'fin' && direction === 'out',
    )?.detail;
  assert.deepEqual(finOf(read.client.id), { by: 'destroy' });
  assert.deepEqual(finOf(unread.client.id), { by: 'destroy', mayBeReset: true });
});

realTest(
  'a dial that is reset while the kernel has connected it resets the peer',
  async (world) => {
    const { endpoint, accepted } = await listenOnce(world, { pauseOnConnect: true });
    const client = dial(world, endpoint);
    await new Promise<void>((resolve) => {
      client.once('connectionAttempt', () => process.nextTick(resolve));
    });
    assert.equal(client.connecting, true);

    const over = ended(client);
    client.resetAndDestroy();
    await over;
    const server = await accepted;
    const journal = journalOf(server);
    const serverOver = ended(server);
    server.resume();
    await serverOver;

    assert.deepEqual(journal, ['error:ECONNRESET', 'close with error']);
    assert.equal(client.info().ended, 'none');
  },
);

realTest('a connection from elsewhere gets a number of its own', async (world) => {
  const { endpoint, accepted } = await listenOnce(world, { label: 'mail' });
  const stranger = connect(endpoint.address.port, '127.0.0.1');
  const server = await accepted;
  const second = await connectPair(world);

  assert.equal(server.id, 's1');
  assert.deepEqual([second.client.id, second.server.id], ['c2', 's2']);
  const told = world.trace.events.find(({ kind }) => kind === 'accepted');
  assert.equal(told?.to, `127.0.0.1:${stranger.localPort}`);
  stranger.destroy();
});

realTest('a dial to elsewhere has a number that nobody shares', async (world) => {
  const elsewhere = createServer((socket) => socket.resume().on('error', () => undefined));
  elsewhere.listen(0, '127.0.0.1');
  await once(elsewhere, 'listening');
  const { port } = elsewhere.address() as AddressInfo;
  const client = world.network.connect({ host: '127.0.0.1', port });
  await once(client, 'connect');
  const pair = await connectPair(world);
  elsewhere.close();

  assert.equal(client.id, 'c1');
  assert.deepEqual([pair.client.id, pair.server.id], ['c2', 's2']);
});

realTest('all addresses of a name are tried', async (world) => {
  const { endpoint } = await listenOnce(world);
  const nobody = '127.0.0.9';
  mock.method(dns, 'lookup', ((_host: string, _options: object, found: unknown) => {
    (found as (error: null, addresses: dns.LookupAddress[]) => void)(null, [
      { address: nobody, family: 4 },
      { address: '127.0.0.1', family: 4 },
    ]);
  }) as unknown as typeof dns.lookup);
  try {
    const client = world.network.connect({ host: 'two.example', port: endpoint.address.port });
    await once(client, 'connect');

    assert.deepEqual(client.remote, endpoint.address);
    assert.deepEqual(kindsOf(world, client.id), [
      'lookup -',
      'lookup -',
      'syn out',
      'refused in',
      'syn out',
      'established in',
    ]);
  } finally {
    mock.restoreAll();
  }
});

realTest('a name of which no address answers fails with the errors of all', async (world) => {
  const { endpoint } = await listenOnce(world);
  await endpoint.close();
  mock.method(dns, 'lookup', ((_host: string, _options: object, found: unknown) => {
    (found as (error: null, addresses: dns.LookupAddress[]) => void)(null, [
      { address: '127.0.0.9', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ]);
  }) as unknown as typeof dns.lookup);
  try {
    const client = world.network.connect({ host: 'two.example', port: endpoint.address.port });
    const error = await failureOf(client);

    assert.equal(error.code, 'ECONNREFUSED');
    assert.equal((error as unknown as AggregateError).errors.length, 2);
  } finally {
    mock.restoreAll();
  }
});

realTest('http of Node runs over connections of a world', async (world) => {
  const server = createHttpServer((_, response) => response.end('answered'));
  const endpoint = await world.network.listen({ port: 0 }, (connection) =>
    server.emit('connection', connection),
  );
  const client = request({
    host: 'mail.example',
    createConnection: () => dial(world, endpoint) as Connection & Socket,
  });
  client.end();
  const [response] = await once(client, 'response');

  assert.equal(await text(response), 'answered');
  server.closeAllConnections();
});

realTest('pipeline of Node runs over connections of a world', async (world) => {
  const { client, server } = await connectPair(world);
  const sent = Buffer.alloc(1_000_000, 'brine');
  const arrived = text(client);
  const echo = pipeline(server, server);
  client.end(sent);

  assert.equal(await arrived, sent.toString());
  await echo;
});

realTest('a reset with a full pipe does not wait for the peer', async (world) => {
  const { client, server } = await connectPair(world, { listen: { pauseOnConnect: true } });
  client.write(Buffer.alloc(30_000_000), () => undefined);
  client.end();
  await settle(world);

  await world.scope[Symbol.asyncDispose]();

  assert.equal(client.info().ended, 'rst');
  assert.equal(server.info().state, 'reset');
});
