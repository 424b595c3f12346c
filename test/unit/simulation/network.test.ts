import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import type { Connection } from '../../../src/network/connection';
import type { Ports } from '../../../src/simulation/ports';
import { type SimulatedWorld, simulatedWorld } from '../../../src/simulation/world';
import { connectPair, dial, ended, failureOf, listenOnce } from '../../conformance/pair';

const limit = { timeout: 20_000 };

/** A test inside a world of its own. */
function simulated(claim: string, body: (world: SimulatedWorld) => Promise<void>): void {
  test(claim, limit, () => simulatedWorld().run(body));
}

simulated(
  'a connection takes one round trip to open, and half of one more to be accepted',
  async (world) => {
    const { endpoint, accepted } = await listenOnce(world);
    const client = dial(world, endpoint);

    await once(client, 'connect');
    assert.equal(world.clock.now(), 1_000);
    await accepted;
    assert.equal(world.clock.now(), 1_500);
  },
);

simulated(
  'hosts get the addresses of 10.0.0.0/24 in turn, and names lead to them',
  async (world) => {
    const { simulation } = world;
    const app = simulation.host('app');
    const db = simulation.host('db', { addresses: ['10.0.0.40', 'fd00::40'] });
    const web = simulation.host('web');

    assert.deepEqual([app.addresses, web.addresses], [['10.0.0.1'], ['10.0.0.2']]);
    assert.deepEqual(db.addresses, ['10.0.0.40', 'fd00::40']);
    assert.deepEqual(await hosts(world, 'app'), ['10.0.0.1']);
    assert.deepEqual(await hosts(world, 'APP.sim'), ['10.0.0.1']);
    assert.deepEqual(await hosts(world, 'db'), ['10.0.0.40', 'fd00::40']);
    assert.deepEqual(await hosts(world, 'db', 6), ['fd00::40']);
    assert.deepEqual(await hosts(world, '10.9.9.9'), ['10.9.9.9']);
    assert.deepEqual(await hosts(world, 'localhost'), ['127.0.0.1', '::1']);
    assert.deepEqual(await simulation.on('app', () => hosts(world, 'local')), ['10.0.0.254']);
    assert.deepEqual(await world.network.reverseLookup('10.0.0.40'), ['db']);
    assert.deepEqual(await world.network.reverseLookup('127.0.0.1'), ['localhost']);
    await assert.rejects(
      hosts(world, 'db', 4).then(() => hosts(world, 'nohost')),
      {
        code: 'ENOTFOUND',
        message: 'getaddrinfo ENOTFOUND nohost',
        errno: -3008,
        hostname: 'nohost',
      },
    );
  },
);

simulated('a host that cannot be is refused', async ({ simulation }) => {
  simulation.host('db');
  assert.equal(simulation.host('db').name, 'db');
  for (const [name, options, message] of [
    ['db', {}, /^host must be a new name when options are given/],
    ['10.0.0.1', undefined, /^host must be a host name/],
    ['a b', undefined, /^host must be a host name/],
    ['localhost', undefined, /^host must be a name that no other host has/],
    ['x', { addresses: ['10.0.0.1'] }, /^host\.x\.addresses must be literal addresses nobody has/],
    ['x', { addresses: ['127.0.0.1'] }, /^host\.x\.addresses must be/],
    ['x', { addresses: ['nonsense'] }, /^host\.x\.addresses must be/],
  ] as const) {
    assert.throws(() => simulation.host(name, options), { code: 'ECONFIG', message });
  }
  assert.throws(() => simulation.on('bd', () => {}), {
    message: /^host must be the name of a host of this world \(did you mean "db"\?\), got "bd"/,
  });
});

