/** Limits of time, with a clock that is moved by hand over kernel sockets. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from '../../../src/tcp/client';
import { codeOf, errorOf, serving, tcpPair, textOf } from '../../conformance/tcp-pair';
import { inManualWorld } from '../../support/tcp-world';
import { until } from '../../support/until';

test('a read waits 300 seconds by default, to the microsecond (A4, C5)', async () => {
  await inManualWorld(async (world) => {
    const { client, caller, listener } = await tcpPair(world);

    const early = client.readBytes();
    world.clock.advance('299.999999s');
    await caller.writeBytes(Buffer.from('in time'));
    assert.equal(textOf(await early), 'in time');
    const late = errorOf(client.readBytes());
    world.clock.advance('299.999999s');
    assert.equal(world.scope.leaks().pendingReads.length, 1);
    world.clock.advance('0.000001s');

    assert.match((await late).message, /^read timed out after 5 min on c1 \(.*\), 7 bytes read$/);
    client.reset();
    await Promise.all([client.closed, listener.immediateStop()]);
  });
});

test('a write waits 300 seconds by default, and so does a reply (A5, C6, E16)', async () => {
  await inManualWorld(async (world) => {
    const errors: string[] = [];
    const listener = await serving(world, () => ({
      onBytes: () => Buffer.alloc(30_000_000),
      onError: (error) => void errors.push(error.code),
    }));
    const client = await Client.connect(listener.address, { world });
    await client.writeBytes(Buffer.from('go'));
    const [caller] = [...listener.connections.values()];
    await until(() => (caller?.bytesFlushed ?? 0) > 0);
    // The reply fills the kernel and stands still.
    const flushed = caller?.bytesFlushed;
    await until(() => caller?.bytesFlushed === flushed);

    world.clock.advance('299.999999s');
    assert.deepEqual(errors, []);
    world.clock.advance('0.000001s');

    assert.deepEqual(errors, ['EWRITETIMEOUT']);
    client.reset();
    await Promise.all([client.closed, listener.immediateStop()]);
  });
});

test('a read limit of its own replaces the configured one for that call alone', async () => {
  await inManualWorld(async (world) => {
    const { client, listener } = await tcpPair(world, { client: { timeout: '10s' } });

    const short = errorOf(client.readBytes({ timeout: '1s' }));
    world.clock.advance('1s');
    assert.equal((await short).code, 'EREADTIMEOUT');
    const endless = client.readBytes({ timeout: 0 });
    world.clock.advance('1000h');
    assert.deepEqual(world.clock.timers, []);

    client.reset();
    assert.equal(await codeOf(endless), 'ECLOSED');
    await Promise.all([client.closed, listener.immediateStop()]);
  });
});

test('many reads in a row use one timer on a clock whose timers cost (I24)', async () => {
  await inManualWorld(async (world) => {
    const { client, caller, listener } = await tcpPair(world);

    for (let count = 0; count < 20; count++) {
      const read = client.readBytes(1);
      await caller.writeBytes(Buffer.from('x'));
      await read;
    }

    assert.deepEqual(
      world.clock.timers.filter((label) => label === `limits of ${client.id}`),
      [`limits of ${client.id}`],
    );
    client.reset();
    await Promise.all([client.closed, listener.immediateStop()]);
    assert.deepEqual(world.clock.timers, [], 'and none when it is over');
  }, 'real');
});

test('a closed connection waits one second for the FIN of its peer, and lets go then (I15)', async () => {
  await inManualWorld(async (world) => {
    const { client, caller, listener } = await tcpPair(world, {
      listener: { allowHalfOpen: true },
    });
    let over = false;

    const closing = client.close().then(() => {
      over = true;
    });
    await until(() => world.clock.timers.includes(`limits of ${client.id}`));
    world.clock.advance('0.999999s');
    await Promise.resolve();
    assert.equal(over, false);
    world.clock.advance('0.000001s');
    await closing;

    assert.equal((await client.closed).sent, 'fin');
    caller.reset();
    await listener.immediateStop();
  });
});

test('idleTimeout counts from the last byte, in or out, and keeps its own timer (DL13)', async () => {
  await inManualWorld(async (world) => {
    const errors: string[] = [];
    const listener = await serving(
      world,
      () => ({
        onBytes: (data) => data,
        onError: (error) => void errors.push(error.message),
      }),
      { idleTimeout: '1 minute' },
    );
    const client = await Client.connect(listener.address, { world });

    for (const text of ['one', 'two']) {
      world.clock.advance('59s');
      await client.writeBytes(Buffer.from(text));
      assert.equal(textOf(await client.readBytes(3)), text);
    }
    assert.deepEqual(errors, []);
    world.clock.advance('1 minute');

    assert.equal(errors.length, 1);
    assert.match(errors[0] ?? '', /^nothing moved for 1 min on s1 /);
    assert.equal(await codeOf(client.readBytes()), 'EPEERCLOSED');
    await client.close();
    await listener.gracefulStop();
  });
});

test('a timeout leaves a mark in the trace, beside what was on the wire', async () => {
  await inManualWorld(async (world) => {
    const { client, listener } = await tcpPair(world);

    const read = codeOf(client.readBytes(5, { timeout: '1s' }));
    world.clock.advance('1s');
    await read;

    const marks = world.trace.events.filter(({ kind }) => kind === 'timeout');
    assert.deepEqual(
      marks.map(({ connection, detail }) => [connection, detail]),
      [['c1', { what: 'read of 5 bytes' }]],
    );
    client.reset();
    await Promise.all([client.closed, listener.immediateStop()]);
  });
});

test('calls that wait are listed by the scope in words', async () => {
  await inManualWorld(async (world) => {
    const { client, caller, listener } = await tcpPair(world, { client: { label: 'alice' } });
    world.clock.advance('1.5s');

    const pending = [
      client.readBytes(4),
      client.readUntil(Buffer.from('\r\n'), { timeout: 0 }),
      client.writeBytes(Buffer.alloc(30_000_000)),
    ].map(codeOf);

    const { pendingReads, pendingWrites } = world.scope.leaks();
    assert.deepEqual(pendingReads, [
      'alice: read of 4 bytes since 1.500 s, limit 5 min',
      'alice: read until 0d 0a since 1.500 s, no limit',
    ]);
    assert.deepEqual(pendingWrites, ['alice: write of 30000000 bytes since 1.500 s, limit 5 min']);
    caller.reset();
    client.reset();
    await Promise.all([client.closed, ...pending, listener.immediateStop()]);
  });
});
