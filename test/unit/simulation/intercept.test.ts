import assert from 'node:assert/strict';
import dns from 'node:dns';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { test } from 'node:test';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { forHttp } from '../../../src/simulation/drivers';
import { interceptHosts } from '../../../src/simulation/intercept';
import { type SimulatedWorld, simulatedWorld } from '../../../src/simulation/world';

/** A world with a host `db` that echoes on port 5432, which programs reach as `db` and `db.sim`. */
function intercepted(claim: string, body: (world: SimulatedWorld) => Promise<void>): void {
  test(claim, { timeout: 20_000 }, () =>
    simulatedWorld().run(async (world) => {
      world.simulation.host('db');
      await world.simulation.on('db', () =>
        world.network.listen({ port: 5_432 }, (peer) => {
          peer.on('error', () => {});
          peer.pipe(peer);
        }),
      );
      interceptHosts(world, ['db:5432', '*.sim']);
      await body(world);
    }),
  );
}

for (const [name, connect] of [
  ['net.connect(port, host)', () => net.connect(5_432, 'db')],
  ['net.connect(options)', () => net.connect({ port: 5_432, host: 'db.sim' })],
  ['net.createConnection(options)', () => net.createConnection({ port: 5_432, host: 'DB' })],
  ['new net.Socket().connect(port, host)', () => new net.Socket().connect(5_432, 'db')],
  [
    'new net.Socket().connect(options)',
    () => new net.Socket().connect({ port: 5_432, host: 'db' }),
  ],
] as const) {
  intercepted(`${name} is led into the world`, async (world) => {
    const socket = connect();
    assert.equal(socket.connecting, true);
    socket.write('early ');
    await once(socket, 'connect');
    assert.equal(socket.connecting, false);
    assert.equal(socket.remoteAddress, '10.0.0.1');
    assert.equal(socket.remotePort, 5_432);
    assert.equal(socket.setNoDelay(true).setKeepAlive(true).ref().unref(), socket);

    socket.end('bird');
    const echoed = (await socket.toArray()).join('');

    assert.equal(echoed, 'early bird');
    assert.equal(socket.bytesWritten, 10);
    await once(socket, 'close');
    assert.ok(world.clock.now() >= 2_000);
  });
}

intercepted(
  'a socket that was led in gets the callback, the idle timeout and the errors of the network',
  async (world) => {
    const connected: string[] = [];
    const socket = net.connect({ port: 5_432, host: 'db', timeout: 60_000 }, () =>
      connected.push('a'),
    );
    await once(socket, 'timeout');
    const bare = new net.Socket();
    bare.setTimeout(1_000);
    bare.connect(5_432, 'db', () => connected.push('b'));
    bare.setTimeout(30_000);
    await once(bare, 'timeout');
    assert.deepEqual(connected, ['a', 'b']);

    world.simulation.host('db').kill('power');
    await world.simulation.host('db').restart();
    bare.write('x');
    const [error] = await once(bare, 'error');
    assert.equal(error.code, 'ECONNRESET');
    socket.destroy();
  },
);

intercepted('a socket that was led in does not read ahead without end', async (world) => {
  const socket = new net.Socket().connect(5_432, 'db');
  await once(socket, 'connect');
  socket.pause();
  socket.write(Buffer.alloc(1_000_000));
  await world.settle();

  assert.ok(socket.readableLength <= 200_000, `${socket.readableLength} bytes`);
  assert.equal(socket.destroy().destroyed, true);
});

intercepted('names that match resolve from the table of the world', async (world) => {
  const lookup = promisify(dns.lookup);
  assert.deepEqual(await lookup('db.sim'), { address: '10.0.0.1', family: 4 });
  assert.deepEqual(await lookup('db.sim', { all: true }), [{ address: '10.0.0.1', family: 4 }]);
  await assert.rejects(lookup('web.sim'), { code: 'ENOTFOUND' });
  world.simulation.dns.set('web.sim', 'EAI_AGAIN');
  await assert.rejects(lookup('web.sim'), { code: 'EAI_AGAIN' });
});

intercepted('promised lookups of names that match are answered from the same table', async () => {
  const { lookup } = dns.promises;
  const found = { address: '10.0.0.1', family: 4 };
  assert.deepEqual(await lookup('db.sim'), found);
  assert.deepEqual(await lookup('db.sim', { all: true }), [found]);
  await assert.rejects(lookup('db.sim', 6), { code: 'ENOTFOUND', syscall: 'getaddrinfo' });
  await assert.rejects(lookup('web.sim'), { code: 'ENOTFOUND', hostname: 'web.sim' });
  assert.throws(() => lookup('example.test'), { name: 'SimulationEscape' });
});

intercepted('what does not match is an escape', async () => {
  assert.throws(() => net.connect(5_433, 'db'), { name: 'SimulationEscape' });
  assert.throws(() => net.connect(5_432, 'web'), { name: 'SimulationEscape' });
  assert.throws(() => dns.lookup('example.test', () => {}), { name: 'SimulationEscape' });
});

intercepted('http.get with an agent of its own reaches a server of the world', async (world) => {
  const server = http.createServer((request, response) => response.end(`you asked ${request.url}`));
  await world.simulation.on('db', () => forHttp(world).serve(server, { port: 80 }));

  const response = await new Promise<http.IncomingMessage>((resolve) => {
    http.get('http://db.sim/path', { agent: new http.Agent() }, resolve);
  });

  assert.equal((await response.toArray()).join(''), 'you asked /path');
});

test('rules are taken away by hand, or with the world, and leave nothing behind', async () => {
  const { connect } = net;
  const world = simulatedWorld();
  const remove = interceptHosts(world, ['db']);
  assert.notEqual(net.connect, connect);
  remove();
  remove();
  assert.equal(net.connect, connect);
  assert.equal(world.scope.leaks().clean, true);

  await world.run(async () => {
    interceptHosts(world, ['db']);
    assert.notEqual(net.connect, connect);
  });
  assert.equal(net.connect, connect);
});

test('a pattern that is none is refused', () => {
  assert.throws(() => interceptHosts(simulatedWorld(), ['a b']), {
    code: 'ECONFIG',
    message: /^patterns must be hosts such as/,
  });
});

intercepted('a path of a local socket is nothing that a rule leads away', async () => {
  assert.throws(() => net.connect({ path: '/tmp/none.sock' }), { name: 'SimulationEscape' });
});

intercepted('tls.connect is led into the world', async (world) => {
  const secured = tls.connect({ host: 'db', port: 5_432 });
  // Who echoes a greeting is no server of TLS.
  const [error] = await once(secured, 'error').catch((cause) => [cause]);

  assert.notEqual(error.code, 'ECONNREFUSED');
  assert.ok(world.trace.events.some(({ kind, length }) => kind === 'data' && (length ?? 0) > 100));
  secured.destroy();
});
