/** What a client takes, what it refuses, and what holds when it is told nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TcpError } from '../../../src/base/errors';
import { realWorld } from '../../../src/network/real/world';
import { Client } from '../../../src/tcp/client';
import {
  type ClientConfiguration,
  readClientConfiguration,
  readRemote,
} from '../../../src/tcp/client-configuration';
import { defaultWorld } from '../../../src/tcp/default-world';

const untyped = <T>(value: unknown): T => value as T;
const read = (config: unknown) => readClientConfiguration(untyped<ClientConfiguration>(config));

function refused(check: () => unknown): TcpError {
  try {
    check();
  } catch (error) {
    if (TcpError.is(error)) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

/** The refusal of one option; its message begins with the name of the option. */
function refusedOption(field: string, value: unknown): TcpError {
  const error = refused(() => read({ [field]: value }));
  assert.equal(error.code, 'ECONFIG', `${field}: ${String(value)}`);
  assert.equal(error.phase, 'config');
  assert.equal(error.field, field);
  return error;
}

test('a client that is told nothing has the documented limits (A4, A5, A7)', () => {
  const { wire, connect } = read(undefined);

  assert.equal(wire.read.timeoutMs, 300_000);
  assert.equal(wire.read.timeoutUs, 300_000_000);
  assert.equal(wire.write.timeoutMs, 300_000);
  assert.equal(connect.timeoutMs, 30_000);
  assert.equal(wire.closeTimeoutUs, 1_000_000);
  assert.equal(wire.idleTimeoutUs, Number.POSITIVE_INFINITY);
});

test('a client that is told nothing has the socket options of the original (A8)', () => {
  const { wire, socket } = read({});

  assert.deepEqual(socket, { noDelay: true, keepAlive: false, keepAliveInitialDelay: 0 });
  assert.equal(wire.allowHalfOpen, false);
  assert.equal(wire.readHighWaterMark, 65_536);
  assert.equal(wire.writeHighWaterMark, 65_536);
});

test('a client that is told nothing dials from anywhere, in the real world of the process', () => {
  const { localHost, localPort, signal, label, world } = read({});

  assert.deepEqual(
    { localHost, localPort, signal, label },
    {
      localHost: undefined,
      localPort: 0,
      signal: undefined,
      label: undefined,
    },
  );
  assert.equal(world, defaultWorld());
  assert.equal(defaultWorld(), defaultWorld());
});

test('everything that is told is taken', async () => {
  const world = realWorld();
  const { signal } = new AbortController();

  const settings = read({
    localHost: 'localhost',
    localPort: 65_535,
    timeout: '2s',
    writeTimeout: 3,
    connectTimeout: '1 minute',
    closeTimeout: '250us',
    noDelay: false,
    keepAlive: true,
    allowHalfOpen: true,
    readHighWaterMark: 1,
    writeHighWaterMark: 2,
    signal,
    label: 'orders',
    world,
  });

  assert.equal(settings.localHost, 'localhost');
  assert.equal(settings.localPort, 65_535);
  assert.equal(settings.connect.timeoutMs, 60_000);
  assert.equal(settings.signal, signal);
  assert.equal(settings.label, 'orders');
  assert.equal(settings.world, world);
  assert.deepEqual(settings.socket, { noDelay: false, keepAlive: true, keepAliveInitialDelay: 0 });
  assert.equal(settings.wire.read.timeoutMs, 2_000);
  assert.equal(settings.wire.write.timeoutMs, 3);
  assert.equal(settings.wire.closeTimeoutUs, 250);
  assert.equal(settings.wire.allowHalfOpen, true);
  assert.equal(settings.wire.readHighWaterMark, 1);
  assert.equal(settings.wire.writeHighWaterMark, 2);
  await world.scope[Symbol.asyncDispose]();
});

test('keepAlive is on, off, or the silence before the first probe (A8)', () => {
  assert.equal(read({ keepAlive: false }).socket.keepAlive, false);
  assert.deepEqual(read({ keepAlive: '30s' }).socket, {
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: 30_000,
  });
  assert.equal(read({ keepAlive: 1_500 }).socket.keepAliveInitialDelay, 1_500);
});

test('limits of 0 and Infinity mean none (A4)', () => {
  for (const none of [0, '0s', Number.POSITIVE_INFINITY]) {
    const { wire, connect } = read({ timeout: none, writeTimeout: none, connectTimeout: none });

    assert.equal(wire.read.timeoutMs, Number.POSITIVE_INFINITY);
    assert.equal(wire.write.timeoutUs, Number.POSITIVE_INFINITY);
    assert.equal(connect.timeoutUs, Number.POSITIVE_INFINITY);
  }
});

test('limits that are no durations are refused, naming the limit (A4)', () => {
  const wrong = [
    -1,
    Number.NaN,
    Number.NEGATIVE_INFINITY,
    '',
    '5',
    '-5s',
    '5 parsecs',
    's',
    null,
    {},
  ];
  for (const field of ['timeout', 'writeTimeout', 'connectTimeout', 'closeTimeout', 'keepAlive']) {
    for (const value of wrong) {
      assert.match(
        refusedOption(field, value).message,
        new RegExp(`^${field} must be a duration of 0 or more, such as .*, got `),
      );
    }
  }
});

