import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TcpError } from '../../../src/base/errors';
import { realWorld } from '../../../src/network/real/world';
import { Client } from '../../../src/tcp/client';
import { Listener } from '../../../src/tcp/listener';
import { serving } from '../../conformance/tcp-pair';
import { inRealWorld } from '../../support/tcp-world';

const echo = { onBytes: (data: Uint8Array): Uint8Array => data };

test('a listener tells of connections and of their ends', async () => {
  await inRealWorld(async (world) => {
    const told: string[] = [];
    const listener = await serving(world, () => echo);
    const closed = new Promise<void>((resolve) => {
      listener.on('connection', (caller) => told.push(`connection ${caller.id}`));
      listener.on('close', (info, caller) => {
        told.push(`close ${caller.id} ${info.reason}`);
        resolve();
      });
    });

    const client = await Client.connect(listener.address, { world });
    await client.close();
    await closed;

    assert.deepEqual(told, ['connection s1', 'close s1 peer-close']);
    await listener.gracefulStop();
  });
});

test('an event listener that throws is reported and breaks nothing', async () => {
  await inRealWorld(async (world) => {
    const reported: TcpError[] = [];
    const listener = await serving(world, () => echo);
    listener.on('connection', () => {
      throw new Error('cannot');
    });
    listener.on('handlerError', (error) => reported.push(error));

    const client = await Client.connect(listener.address, { world });
    await client.writeBytes(Buffer.from('x'));
    await client.readBytes(1);

    assert.equal(reported[0]?.code, 'EHANDLER');
    assert.equal(reported[0]?.message, 'a listener of "connection" threw: cannot');
    await client.close();
    await listener.gracefulStop();
  });
});

test('a listener of failures that fails itself makes the scope unclean', async () => {
  const world = realWorld();
  const listener = new Listener(0, { world })
    .attach(() => {
      throw new Error('no');
    })
    .on('handlerError', () => {
      throw new Error('not even this');
    });
  await listener.start();
  const client = await Client.connect(listener.address, { world });
  await client.readBytes().catch(() => undefined);
  await listener.gracefulStop();

  const [error] = world.scope.leaks().unhandledErrors;

  assert.equal(error?.message, 'a listener of "handlerError" threw: not even this');
  await world.scope[Symbol.asyncDispose]();
});

test('a listener that was taken off hears nothing', async () => {
  await inRealWorld(async (world) => {
    const told: string[] = [];
    const listener = await serving(world, () => echo);
    const tell = (): void => void told.push('told');
    listener.on('connection', tell).off('connection', tell);

    const client = await Client.connect(listener.address, { world });
    await client.close();
    await listener.gracefulStop();

    assert.deepEqual(told, []);
  });
});

test('a connection closed by a listener of "connection" is not given to the service', async () => {
  await inRealWorld(async (world) => {
    let asked = 0;
    const listener = await serving(world, () => {
      asked++;
      return echo;
    });
    listener.on('connection', (caller) => void caller.close());

    const client = await Client.connect(listener.address, { world });
    await client.readBytes().catch(() => undefined);
    await client.closed;
    await listener.gracefulStop();

    assert.equal(asked, 0);
  });
});

test('an unknown event, and something that cannot be called, are refused', () => {
  const listener = new Listener(0, { world: realWorld() });

  assert.throws(() => listener.on('data' as 'close', () => undefined), {
    code: 'ECONFIG',
    field: 'event',
  });
  assert.throws(() => listener.on('close', 7 as never), { code: 'ECONFIG', field: 'listener' });
});