simulated('code that runs as a host listens there and dials from there', async (world) => {
  const { simulation } = world;
  simulation.host('db');
  simulation.host('app');
  const { endpoint, accepted } = await simulation.on('db', () =>
    listenOnce(world, { port: 5_432 }),
  );
  assert.deepEqual(endpoint.address, { host: '10.0.0.1', port: 5_432, family: 'IPv4' });

  const client = await simulation.on('app', async () => {
    // Also what runs later belongs to the host.
    await world.clock.sleep('1 s');
    return world.network.connect({ host: 'db', port: 5_432 });
  });
  const server = await accepted;

  assert.equal(server.remote.host, '10.0.0.2');
  assert.equal(client.local.host, '10.0.0.2');
  const fromLocal = dial(world, endpoint);
  await once(fromLocal, 'connect');
  assert.equal(fromLocal.local.host, '10.0.0.254');
});

simulated('loopback is each host by itself', async (world) => {
  const { simulation } = world;
  simulation.host('db');
  const { endpoint } = await simulation.on('db', () => listenOnce(world, { host: 'localhost' }));
  assert.equal(endpoint.address.host, '127.0.0.1');

  const own = simulation.on('db', () => dial(world, endpoint));
  await once(own, 'connect');
  const foreign = dial(world, endpoint);

  assert.equal((await failureOf(foreign)).code, 'ECONNREFUSED');
});

simulated('two hosts may listen on one port, one host may not', async (world) => {
  const { simulation, network } = world;
  simulation.host('db');
  const listen = (host?: string) =>
    network.listen({ port: 80, ...(host === undefined ? {} : { host }) }, () => {});
  const first = await listen();
  await simulation.on('db', () => listen());

  await assert.rejects(listen(), {
    code: 'EADDRINUSE',
    errno: -98,
    syscall: 'listen',
    message: 'listen EADDRINUSE: address already in use 127.0.0.1:80',
    address: '127.0.0.1',
    port: 80,
  });
  await assert.rejects(listen('0.0.0.0'), { code: 'EADDRINUSE' });
  await assert.rejects(listen('10.9.9.9'), {
    code: 'EADDRNOTAVAIL',
    message: 'listen EADDRNOTAVAIL: address not available 10.9.9.9',
  });

  await first.close();
  const everywhere = await listen('0.0.0.0');
  for (const host of ['127.0.0.1', '10.0.0.254']) {
    await once(network.connect({ host, port: 80 }), 'connect');
  }
  assert.equal(everywhere.connections, 1);
});

simulated(
  'a dial to several addresses tries them in turn and fails with all their errors',
  async (world) => {
    const { simulation, network } = world;
    simulation.host('a');
    simulation.host('b');
    simulation.dns.set('service', ['10.0.0.1', '10.0.0.2']);

    const error = (await failureOf(
      network.connect({ host: 'service', port: 80 }),
    )) as AggregateError;

    assert.equal(error.name, 'AggregateError');
    assert.equal((error as { code?: string }).code, 'ECONNREFUSED');
    assert.deepEqual(
      error.errors.map(({ message }) => message),
      ['connect ECONNREFUSED 10.0.0.1:80', 'connect ECONNREFUSED 10.0.0.2:80'],
    );

    await simulation.on('b', () => network.listen({ port: 80 }, () => {}));
    const client = network.connect({ host: 'service', port: 80 });
    await once(client, 'connect');
    assert.equal(client.remote.host, '10.0.0.2');
  },
);

simulated('an address that does not answer costs 250 ms when there is another', async (world) => {
  const { simulation, network, clock } = world;
  simulation.host('b');
  simulation.dns.set('service', ['10.0.0.77', '10.0.0.1']);
  simulation.unanswered('10.0.0.77');
  await simulation.on('b', () => network.listen({ port: 80 }, () => {}));

  await once(network.connect({ host: 'service', port: 80 }), 'connect');

  assert.equal(clock.now(), 251_000);
});