test('flags, marks and texts of another kind are refused, naming the option (A8)', () => {
  for (const value of ['yes', 1, null]) {
    refusedOption('noDelay', value);
    refusedOption('allowHalfOpen', value);
  }
  for (const value of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '65536', null]) {
    refusedOption('readHighWaterMark', value);
    refusedOption('writeHighWaterMark', value);
  }
  for (const value of ['', 'two words', 7, null]) refusedOption('localHost', value);
  for (const value of [-1, 65_536, 1.5, '0', null]) refusedOption('localPort', value);
  for (const value of [7, {}, null]) refusedOption('label', value);
  for (const value of [{}, new AbortController(), 'now']) refusedOption('signal', value);
  for (const value of [{}, null, 'real']) refusedOption('world', value);
});

test('an option that is there without a value is as if it were absent', () => {
  const { world: _world, ...told } = read({
    timeout: undefined,
    localHost: undefined,
    localPort: undefined,
    noDelay: undefined,
    world: undefined,
  });
  const { world: _other, ...untold } = read({});

  assert.deepEqual(told, untold);
});

test('an unknown key is refused, with the one that was meant (A9)', () => {
  const near = refused(() => read({ timeOut: 5 }));
  const far = refused(() => read({ colour: 'red' }));

  assert.equal(near.code, 'ECONFIG');
  assert.equal(near.field, 'timeOut');
  assert.match(near.message, /^ClientConfiguration: unknown key "timeOut".*timeout/);
  assert.equal(far.field, 'colour');
  assert.equal(far.message, 'ClientConfiguration: unknown key "colour"');
});

test('options of a listener are unknown to a client (A9)', () => {
  for (const field of ['idleTimeout', 'drainTimeout', 'backlog', 'maxConnections', 'unref']) {
    assert.equal(refused(() => read({ [field]: 1 })).field, field);
  }
});

test('without secureSocket a client speaks plain TCP (A6)', () => {
  assert.equal(read({}).secure, undefined);
  assert.equal(read({ secureSocket: { enable: false } }).secure, undefined);
  assert.equal(read({ secureSocket: {} }).secure?.side, 'client');
  assert.deepEqual(readRemote('localhost', 7), { host: 'localhost', port: 7 });
});

test('a configuration that is no object is refused', () => {
  for (const wrong of [null, 7, 'fast', []]) {
    const error = refused(() => read(wrong));

    assert.equal(error.code, 'ECONFIG');
    assert.equal(error.field, 'config');
  }
});

test('a remote is a host and a port, an address or a URL (A1)', () => {
  assert.deepEqual(readRemote('::1', 7), { host: '::1', port: 7 });
  assert.deepEqual(readRemote({ host: 'server', port: 65_535 }, undefined), {
    host: 'server',
    port: 65_535,
  });
  assert.deepEqual(readRemote('tcp://server:9000', undefined), {
    host: 'server',
    port: 9_000,
    scheme: 'tcp',
  });
  assert.deepEqual(readRemote('TLS://[::1]:9000', undefined), {
    host: '::1',
    port: 9_000,
    scheme: 'tls',
  });
});

test('a remote host that is none is refused (A1)', () => {
  for (const host of [undefined, null, '', 'two words', 7]) {
    assert.equal(refused(() => readRemote(host, 7)).field, 'remoteHost');
  }
  assert.equal(refused(() => readRemote({ port: 7 }, undefined)).field, 'remoteHost');
});

test('a remote port outside 1 to 65535 is refused (A2)', () => {
  for (const port of [0, -1, 65_536, 1.5, Number.NaN, '7', undefined, null]) {
    const error = refused(() => readRemote('localhost', port));

    assert.equal(error.code, 'ECONFIG');
    assert.equal(error.field, 'remotePort');
    assert.match(error.message, /^remotePort must be a port from 1 to 65535, got /);
  }
  assert.equal(
    refused(() => readRemote({ host: 'localhost', port: 0 }, undefined)).field,
    'remotePort',
  );
});

test('a URL without a port, with port 0, or of another scheme is refused (A2)', () => {
  for (const url of ['tcp://localhost', 'tcp://localhost:0', 'tcp://:7', 'http://localhost:80']) {
    assert.equal(refused(() => readRemote(url, undefined)).field, 'url', url);
  }
});

test('a wrong option rejects the promise of connect, and nothing is thrown (A2, A9)', async () => {
  const port = Client.connect('localhost', 0);
  const key = Client.connect('localhost', 7, untyped<ClientConfiguration>({ timeOut: 5 }));
  const target = Client.connect(untyped<{ host: string; port: number }>(undefined));

  await assert.rejects(port, { code: 'ECONFIG', field: 'remotePort' });
  await assert.rejects(key, { code: 'ECONFIG', field: 'timeOut' });
  await assert.rejects(target, { code: 'ECONFIG', field: 'remoteHost' });
});
