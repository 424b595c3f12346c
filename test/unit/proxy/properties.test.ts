/**
 * Laws of proxies, for any bytes, any faults and any moment at which they come, change and go.
 *
 * Each runs on the simulated network, whose latencies and cuts come from a seed, and a few times on
 * sockets of this machine. A failure prints the seed of fast-check that repeats it.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Fault } from '../../../src/faults/fault';
import type { Connection } from '../../../src/network/connection';
import type { World } from '../../../src/network/world';
import type { Proxy } from '../../../src/proxy/proxy';
import { connectPair } from '../../conformance/pair';
import { proxyBench, watch } from '../../conformance/proxy-pair';
import { realNet, simulatedNet } from '../../support/both-networks';

const nets = [
  { ...simulatedNet, runs: 60 },
  { ...realNet, runs: 8 },
];

const seeds = fc.integer({ min: 0, max: 0x7fff_ffff });
const sizes = fc.array(fc.integer({ min: 1, max: 9_000 }), { minLength: 1, maxLength: 12 });

/** Faults that change when bytes come, and nothing else. */
const harmless: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({
    type: fc.constant('latency'),
    attributes: fc.record({
      latency: fc.integer({ min: 0, max: 5 }),
      jitter: fc.integer({ min: 0, max: 5 }),
      distribution: fc.constantFrom('uniform', 'normal', 'pareto', 'paretonormal'),
    }),
  }),
  fc.record({
    type: fc.constant('bandwidth'),
    attributes: fc.record({ rate: fc.integer({ min: 2_000, max: 50_000 }) }),
  }),
  fc.record({
    type: fc.constant('slicer'),
    attributes: fc.record({
      average_size: fc.integer({ min: 0, max: 900 }),
      size_variation: fc.integer({ min: 0, max: 1_500 }),
      delay: fc.integer({ min: 0, max: 50 }),
    }),
  }),
  fc.record({ type: fc.constant('segments'), attributes: fc.constant({ size: 2_000, gap: 1 }) }),
  fc.record({ type: fc.constant('coalesce'), attributes: fc.constant({ size: 5_000, time: 3 }) }),
  fc.record({ type: fc.constant('throttle_burst'), attributes: fc.constant({ hold: 3 }) }),
  fc.record({
    type: fc.constant('retransmit'),
    attributes: fc.constant({ probability: 0.3, delay: 2 }),
  }),
  fc.record({ type: fc.constant('slow_close'), attributes: fc.constant({ delay: 3 }) }),
  fc.record({
    type: fc.constant('latency'),
    attributes: fc.constant({ latency: 2 }),
    trigger: fc.record({ byte: fc.integer({ min: 0, max: 20_000 }) }),
  }),
  fc.constant({ type: 'noop' }),
);

/** Faults that end a stream or lose what is behind a place, but change nothing before it. */
const cutting: fc.Arbitrary<Fault> = fc.oneof(
  fc
    .record({
      type: fc.constantFrom('truncate', 'limit_data', 'half_close', 'reset', 'hold'),
      at: fc.integer({ min: 0, max: 20_000 }),
    })
    .map(({ type, at }) => ({
      type,
      attributes: type === 'limit_data' ? { bytes: at } : { after: at },
    })),
  fc.constant({ type: 'reset_peer', attributes: { timeout: 2 } }),
  fc.constant({ type: 'timeout', attributes: { timeout: 2 } }),
  fc.constant({ type: 'blackhole' }),
);

/** One change of the faults of a proxy, and how long nothing changes before it. */
interface Step {
  readonly waitMs: number;
  readonly do: 'add' | 'update' | 'remove';
  readonly fault: Fault;
  readonly pick: number;
}

/** Faults that keep everything, and let it go when they are taken away. */
const holding: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({
    type: fc.constantFrom('hold', 'stop_reading'),
    attributes: fc.record({ after: fc.integer({ min: 0, max: 9_000 }) }),
  }),
  fc.constant({ type: 'bandwidth', attributes: { rate: 0 } }),
  fc.constant({ type: 'swallow_fin' }),
);

const schedules: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    waitMs: fc.integer({ min: 0, max: 4 }),
    do: fc.constantFrom('add', 'update', 'remove'),
    fault: fc
      .tuple(
        fc.oneof(harmless, holding),
        fc.constantFrom('upstream', 'downstream', 'both'),
        fc.constantFrom(0, 0.5, 1),
      )
      .map(([fault, stream, toxicity]) => ({ ...fault, stream, toxicity }) as Fault),
    pick: fc.nat({ max: 99 }),
  }),
  { minLength: 1, maxLength: 14 },
);