simulated('names answer what the test says, when it says so', async (world) => {
  const { simulation, network, clock } = world;
  simulation.dns.set('flaky.test', 'EAI_AGAIN', { delay: '2 s' });
  const error = await failureOf(network.connect({ host: 'flaky.test', port: 80 }));

  assert.equal(error.message, 'getaddrinfo EAI_AGAIN flaky.test');
  assert.equal(error.errno, -3001);
  assert.equal(clock.now(), 2_000_000);

  const controller = new AbortController();
  const looking = network.lookup('flaky.test', { signal: controller.signal });
  controller.abort(new Error('no more'));
  await assert.rejects(looking, { message: 'no more' });

  simulation.dns.set('flaky.test', ['127.0.0.1']);
  assert.deepEqual(await hosts(world, 'flaky.test'), ['127.0.0.1']);
  assert.throws(() => simulation.dns.set('x', ['nonsense']), { code: 'ECONFIG' });
  assert.throws(() => simulation.dns.set('x', []), { code: 'ECONFIG' });
});

simulated('dials that nobody answers fail as the kernel fails them', async (world) => {
  const { simulation, network, clock } = world;
  simulation.host('b');
  simulation.unanswered('10.0.0.1:81');
  simulation.unanswered('192.0.2.1');
  const outcomes: string[] = [];
  for (const [host, port] of [
    ['10.0.0.1', 80],
    ['10.0.0.1', 81],
    ['10.0.0.99', 80],
    ['192.0.2.2', 80],
    ['192.0.2.1', 80],
    ['fd00::1', 80],
  ] as const) {
    const before = clock.now();
    const error = await failureOf(network.connect({ host, port }));
    outcomes.push(`${error.message} errno ${error.errno} after ${clock.now() - before} us`);
  }

  assert.deepEqual(outcomes, [
    'connect ECONNREFUSED 10.0.0.1:80 errno -111 after 1000 us',
    'connect ETIMEDOUT 10.0.0.1:81 errno -110 after 127000000 us',
    'connect EHOSTUNREACH 10.0.0.99:80 errno -113 after 500 us',
    'connect ENETUNREACH 192.0.2.2:80 errno -101 after 500 us',
    'connect ETIMEDOUT 192.0.2.1:80 errno -110 after 127000000 us',
    'connect ENETUNREACH fd00::1:80 errno -101 after 0 us',
  ]);
});

simulated(
  'a full backlog leaves dials waiting, and they try again after 1, 3 and 7 s',
  async (world) => {
    const { endpoint } = await listenOnce(world, { backlog: 2 });
    endpoint.pause();
    const clients = [dial(world, endpoint), dial(world, endpoint), dial(world, endpoint)];
    await world.settle();
    assert.deepEqual(
      clients.map(({ connecting }) => connecting),
      [false, false, true],
    );
    assert.equal(endpoint.connections, 0);

    await world.advance('4 s');
    endpoint.resume();
    await once(clients[2] as Connection, 'connect');

    assert.equal(world.clock.now(), 7_000_000 + 500 + 500);
    assert.equal(endpoint.connections, 2);
  },
);

simulated('a full backlog that resets refuses dials', async (world) => {
  const { endpoint } = await listenOnce(world, { backlog: 1, label: 'mail' });
  endpoint.pause();
  world.simulation.endpoint('mail').overflow = 'reset';
  await once(dial(world, endpoint), 'connect');

  const error = await failureOf(dial(world, endpoint));

  assert.equal(error.code, 'ECONNREFUSED');
  assert.throws(() => world.simulation.endpoint('nail'), { code: 'ECONFIG' });
});

simulated(
  'an endpoint that closes resets what waits in its backlog and nothing else',
  async (world) => {
    const { endpoint, accepted } = await listenOnce(world);
    const early = dial(world, endpoint);
    await accepted;
    endpoint.pause();
    const late = dial(world, endpoint);
    await once(late, 'connect');
    late.resume();

    await endpoint.close();
    const error = await failureOf(late);

    assert.equal(error.code, 'ECONNRESET');
    assert.equal(early.readyState, 'open');
  },
);

simulated(
  'bytes that came while a connection waited in the backlog are there when it is accepted',
  async (world) => {
    const { endpoint, accepted } = await listenOnce(world);
    endpoint.pause();
    dial(world, endpoint).write('early');
    await world.settle();

    endpoint.resume();
    const [chunk] = await once(await accepted, 'data');

    assert.equal(String(chunk), 'early');
  },
);

