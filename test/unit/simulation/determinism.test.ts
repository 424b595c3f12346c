/** Same plan, same run. BRINE_SEEDS=1000 tries that many seeds. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import type { Endpoint } from '../../../src/network/network';
import { planFromSeed } from '../../../src/simulation/seed-plan';
import { compareTraces } from '../../../src/simulation/verify';
import { type SimulatedWorld, simulatedWorld } from '../../../src/simulation/world';
import { connectPair, dial } from '../../conformance/pair';

const seeds = Number(process.env['BRINE_SEEDS'] ?? 100);

test(`${seeds} seeds give one hash each, run after run`, {
  timeout: 20_000 + seeds * 100,
}, async () => {
  const hashes = new Set<string>();
  for (let seed = 1; seed <= seeds; seed++) {
    const first = await hashOf(seed);
    assert.equal(await hashOf(seed), first, `seed ${seed}`);
    hashes.add(first);
  }

  assert.ok(hashes.size > seeds * 0.99, 'seeds make a difference');
});

test('worlds that run side by side keep their hashes', { timeout: 20_000 }, async () => {
  const alone = [await hashOf(1), await hashOf(2), await hashOf(3)];

  assert.deepEqual(await Promise.all([hashOf(1), hashOf(2), hashOf(3)]), alone);
});

test('a rehearsal finds the first event in which two runs differ', {
  timeout: 20_000,
}, async () => {
  let run = 0;
  const running = simulatedWorld({ verify: 1 }).run(async (world) => {
    const { client, server } = await connectPair(world);
    const text = ++run === 1 ? 'one' : 'other';
    client.write(text);
    await once(server, 'data');
  });

  await assert.rejects(running, (error: Error) => {
    assert.equal(error.name, 'NondeterminismError');
    assert.match(
      error.message,
      /^two runs of one plan diverged at event 3\n(.*\n){3} {2}1 .* c1 out write 3 bytes \([0-9a-f]{8}\)\n {2}2 .* c1 out write 5 bytes/,
    );
    return true;
  });
});

test('a rehearsal of a case that repeats gives its result, or its failure', {
  timeout: 20_000,
}, async () => {
  const result = await simulatedWorld({ verify: 1 }).run(async (world) => {
    await connectPair(world);
    return world.clock.now();
  });
  assert.equal(result, 1_500);

  const failing = simulatedWorld({ verify: 1 }).run(() => Promise.reject(new Error('always')));
  await assert.rejects(failing, { message: 'always' });
});

test('one of so many cases is rehearsed', { timeout: 20_000 }, async () => {
  let calls = 0;
  for (let index = 0; index < 9; index++) {
    await simulatedWorld({ verify: 3 }).run(async () => {
      calls++;
    });
  }

  assert.equal(calls, 12);
});

test('traces of different length differ where the shorter one ends', () => {
  const event = {
    index: 0,
    atUs: 5,
    connection: 'c1',
    from: 'a',
    to: 'b',
    direction: 'out',
    kind: 'syn',
  } as const;

  compareTraces([event], [event]);
  assert.throws(() => compareTraces([event], []), { index: 0, message: /\n {2}2 nothing more$/ });
  assert.throws(() => compareTraces([event], [{ ...event, atUs: 6 }]), { index: 0 });
});

/** A little of everything: several clients, echoes, timers, a reset, under a rough plan. */
async function hashOf(seed: number): Promise<string> {
  const world = simulatedWorld({ plan: planFromSeed(seed, 'rough') });
  await world.run(async () => {
    const endpoint = await echoing(world);
    const clients = Array.from({ length: 4 }, (_, index) => talk(world, endpoint, index));
    await Promise.all(clients);
  });
  return world.trace.hash();
}

function echoing(world: SimulatedWorld): Promise<Endpoint> {
  return world.network.listen({ port: 0 }, (server) => {
    server.on('error', () => {});
    server.pipe(server);
  });
}

async function talk(world: SimulatedWorld, endpoint: Endpoint, index: number): Promise<void> {
  const client = dial(world, endpoint, { label: `client ${index}` });
  client.on('error', () => {});
  client.resume();
  await once(client, 'connect');
  for (let round = 0; round < 3; round++) {
    client.write(Buffer.from(world.random.fork(`${index}/${round}`).bytes(200)));
    await world.clock.sleep(1 + index);
  }
  if (index === 3) client.resetAndDestroy();
  else client.end();
}
