/** What a listener takes, what it refuses, and what holds when it is told nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TcpError } from '../../../src/base/errors';
import { simulatedWorld } from '../../../src/simulation/world';
import { defaultWorld } from '../../../src/tcp/default-world';
import { Listener } from '../../../src/tcp/listener';
import {
  type ListenerConfiguration,
  readListenerConfiguration,
} from '../../../src/tcp/listener-configuration';

const untyped = <T>(value: unknown): T => value as T;
const read = (config: unknown, port: unknown = 0) =>
  readListenerConfiguration(untyped<number>(port), untyped<ListenerConfiguration>(config));

function refused(check: () => unknown): TcpError {
  try {
    check();
  } catch (error) {
    if (TcpError.is(error)) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

function refusedOption(field: string, value: unknown): TcpError {
  const error = refused(() => read({ [field]: value }));
  assert.equal(error.code, 'ECONFIG', `${field}: ${String(value)}`);
  assert.equal(error.phase, 'config');
  assert.equal(error.field, field);
  return error;
}

test('a listener that is told nothing listens on the loopback only (DL2)', () => {
  assert.equal(read(undefined).localHost, '127.0.0.1');
});

test('a listener that is told nothing has the documented limits (DL13)', () => {
  const { wire, drain, grace, maxConnections, backlog } = read({});

  assert.equal(wire.read.timeoutMs, 300_000);
  assert.equal(wire.write.timeoutMs, 300_000);
  assert.equal(wire.idleTimeoutUs, Number.POSITIVE_INFINITY);
  assert.equal(wire.closeTimeoutUs, 1_000_000);
  assert.equal(drain.timeoutMs, 10_000);
  assert.equal(grace.timeoutMs, 1_000);
  assert.equal(maxConnections, Number.POSITIVE_INFINITY);
  assert.equal(backlog, 511);
});

test('a listener that is told nothing keeps the rest as documented (DL12)', () => {
  const { port, socket, wire, onConnectFailure, onHandlerFailure, unref, label, world } = read({});

  assert.equal(port, 0);
  assert.deepEqual(socket, { noDelay: true, keepAlive: false, keepAliveInitialDelay: 0 });
  assert.equal(wire.allowHalfOpen, false);
  assert.equal(wire.readHighWaterMark, 65_536);
  assert.equal(wire.writeHighWaterMark, 65_536);
  assert.equal(onConnectFailure, 'close');
  assert.equal(onHandlerFailure, 'keep');
  assert.equal(unref, false);
  assert.equal(label, undefined);
  assert.equal(world, defaultWorld());
});

test('everything that is told is taken', () => {
  const settings = read(
    {
      localHost: '::',
      timeout: '2s',
      writeTimeout: 3,
      idleTimeout: '5 minutes',
      closeTimeout: '1ms',
      drainTimeout: 4,
      handlerGrace: '6s',
      maxConnections: 1,
      backlog: 2,
      noDelay: false,
      keepAlive: '7s',
      allowHalfOpen: true,
      readHighWaterMark: 8,
      writeHighWaterMark: 9,
      onConnectFailure: 'reset',
      onHandlerFailure: 'close',
      unref: true,
      label: 'orders',
    },
    65_535,
  );

  assert.equal(settings.port, 65_535);
  assert.equal(settings.localHost, '::');
  assert.equal(settings.wire.read.timeoutMs, 2_000);
  assert.equal(settings.wire.write.timeoutMs, 3);
  assert.equal(settings.wire.idleTimeoutUs, 300_000_000);
  assert.equal(settings.wire.closeTimeoutUs, 1_000);
  assert.equal(settings.drain.timeoutMs, 4);
  assert.equal(settings.grace.timeoutMs, 6_000);
  assert.equal(settings.maxConnections, 1);
  assert.equal(settings.backlog, 2);
  assert.deepEqual(settings.socket, {
    noDelay: false,
    keepAlive: true,
    keepAliveInitialDelay: 7_000,
  });
  assert.equal(settings.wire.allowHalfOpen, true);
  assert.equal(settings.wire.readHighWaterMark, 8);
  assert.equal(settings.wire.writeHighWaterMark, 9);
  assert.equal(settings.onConnectFailure, 'reset');
  assert.equal(settings.onHandlerFailure, 'close');
  assert.equal(settings.unref, true);
  assert.equal(settings.label, 'orders');
});

test('limits of 0 and Infinity mean none', () => {
  for (const none of [0, '0ms', Number.POSITIVE_INFINITY]) {
    const { wire, drain, grace } = read({
      timeout: none,
      writeTimeout: none,
      idleTimeout: none,
      drainTimeout: none,
      handlerGrace: none,
    });

    assert.equal(wire.read.timeoutMs, Number.POSITIVE_INFINITY);
    assert.equal(wire.write.timeoutMs, Number.POSITIVE_INFINITY);
    assert.equal(wire.idleTimeoutUs, Number.POSITIVE_INFINITY);
    assert.equal(drain.timeoutMs, Number.POSITIVE_INFINITY);
    assert.equal(grace.timeoutMs, Number.POSITIVE_INFINITY);
  }
});

test('limits that are no durations are refused, naming the limit (DL1)', () => {
  const limits = [
    'timeout',
    'writeTimeout',
    'idleTimeout',
    'closeTimeout',
    'drainTimeout',
    'handlerGrace',
    'keepAlive',
  ];
  for (const field of limits) {
    for (const value of [-1, Number.NaN, '', '5', '-5s', '5 parsecs', null]) {
      assert.match(
        refusedOption(field, value).message,
        new RegExp(`^${field} must be a duration of 0 or more, such as .*, got `),
      );
    }
  }
});

test('counts, flags, words and texts of another kind are refused, naming the option (DL1)', () => {
  for (const value of [0, -1, 1.5, Number.NaN, '5', null]) {
    refusedOption('maxConnections', value);
    refusedOption('backlog', value);
    refusedOption('readHighWaterMark', value);
    refusedOption('writeHighWaterMark', value);
  }
  refusedOption('backlog', Number.POSITIVE_INFINITY);
  for (const value of ['yes', 1, null]) {
    refusedOption('noDelay', value);
    refusedOption('allowHalfOpen', value);
    refusedOption('unref', value);
  }
  for (const value of ['', 'two words', 7, null]) refusedOption('localHost', value);
  for (const value of ['keep', 'CLOSE', true, null]) refusedOption('onConnectFailure', value);
  for (const value of ['ignore', '', 1]) refusedOption('onHandlerFailure', value);
  for (const value of [7, {}, null]) refusedOption('label', value);
  for (const value of [{}, null, 'real']) refusedOption('world', value);
});

test('a refused word is answered with those there are (DL1)', () => {
  assert.equal(
    refusedOption('onHandlerFailure', 'ignore').message,
    'onHandlerFailure must be one of "keep", "close", "reset", got "ignore" (string)',
  );
});

test('a port outside 0 to 65535 is refused by the constructor (DL1)', () => {
  for (const port of [-1, 65_536, 1.5, Number.NaN, '7', undefined, null]) {
    const error = refused(() => new Listener(untyped<number>(port)));

    assert.equal(error.code, 'ECONFIG');
    assert.equal(error.field, 'localPort');
    assert.match(error.message, /^localPort must be a port from 0 to 65535, got /);
  }
});

test('an unknown key is refused by the constructor, with the one that was meant (DL1, A9)', () => {
  const near = refused(() => new Listener(0, untyped({ maxConnection: 5 })));
  const far = refused(() => new Listener(0, untyped({ colour: 'red' })));

  assert.equal(near.field, 'maxConnection');
  assert.match(near.message, /^ListenerConfiguration: unknown key "maxConnection".*maxConnections/);
  assert.equal(far.message, 'ListenerConfiguration: unknown key "colour"');
});

test('options of a client are unknown to a listener (A9)', () => {
  for (const field of ['connectTimeout', 'localPort', 'signal', 'secureSocket']) {
    assert.equal(refused(() => read({ [field]: 1 })).field, field);
  }
});

test('a configuration that is no object is refused (DL1)', () => {
  for (const wrong of [null, 7, 'fast', []])
    assert.equal(refused(() => read(wrong)).field, 'config');
});

test('the constructor binds nothing: two listeners may be made for one port (DL1)', async () => {
  await simulatedWorld().run(async (world) => {
    const first = new Listener(7_000, { world });
    const second = new Listener(7_000, { world });

    assert.deepEqual([first.state, second.state], ['idle', 'idle']);
    assert.ok(world.scope.leaks().clean);
    assert.deepEqual(await second.start(), { host: '127.0.0.1', port: 7_000, family: 'IPv4' });
    await assert.rejects(first.start(), { code: 'EADDRINUSE' });
    await second.gracefulStop();
  });
});

test('an address other than the loopback is listened on only when it is written (DL2)', async () => {
  await simulatedWorld().run(async (world) => {
    const everywhere = new Listener(0, { world, localHost: '0.0.0.0' });

    assert.equal((await everywhere.start()).host, '0.0.0.0');
    await everywhere.gracefulStop();
  });
});