simulated(
  'the port of the end that closed first stays taken while TIME_WAIT is on',
  async (world) => {
    world.simulation.timeWait = '60 s';
    const { endpoint } = await listenOnce(world);
    const dialFrom = (): Connection => dial(world, endpoint, { localPort: 50_000 });
    const first = dialFrom();
    first.resume();
    first.end();
    await ended(first);

    assert.equal((await failureOf(dialFrom())).message, 'bind EADDRINUSE 0.0.0.0:50000');
    await world.advance('60 s');
    await once(dialFrom(), 'connect');
  },
);

simulated(
  'a dial from a port that is taken is EADDRINUSE, from a foreign address EADDRNOTAVAIL',
  async (world) => {
    const { client, endpoint } = await connectPair(world);
    const options = { localAddress: '127.0.0.1', localPort: client.local.port };

    const taken = await failureOf(dial(world, endpoint, options));
    assert.equal(taken.message, `bind EADDRINUSE 127.0.0.1:${client.local.port}`);
    const foreign = await failureOf(dial(world, endpoint, { localAddress: '10.9.9.9' }));
    assert.equal(foreign.message, 'bind EADDRNOTAVAIL 10.9.9.9');

    const refused = world.network.connect({ host: '127.0.0.1', port: 1, localPort: 50_001 });
    const error = await failureOf(refused);
    assert.equal(error.message, 'connect ECONNREFUSED 127.0.0.1:1 - Local (0.0.0.0:50001)');
  },
);

simulated('connect from a named host, and to a host that is none', async (world) => {
  world.simulation.host('app');
  const { endpoint, accepted } = await listenOnce(world, { host: '0.0.0.0' });

  world.network.connect({ host: 'local', port: endpoint.address.port, from: 'app' });

  assert.equal((await accepted).remote.host, '10.0.0.1');
  assert.throws(() => dial(world, endpoint, { from: 'nobody' }), { code: 'ECONFIG' });
});

async function hosts(
  world: SimulatedWorld,
  name: string,
  family: 0 | 4 | 6 = 0,
): Promise<string[]> {
  return (await world.network.lookup(name, { family })).map(({ host }) => host);
}

simulated('an idle timeout that is none is refused as Node refuses it', async (world) => {
  const { client } = await connectPair(world);

  for (const [ms, code] of [
    ['soon', 'ERR_INVALID_ARG_TYPE'],
    [-1, 'ERR_OUT_OF_RANGE'],
    [Number.NaN, 'ERR_OUT_OF_RANGE'],
  ] as const) {
    assert.throws(() => client.setTimeout(ms as number), { code });
  }
});

simulated('a connection tells its ends and what waits, as a socket does', async (world) => {
  const { endpoint } = await listenOnce(world);
  const client = dial(world, endpoint);
  client.write('early');

  assert.deepEqual(
    [client.localAddress, client.localPort, client.localFamily],
    [undefined, undefined, undefined],
  );
  assert.equal((client as unknown as { bufferSize: number }).bufferSize, 5);
  await once(client, 'connect');
  assert.deepEqual([client.localAddress, client.localFamily], ['127.0.0.1', 'IPv4']);
  assert.equal(typeof client.localPort, 'number');
});

simulated('a host that has given out all its ports cannot dial', async (world) => {
  const { endpoint } = await listenOnce(world, { pauseOnConnect: true });
  const { ports } = (client(world) as unknown as { host: { ports: Ports } }).host;
  while (ports.takeFree(0) !== undefined);

  assert.deepEqual(
    await failureOf(dial(world, endpoint)).then(({ code, syscall }) => [code, syscall]),
    ['EADDRNOTAVAIL', 'connect'],
  );
});

/** A connection to nowhere, of which only the host matters. */
function client(world: SimulatedWorld): Connection {
  const connection = world.network.connect({ host: '127.0.0.1', port: 1 });
  connection.on('error', () => {});
  return connection;
}
