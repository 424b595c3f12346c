import assert from 'node:assert/strict';
import { execFile, execSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import dns from 'node:dns';
import http from 'node:http';
import net from 'node:net';
import { test } from 'node:test';
import tls from 'node:tls';
import { Worker } from 'node:worker_threads';
import { currentPlace } from '../../../src/simulation/context';
import { simulatedWorld } from '../../../src/simulation/world';

const limit = { timeout: 20_000 };

for (const [name, reach, call] of [
  ['net.connect', () => net.connect(6379, '127.0.0.1'), 'net.connect 127.0.0.1:6379'],
  ['net.createConnection', () => net.createConnection({ host: 'db', port: 1 }), 'net.connect db:1'],
  [
    'a socket that connects',
    () => new net.Socket().connect({ port: 7 }),
    'net.connect localhost:7',
  ],
  ['a server that listens', () => net.createServer().listen(0), 'net.Server.listen localhost:0'],
  ['tls.connect', () => tls.connect({ host: 'mail', port: 465 }), 'tls.connect mail:465'],
  ['http.get', () => http.get('http://127.0.0.1:8080/'), 'net.connect 127.0.0.1:8080'],
  [
    'a server of http',
    () => http.createServer().listen(80, 'localhost'),
    'net.Server.listen localhost:80',
  ],
  ['dgram', () => createSocket('udp4'), 'dgram.createSocket'],
  ['dns.lookup', () => dns.lookup('nohost.invalid', () => {}), 'dns.lookup nohost.invalid'],
  ['dns.resolve4', () => dns.resolve4('nohost.invalid', () => {}), 'dns.resolve4 nohost.invalid'],
  [
    'dns.promises',
    () => dns.promises.lookup('nohost.invalid'),
    'dns.promises.lookup nohost.invalid',
  ],
  ['spawn', () => spawn('true'), 'child_process.spawn true'],
  ['execFile', () => execFile('true'), 'child_process.spawn true'],
  ['execSync', () => execSync('true'), 'child_process.execSync true'],
  ['a worker', () => new Worker('', { eval: true }), 'worker_threads.Worker'],
] as const) {
  test(`${name} is an escape`, limit, async () => {
    const world = simulatedWorld();

    const running = world.run(async () => {
      reach();
    });

    await assert.rejects(running, (error: Error & { code?: string; call?: string }) => {
      assert.equal(error.name, 'SimulationEscape');
      assert.equal(error.call, call);
      assert.equal(
        error.message,
        `real network call inside a simulated world: ${call} (use world.network, or a driver hook: see the table of drivers)`,
      );
      assert.match(error.stack ?? '', /escapes\.test\.ts/);
      return true;
    });
    assert.equal(world.escapes.length, 1);
  });
}

test('fetch is an escape', limit, async () => {
  const running = simulatedWorld().run(() => fetch('http://127.0.0.1:8080/'));

  await assert.rejects(running, (error: Error) => {
    assert.equal((error.cause as Error).name, 'SimulationEscape');
    return true;
  });
});

test('an escape from a callback of the world is one, too', limit, async () => {
  const running = simulatedWorld().run(async ({ clock }) => {
    clock.after(1_000, () => net.connect(1, '127.0.0.1'));
    await clock.sleep('1 s');
  });

  await assert.rejects(running, { name: 'SimulationEscape' });
});

test('with warn, escapes are noted and happen', limit, async () => {
  const world = simulatedWorld({ escapes: 'warn' });

  const address = await world.run(() => dns.promises.lookup('localhost'));

  assert.ok(address.address);
  assert.deepEqual(
    world.escapes.map(({ call }) => call),
    ['dns.promises.lookup localhost'],
  );
});

test('with allow, nothing is noted', limit, async () => {
  const world = simulatedWorld({ escapes: 'allow' });

  await world.run(() => dns.promises.lookup('localhost'));

  assert.deepEqual(world.escapes, []);
});

test('code outside of a world is untouched while one runs', limit, async () => {
  const server = net.createServer((socket) => socket.end('real')).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as net.AddressInfo;
  let read: Promise<string> = Promise.resolve('');
  const outside = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
    assert.equal(currentPlace(), undefined);
    const socket = net.connect(port, '127.0.0.1');
    read = socket.toArray().then((chunks) => chunks.join(''));
  });

  await simulatedWorld().run(async ({ clock }) => {
    await outside;
    await clock.sleep('1 h');
  });

  assert.equal(await read, 'real');
  await new Promise((resolve) => server.close(resolve));
});
