import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deferred } from '../../../src/base/deferred';
import type { Connection } from '../../../src/network/connection';
import type { World } from '../../../src/network/world';
import { Client } from '../../../src/tcp/client';
import { errorOf, serving } from '../../conformance/tcp-pair';
import { inManualWorld, withNetwork } from '../../support/tcp-world';
import { until } from '../../support/until';

/** A world in which connections are made and never tell of it, as when no answer comes. */
function silentWorld(world: World, dialled: Connection[]): World {
  return withNetwork(world, {
    connect: (options) => {
      const connection = world.network.connect(options);
      const { emit } = connection;
      connection.emit = (event: string | symbol, ...values: unknown[]): boolean =>
        event === 'connect' ? true : emit.call(connection, event, ...values);
      dialled.push(connection);
      return connection;
    },
  });
}

test('a connect without an answer fails at its limit, after 30 seconds by default (A7, C4)', async () => {
  await inManualWorld(async (world) => {
    const listener = await serving(world, () => ({ onBytes: () => undefined }));
    const dialled: Connection[] = [];
    const silent = silentWorld(world, dialled);

    const connecting = errorOf(Client.connect('127.0.0.1', listener.port, { world: silent }));
    await until(() => dialled.length === 1);
    world.clock.advance('29.999999s');
    assert.equal(dialled[0]?.destroyed, false);
    world.clock.advance('0.000001s');
    const error = await connecting;

    assert.equal(error.code, 'ECONNECTTIMEOUT');
    assert.equal(error.phase, 'connect');
    assert.equal(
      error.compatMessage,
      'Unable to connect with remote host: connection timed out after 30000 ms: ' +
        `/127.0.0.1:${listener.port}`,
    );
    assert.equal(dialled[0]?.destroyed, true);
    await listener.immediateStop();
  });
});

test('the limit of a connect counts the look-up of names as well (A7)', async () => {
  await inManualWorld(async (world) => {
    const asked = deferred<string>();
    const slow = withNetwork(world, {
      lookup: (host) => {
        asked.resolve(host);
        return new Promise(() => undefined);
      },
    });

    const connecting = errorOf(
      Client.connect('127.0.0.1', 7, { world: slow, localHost: 'here', connectTimeout: '2s' }),
    );
    assert.equal(await asked.promise, 'here');
    world.clock.advance('2s');

    assert.equal((await connecting).code, 'ECONNECTTIMEOUT');
    assert.deepEqual(world.clock.timers, []);
  });
});

test('a connect that is aborted while it is under way leaves nothing open', async () => {
  await inManualWorld(async (world) => {
    const listener = await serving(world, () => ({ onBytes: () => undefined }));
    const dialled: Connection[] = [];
    const controller = new AbortController();

    const connecting = errorOf(
      Client.connect('127.0.0.1', listener.port, {
        world: silentWorld(world, dialled),
        signal: controller.signal,
      }),
    );
    await until(() => dialled.length === 1);
    controller.abort(new Error('enough'));
    const error = await connecting;

    assert.equal(error.code, 'ABORT_ERR');
    assert.equal(error.message, `connect to 127.0.0.1:${listener.port} aborted`);
    assert.deepEqual(error.cause, new Error('enough'));
    assert.deepEqual(world.clock.timers, []);
    await listener.immediateStop();
  });
});

test('the signal of a connect has no effect once there is a connection', async () => {
  await inManualWorld(async (world) => {
    const listener = await serving(world, () => ({ onBytes: (data) => data }));
    const controller = new AbortController();
    const client = await Client.connect(listener.address, { world, signal: controller.signal });

    controller.abort();
    await client.writeBytes(Buffer.from('still'));

    assert.equal(Buffer.from(await client.readBytes(5)).toString(), 'still');
    client.reset();
    await client.closed;
    await listener.immediateStop();
  });
});

test('the end of the scope ends a connect that is under way', async () => {
  await inManualWorld(async (world) => {
    const asked = deferred<string>();
    const slow = withNetwork(world, {
      lookup: (host) => {
        asked.resolve(host);
        return new Promise(() => undefined);
      },
    });

    const connecting = errorOf(Client.connect('127.0.0.1', 7, { world: slow, localHost: 'here' }));
    await asked.promise;
    await world.scope[Symbol.asyncDispose]();

    assert.equal((await connecting).code, 'ABORT_ERR');
  });
});

test('what the network throws at once rejects like everything else (A2, A3)', async () => {
  await inManualWorld(async (world) => {
    const throwing = withNetwork(world, {
      connect: () => {
        throw Object.assign(new TypeError('Invalid IP address: here'), {
          code: 'ERR_INVALID_IP_ADDRESS',
        });
      },
    });

    const error = await errorOf(Client.connect('127.0.0.1', 7, { world: throwing }));

    assert.equal(error.code, 'EADDRNOTAVAIL');
  });
});
