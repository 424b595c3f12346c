/** The door for those who come from Ballerina. @source CONNECTOR.md 7 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TcpError } from '../../../src/base/errors';
import { simulatedWorld } from '../../../src/simulation/world';
import {
  type BallerinaClientConfiguration,
  type BallerinaListenerConfiguration,
  ballerina,
} from '../../../src/tcp/ballerina';
import { Client } from '../../../src/tcp/client';
import { Listener } from '../../../src/tcp/listener';

const untyped = <T>(value: unknown): T => value as T;

function refused(check: () => unknown): TcpError {
  try {
    check();
  } catch (error) {
    if (TcpError.is(error)) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

test('limits that are absent are 300 seconds', () => {
  assert.deepEqual(ballerina({}), { timeout: 300_000, writeTimeout: 300_000 });
});

test('limits are seconds, with a fraction to the millisecond', () => {
  const limits: readonly (readonly [seconds: number, ms: number])[] = [
    [300, 300_000],
    [1, 1_000],
    [1.5, 1_500],
    [0.25, 250],
    [0.001, 1],
    [1.0004, 1_000],
    [1.0006, 1_001],
  ];
  for (const [seconds, ms] of limits) {
    const config = ballerina({ timeout: seconds, writeTimeout: seconds });

    assert.deepEqual(config, { timeout: ms, writeTimeout: ms });
  }
});

test('a limit above zero is never shorter than a millisecond', () => {
  for (const seconds of [0.000_9, 0.000_1, Number.MIN_VALUE]) {
    assert.equal(ballerina({ timeout: seconds }).timeout, 1);
  }
});

test('zero and less mean no limit', () => {
  for (const seconds of [0, -0, -1, -0.001, Number.NEGATIVE_INFINITY]) {
    const { timeout, writeTimeout } = ballerina({ timeout: seconds, writeTimeout: seconds });

    assert.equal(timeout, 0);
    assert.equal(writeTimeout, 0);
  }
});

test('a limit without end is no limit', () => {
  assert.equal(ballerina({ timeout: Number.POSITIVE_INFINITY }).timeout, Number.POSITIVE_INFINITY);
});

test('any positive number of seconds is a whole number of milliseconds within half of one', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 1e9, noNaN: true }), (seconds) => {
      const ms = Number(ballerina({ timeout: seconds }).timeout);

      assert.ok(Number.isInteger(ms) && ms >= 1);
      assert.ok(Math.abs(ms - seconds * 1_000) <= 0.5);
    }),
  );
});

test('text and other things that are no seconds are refused, naming the limit', () => {
  for (const field of ['timeout', 'writeTimeout']) {
    for (const wrong of ['300', '300s', '', null, true, Number.NaN, 300n, [300]]) {
      const config = untyped<BallerinaClientConfiguration>({ [field]: wrong });
      const error = refused(() => ballerina(config));

      assert.equal(error.code, 'ECONFIG');
      assert.equal(error.field, field);
      assert.match(error.message, new RegExp(`^${field} must be a number of seconds, got `));
    }
  }
});

test('keys that Ballerina does not have are refused, on both sides', () => {
  const client = refused(() =>
    ballerina(untyped<BallerinaClientConfiguration>({ connectTimeout: 1 })),
  );
  const misspelt = refused(() =>
    ballerina(untyped<BallerinaClientConfiguration>({ writeTimeOut: 1 })),
  );
  const listener = refused(() =>
    ballerina.listener(untyped<BallerinaListenerConfiguration>({ timeout: 1 })),
  );

  assert.equal(client.field, 'connectTimeout');
  assert.match(client.message, /^BallerinaClientConfiguration: unknown key "connectTimeout"/);
  assert.match(misspelt.message, /writeTimeout/);
  assert.equal(listener.field, 'timeout');
  assert.match(listener.message, /^BallerinaListenerConfiguration: unknown key "timeout"/);
});

test('a configuration that is no object is refused', () => {
  for (const wrong of [null, undefined, 300, '300', []]) {
    assert.equal(
      refused(() => ballerina(untyped<BallerinaClientConfiguration>(wrong))).code,
      'ECONFIG',
    );
    assert.equal(
      refused(() => ballerina.listener(untyped<BallerinaListenerConfiguration>(wrong))).code,
      'ECONFIG',
    );
  }
});

test('localHost is passed on, and its absence too', () => {
  assert.equal(ballerina({ localHost: '127.0.0.2' }).localHost, '127.0.0.2');
  assert.deepEqual(ballerina.listener({ localHost: '0.0.0.0' }), { localHost: '0.0.0.0' });
  assert.deepEqual(ballerina.listener({}), {});
  assert.equal('localHost' in ballerina({}), false);
});

test('what the door gives is taken by Client and Listener, and its limit holds', async () => {
  await simulatedWorld().run(async (world) => {
    const listener = new Listener(0, { ...ballerina.listener({}), world }).attach(() => ({
      onBytes: () => undefined,
    }));
    const { host } = await listener.start();
    const config = { ...ballerina({ timeout: 1.5 }), world };
    const client = await Client.connect(listener.address, config);
    const startUs = world.clock.now();

    await assert.rejects(client.readBytes(), {
      code: 'EREADTIMEOUT',
      compatMessage: 'Read timed out',
    });

    assert.equal(host, '127.0.0.1');
    assert.equal(world.clock.now() - startUs, 1_500_000);
    await client.close();
    await listener.gracefulStop();
  });
});

test('a limit of 0 seconds waits for hours', async () => {
  await simulatedWorld().run(async (world) => {
    const listener = new Listener(0, { world });
    const accepted = listener.accept();
    await listener.start();
    const config = { ...ballerina({ timeout: 0 }), world };
    const client = await Client.connect(listener.address, config);
    const caller = await accepted;

    const read = client.readBytes();
    await world.advance('2h');
    await caller.writeBytes(Buffer.from('late'));

    assert.equal(Buffer.from(await read).toString(), 'late');
    await client.close();
    await listener.gracefulStop();
  });
});

test('TLS is passed on with its seconds, and with the rule of Ballerina where cert is given', () => {
  const { secureSocket } = ballerina({
    secureSocket: {
      cert: 'ca.pem',
      protocol: { name: 'SSL', versions: ['TLSv1.2'] },
      ciphers: ['TLS_AES_128_GCM_SHA256', 'TLS_UNKNOWN'],
      handshakeTimeout: 0.5,
      sessionTimeout: 600,
    },
  });

  assert.deepEqual(secureSocket, {
    cert: 'ca.pem',
    verify: 'ballerina',
    protocol: { name: 'SSL', versions: ['TLSv1.2'] },
    ciphers: { anyOf: ['TLS_AES_128_GCM_SHA256', 'TLS_UNKNOWN'] },
    handshakeTimeout: 500,
    sessionTimeout: 600_000,
  });
  assert.deepEqual(ballerina({ secureSocket: {} }).secureSocket, {});
});

test('limits of TLS of zero and less mean none, and sessions last at least a second', () => {
  const key = { path: 'keys.p12', password: 'x' };
  const limits = (handshakeTimeout: number, sessionTimeout: number): unknown =>
    ballerina.listener({ secureSocket: { key, handshakeTimeout, sessionTimeout } }).secureSocket;

  assert.deepEqual(limits(0, 0), { key, handshakeTimeout: 0 });
  assert.deepEqual(limits(-1, 0.2), { key, handshakeTimeout: 0, sessionTimeout: 1_000 });
  assert.deepEqual(limits(0.000_1, 1.6), { key, handshakeTimeout: 1, sessionTimeout: 2_000 });
});

test('enable: false leaves nothing of TLS, not even what would be refused', () => {
  const secureSocket = untyped<BallerinaClientConfiguration['secureSocket'] & object>({
    enable: false,
    cert: 7,
    unknown: true,
  });

  assert.deepEqual(ballerina({ secureSocket }).secureSocket, { enable: false });
});

test('what is wrong in TLS is refused, naming the key', () => {
  const wrong: readonly (readonly [unknown, string, RegExp])[] = [
    [{ servername: 'x' }, 'servername', /^BallerinaClientSecureSocket: unknown key/],
    [{ cert: { path: 'x', pass: 'y' } }, 'pass', /^secureSocket.cert: unknown key "pass"/],
    [{ cert: { pem: 'x' } }, 'pem', /^secureSocket.cert: unknown key "pem"/],
    [{ enable: 'no' }, 'secureSocket.enable', /must be true or false/],
    [{ handshakeTimeout: '1s' }, 'secureSocket.handshakeTimeout', /a number of seconds/],
    [{ sessionTimeout: '1s' }, 'secureSocket.sessionTimeout', /a number of seconds/],
    [null, 'secureSocket', /an object of options/],
  ];
  for (const [secureSocket, field, message] of wrong) {
    const config = untyped<BallerinaClientConfiguration>({ secureSocket });
    const error = refused(() => ballerina(config));
    assert.deepEqual([error.code, error.field], ['ECONFIG', field]);
    assert.match(error.message, message);
  }
  for (const secureSocket of [{}, { key: 'selfsigned' }, { key: { cert: 'x', key: 'y' } }]) {
    const config = untyped<BallerinaListenerConfiguration>({ secureSocket });
    assert.equal(refused(() => ballerina.listener(config)).code, 'ECONFIG');
  }
});
