import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Listener } from '../../../src/tcp/listener';
import { waitUntilListening } from '../../../src/tcp/wait-until-listening';
import { errorOf, serving } from '../../conformance/tcp-pair';
import { inManualWorld, inRealWorld, spyingWorld } from '../../support/tcp-world';
import { until } from '../../support/until';

test('a listener of this process is waited for without a connection (D18)', async () => {
  await inRealWorld(async (real) => {
    const { world, connects } = spyingWorld(real);
    const listener = new Listener(0, { world }).attach(() => undefined);
    let ready = false;

    const waiting = waitUntilListening(listener).then(() => {
      ready = true;
    });
    await Promise.resolve();
    assert.equal(ready, false);
    await listener.start();
    await waiting;

    assert.deepEqual(connects, []);
    await listener.gracefulStop();
  });
});

test('an address is tried until somebody listens there, by connections marked as probes', async () => {
  await inRealWorld(async (real) => {
    const { world, connects } = spyingWorld(real);
    const first = await serving(world, () => ({ onBytes: () => undefined }));
    const { address } = first;
    await first.immediateStop();

    const waiting = waitUntilListening(address, { world });
    await until(() => connects.length >= 2);
    const second = new Listener(address.port, { world }).attach(() => undefined);
    await second.start();
    await waiting;

    assert.ok(connects.every(({ probe, label }) => probe === true && label === 'probe'));
    const syn = world.trace.events.find(({ kind, from }) => kind === 'syn' && from === 'probe');
    assert.equal(syn?.detail?.['probe'], true);
    await second.gracefulStop();
  });
});

test('waiting ends at its limit, with what the last try met', async () => {
  await inManualWorld(async (world) => {
    const gone = await serving(world, () => ({ onBytes: () => undefined }));
    const { address } = gone;
    await gone.immediateStop();
    const spy = spyingWorld(world);

    const waiting = errorOf(waitUntilListening(address, { world: spy.world, timeout: '60ms' }));
    await until(() => spy.connects.length === 1 && world.clock.timers.includes('next probe'));
    world.clock.advance('25ms');
    await until(() => spy.connects.length === 2 && world.clock.timers.includes('next probe'));
    world.clock.advance('35ms');
    const error = await waiting;

    assert.equal(error.code, 'ECONNECTTIMEOUT');
    assert.equal(error.message, `127.0.0.1:${address.port} was not listening within 60 ms`);
    assert.equal((error.cause as { code: string }).code, 'ECONNREFUSED');
    assert.deepEqual(world.clock.timers, []);
  });
});

test('waiting for a listener ends at its limit, and when it is aborted', async () => {
  await inManualWorld(async (world) => {
    const listener = new Listener(0, { world });
    const controller = new AbortController();

    const limited = errorOf(waitUntilListening(listener, { timeout: '1s' }));
    const aborted = errorOf(waitUntilListening(listener, { signal: controller.signal }));
    controller.abort();
    world.clock.advance('1s');

    assert.equal((await limited).message, 'the listener was not listening within 1 s');
    assert.equal((await aborted).code, 'ABORT_ERR');
    assert.deepEqual(world.clock.timers, []);
  });
});

test('an object of another library is not mistaken for a listener (case 40)', async () => {
  const impostor = { start: () => undefined, port: 7, address: {}, whenListening: () => undefined };

  const error = await errorOf(waitUntilListening(impostor as never));

  assert.equal(error.code, 'ECONFIG');
  assert.equal(error.field, 'remoteHost');
});
