/**
 * Laws of proxies, for any bytes, any faults and any moment at which they come, change and go.
 *
 * Each runs on the simulated network, whose latencies and cuts come from a seed, and a few times on
 * sockets of this machine. A failure prints the seed of fast-check that repeats it.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Fault } from '../../../src/faults/fault';
import type { World } from '../../../src/network/world';
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