/** Runs a schedule on a proxy; what is there at its end stays. */
async function change(world: World, proxy: Proxy, steps: readonly Step[]): Promise<void> {
  for (const [index, { waitMs, do: what, fault, pick }] of steps.entries()) {
    if (waitMs > 0) await world.clock.sleep(waitMs);
    const { toxics } = proxy;
    const some = toxics[pick % Math.max(1, toxics.length)];
    if (what === 'add' || some === undefined) proxy.addToxic({ ...fault, name: `t${index}` });
    else if (what === 'remove') proxy.removeToxic(some.name);
    else proxy.updateToxic(some.name, { toxicity: pick / 99 });
  }
}

/** What two ends saw of each other, and how it ended for both. */
async function exchange(
  world: World,
  [client, server]: readonly [Connection, Connection],
  sizes: readonly number[],
  how: 'client' | 'server' | 'clientReset' | 'serverReset',
): Promise<readonly string[]> {
  const [atClient, atServer] = [watch(world, client), watch(world, server)];
  const sent = payload(sizes);
  for (const bytes of sent) {
    client.write(bytes);
    server.write(bytes);
  }
  const all = Buffer.concat(sent);
  await Promise.all([atClient.has(all.length), atServer.has(all.length)]);
  const [first, other] = how.startsWith('client') ? [client, server] : [server, client];
  const [atFirst, atOther] = how.startsWith('client') ? [atClient, atServer] : [atServer, atClient];
  if (how.endsWith('Reset')) {
    first.resetAndDestroy();
    await atOther.ended;
    return [hashOf(atOther.bytes), atOther.end];
  }
  first.end('last');
  await atOther.ended;
  other.end('answer');
  await atFirst.ended;
  return [hashOf(atFirst.bytes), atFirst.end, hashOf(atOther.bytes), atOther.end];
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function payload(lengths: readonly number[]): readonly Buffer[] {
  let at = 0;
  return lengths.map((length) => {
    const bytes = Buffer.alloc(length);
    for (let index = 0; index < length; index++, at++) bytes[index] = (at * 31 + (at >> 8)) & 0xff;
    return bytes;
  });
}

function assertClean(world: World): void {
  const { others, timers, connections, unhandledErrors } = world.scope.leaks();
  assert.deepEqual(
    { others, timers, unhandledErrors },
    { others: [], timers: [], unhandledErrors: [] },
  );
  assert.equal(connections.length, 0);
}

for (const net of nets) {
  test(`${net.name}: a proxy whose faults are gone is as good as none`, { timeout: 60_000 }, () =>
    fc.assert(
      fc.asyncProperty(
        seeds,
        schedules,
        sizes,
        fc.constantFrom('client', 'server', 'clientReset', 'serverReset'),
        (seed, steps, lengths, how) =>
          net.run(seed, async (world) => {
            const { proxy, dial, endpoint } = await proxyBench(world);
            const pair = await connectPair(world, {
              connect: { allowHalfOpen: true },
              listen: { allowHalfOpen: true },
            });
            const direct = await exchange(world, [pair.client, pair.server], lengths, how);
            const { client, server, connection } = await dial();
            await change(world, proxy, steps);
            await proxy.heal();
            const proxied = await exchange(world, [client, server], lengths, how);

            assert.deepEqual(proxied, direct);
            const outcome = await connection.closed;
            assert.equal(outcome.how, how.endsWith('Reset') ? 'reset' : 'closed');
            await Promise.all([proxy.close(), endpoint.close(), pair.endpoint.close()]);
            for (const end of [client, server, pair.client, pair.server]) end.destroy();
            await world.clock.sleep(1);
            assertClean(world);
          }),
      ),
      { numRuns: net.runs },
    ),
  );

  test(
    `${net.name}: whatever a schedule did, all comes in time once its faults are gone`,
    {
      timeout: 60_000,
    },
    () =>
      fc.assert(
        fc.asyncProperty(seeds, schedules, sizes, (seed, steps, lengths) =>
          net.run(seed, async (world) => {
            const { proxy, dial, endpoint } = await proxyBench(world);
            const { client, server, connection } = await dial();
            const [atClient, atServer] = [watch(world, client), watch(world, server)];
            const changing = change(world, proxy, steps);
            const sent = payload(lengths);
            for (const bytes of sent) {
              client.write(bytes);
              server.write(bytes);
              await world.clock.sleep(1);
            }
            client.end();
            server.end();
            await changing;
            const all = Buffer.concat(sent);
            // At any moment what has come is the beginning of what was sent.
            for (const { bytes } of [atClient, atServer]) {
              assert.ok(all.subarray(0, bytes.length).equals(bytes));
            }
            await proxy.heal();
            const healedUs = world.clock.now();
            await Promise.all([atClient.ended, atServer.ended, connection.closed]);

            if (world.kind !== 'real') assert.ok(world.clock.now() - healedUs < 5_000_000);
            assert.ok(atClient.bytes.equals(all) && atServer.bytes.equals(all));
            assert.deepEqual([atClient.end, atServer.end], ['fin', 'fin']);
            await Promise.all([proxy.close(), endpoint.close()]);
            await world.clock.sleep(1);
            assertClean(world);
          }),
        ),
        { numRuns: net.runs },
      ),
  );

  const hold = (
    claim: string,
    arbitrary: fc.Arbitrary<readonly Fault[]>,
    check: (world: World, faults: readonly Fault[], lengths: readonly number[]) => Promise<void>,
  ): void => {
    test(`${net.name}: ${claim}`, { timeout: 60_000 }, () =>
      fc.assert(
        fc.asyncProperty(seeds, arbitrary, sizes, (seed, faults, lengths) =>
          net.run(seed, (world) => check(world, faults, lengths)),
        ),
        { numRuns: net.runs },
      ),
    );
  };

  hold(
    'faults that only delay lose, add and reorder nothing, and FIN comes last',
    fc.array(harmless, { maxLength: 4 }),
    async (world, faults, lengths) => {
      const toxics = faults.map((fault, index) => ({ ...fault, name: `t${index}` }));
      const { proxy, dial, endpoint } = await proxyBench(world, { toxics });
      const { client, server } = await dial();
      const [atClient, atServer] = [watch(world, client), watch(world, server)];
      const sent = payload(lengths);
      for (const bytes of sent) server.write(bytes);
      server.end();
      await atClient.ended;
      client.end('bye');
      await atServer.ended;

      assert.ok(atClient.bytes.equals(Buffer.concat(sent)));
      assert.deepEqual([atClient.end, atServer.end], ['fin', 'fin']);
      assert.equal(atServer.bytes.toString(), 'bye');
      await proxy.close();
      await endpoint.close();
    },
  );

  hold(
    'faults that come, change and go in the middle lose, add and reorder nothing',
    fc.array(harmless, { minLength: 1, maxLength: 6 }),
    async (world, faults, lengths) => {
      const { proxy, dial, endpoint } = await proxyBench(world);
      const { client, server } = await dial();
      const [atClient] = [watch(world, client), watch(world, server)];
      const sent = payload(lengths);
      for (const [index, bytes] of sent.entries()) {
        server.write(bytes);
        const fault = faults[index % faults.length];
        const name = `t${index % faults.length}`;
        if (fault === undefined) continue;
        if (!proxy.toxics.some((toxic) => toxic.name === name)) proxy.addToxic({ ...fault, name });
        else if (index % 3 === 0) proxy.removeToxic(name);
        else proxy.updateToxic(name, { attributes: fault.attributes ?? {}, toxicity: index % 2 });
        if (index % 2 === 1) await world.clock.sleep(1);
      }
      server.end();
      await atClient.ended;
      client.end();

      assert.ok(atClient.bytes.equals(Buffer.concat(sent)));
      await proxy.close();
      await endpoint.close();
    },
  );

  hold(
    'whatever ends a connection, what arrived is a prefix, and nothing is left open',
    fc.tuple(fc.array(harmless, { maxLength: 2 }), cutting).map(([some, cut]) => [...some, cut]),
    async (world, faults, lengths) => {
      const toxics = faults.map((fault, index) => ({ ...fault, name: `t${index}` }));
      const { proxy, dial, endpoint } = await proxyBench(world);
      const { client, server, connection } = await dial();
      const [atClient, atServer] = [watch(world, client), watch(world, server)];
      for (const toxic of toxics) proxy.addToxic(toxic);
      const sent = payload(lengths);
      for (const bytes of sent) server.write(bytes);
      server.end();
      const enough = new AbortController();
      const limit = world.clock
        .sleep(world.kind === 'real' ? 20 : 200, { signal: enough.signal })
        .catch(() => undefined);
      await Promise.race([atClient.ended, limit]);
      enough.abort();

      await proxy.close();
      await Promise.all([atClient.ended, atServer.ended, connection.closed]);
      for (const end of [client, server]) end.destroy();
      await endpoint.close();
      await world.clock.sleep(1);
      const all = Buffer.concat(sent);
      assert.ok(all.subarray(0, atClient.bytes.length).equals(atClient.bytes));
      assertClean(world);
    },
  );
}
