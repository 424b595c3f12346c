import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { realWorld } from '../../../../src/network/real/world';
import { createTrace } from '../../../../src/network/world/trace';
import { ended } from '../../../conformance/pair';

test('a real world keeps no trace unless it is asked to', { timeout: 20_000 }, async () => {
  const world = realWorld();
  const endpoint = await world.network.listen({ port: 0 }, (server) => server.pipe(server));
  const { host, port } = endpoint.address;
  for (let round = 0; round < 20; round++) {
    const client = world.network.connect({ host, port });
    const over = ended(client);
    client.end('ping');
    client.resume();
    await over;
  }
  await world.scope[Symbol.asyncDispose]();

  assert.deepEqual([world.trace.mode, world.trace.active], ['off', false]);
  assert.deepEqual([world.trace.events.length, world.trace.dropped], [0, 0]);
});

test('a real world takes a trace, or the options of one', () => {
  const trace = createTrace({ mode: 'full' });

  assert.equal(realWorld({ trace }).trace, trace);
  assert.equal(realWorld({ trace: { mode: 'events' } }).trace.mode, 'events');
});

test('two worlds may write one trace, on the clock of the first', { timeout: 20_000 }, async () => {
  const trace = createTrace({ mode: 'full' });
  const near = realWorld({ trace });
  const far = realWorld({ trace });
  const endpoint = await far.network.listen({ port: 0 }, (server) => server.resume());
  const { host, port } = endpoint.address;
  const client = near.network.connect({ host, port });
  await once(client, 'connect');
  await near.clock.sleep(5);
  await Promise.all([near.scope[Symbol.asyncDispose](), far.scope[Symbol.asyncDispose]()]);

  assert.deepEqual(
    trace.events.map(({ index }) => index),
    trace.events.map((_, index) => index),
  );
  assert.equal(trace.events.at(-1)?.atUs !== undefined, true);
});

test('chance follows from the seed, and a fresh seed is told', () => {
  const drawn = [realWorld({ seed: 7 }), realWorld({ seed: 7 })].map(({ random }) => random.u32());
  const fresh = [realWorld(), realWorld()].map(({ random }) => random.seed);

  assert.equal(drawn[0], drawn[1]);
  assert.equal(realWorld({ seed: 7 }).random.seed, 7);
  assert.notEqual(fresh[0], fresh[1]);
  assert.equal(realWorld({ seed: fresh[0] ?? 0 }).random.seed, fresh[0]);
});

test('wrong options of a world are refused', () => {
  assert.throws(() => realWorld({ sead: 1 } as object), {
    code: 'ECONFIG',
    message: 'realWorld: unknown key "sead" (did you mean "seed"?)',
  });
  assert.throws(() => realWorld({ seed: -1 }), { code: 'ECONFIG' });
  assert.throws(() => realWorld({ trace: { mode: 'all' as 'full' } }), { code: 'ECONFIG' });
});
