/**
 * Many connections through one proxy while faults come, change and go by chance, on sockets of this
 * machine. `BRINE_SOAK_SEED` repeats the chance of a run, `BRINE_SOAK_CHANGES` lets it run longer.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Random, seededRandom } from '../../src/base/random';
import { realWorld } from '../../src/network/real/world';
import { Proxy } from '../../src/proxy/proxy';
import type { ProxyConnection } from '../../src/proxy/proxy-connection';
import { changeFaults } from './fault-plan';
import { type EndReport, type PairReport, Peers, type PeersReport } from './peers-talk';

const seed = Number(process.env['BRINE_SOAK_SEED'] ?? 20_261);
const changes = Number(process.env['BRINE_SOAK_CHANGES'] ?? 40);
const connections = 2_000;
/** What compiled code, tables of types and the like may take between two equal rounds. */
const slackBytes = 2 * 1_048_576;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

let peers: Peers;
before(async () => {
  peers = await Peers.start();
});
after(() => peers.stop());

test(`${connections} connections lose no byte, memory and handle while faults come and go`, {
  timeout: 300_000,
}, async () => {
  const world = realWorld();
  const upstream = await peers.ask<number>({ do: 'listen' });
  const random = seededRandom(seed);
  const handles = openHandles();
  await round(upstream, random.fork('first'), 15);
  const heap = await settledHeap();
  await round(upstream, random.fork('second'), changes);
  const growth = (await settledHeap()) - heap;

  assert.deepEqual(openHandles(), handles);
  const { others, timers, connections: left } = world.scope.leaks();
  assert.deepEqual([others, timers, left], [[], [], []]);
  assert.ok(growth < slackBytes, `the heap has grown by ${growth} B; seed ${seed}`);

  /** Everybody connects, talks while faults change, and ends when all of them are gone. */
  async function round(port: number, chance: Random, count: number): Promise<void> {
    const proxy = await Proxy.start({ upstream: `127.0.0.1:${port}`, world, seed: chance.u32() });
    const ledger: Entry[] = [];
    proxy.on('connection.accepted', ({ connection: id }) => {
      const connection = proxy.connections.find((other) => other.id === id);
      if (connection !== undefined) ledger.push(entryOf(connection));
    });
    const there = await peers.ask<number>({
      do: 'begin',
      connections,
      port: proxy.listen.port,
      seed: chance.u32(),
    });
    assert.equal(there, connections);
    for (let change = 0; change < count; change++) {
      changeFaults(proxy, chance);
      await world.clock.sleep(20 + chance.below(60));
    }
    await proxy.heal();
    const report = await peers.ask<PeersReport>({ do: 'finish' });
    await Promise.all(proxy.connections.map(({ closed }) => closed));
    await proxy.close();
    assertAccounts(ledger, report);
  }
});

/** What the proxy says of a connection. */
interface Entry {
  readonly port: number;
  readonly bytes: () => ProxyConnection['bytes'];
  readonly outcome: () => ProxyConnection['outcome'];
}

function entryOf(connection: ProxyConnection): Entry {
  return {
    port: connection.client.port,
    bytes: () => connection.bytes,
    outcome: () => connection.outcome,
  };
}

/** Ports are used again, so the connections of one are told apart by their order. */
function assertAccounts(ledger: readonly Entry[], { pairs }: PeersReport): void {
  const byPort = new Map<number, Entry[]>();
  for (const entry of ledger) {
    byPort.set(entry.port, [...(byPort.get(entry.port) ?? []), entry]);
  }
  let whole = 0;
  for (const pair of pairs) {
    const entry = byPort.get(pair.port)?.shift();
    assert.ok(entry !== undefined, `the proxy never saw connection ${pair.id}; seed ${seed}`);
    if (isWhole(pair, entry)) whole++;
  }
  assert.ok(
    whole > connections / 2,
    `${whole} of ${pairs.length} ended in good order; seed ${seed}`,
  );
}

/** Holds one connection to its account, and tells whether nothing has ended it early. */
function isWhole({ id, client, server }: PairReport, entry: Entry): boolean {
  const { upstream, downstream } = entry.bytes();
  const outcome = entry.outcome();
  const told = `connection ${id}, ${JSON.stringify(outcome)}, seed ${seed}`;
  const nobody: EndReport = { sent: 0, received: 0, ended: 'open' };
  const { wrongAt, ...atServer } = server ?? nobody;
  assert.equal(client.wrongAt, undefined, `${told}: downstream differs`);
  assert.equal(wrongAt, undefined, `${told}: upstream differs`);
  const up = [client.sent, upstream.received, upstream.sent, atServer.received];
  const down = [atServer.sent, downstream.received, downstream.sent, client.received];
  for (const [name, row] of Object.entries({ up, down })) {
    const falling = row.every((count, at) => at === 0 || count <= (row[at - 1] ?? 0));
    assert.ok(falling, `${told}: ${name} ${row.join(' ')}`);
  }
  if (outcome?.how !== 'closed' || outcome.by === 'proxy') return false;
  for (const row of [up, down]) assert.equal(new Set(row).size, 1, `${told}: ${row.join(' ')}`);
  assert.deepEqual([client.ended, server?.ended], ['fin', 'fin'], told);
  return true;
}

function openHandles(): readonly string[] {
  return process
    .getActiveResourcesInfo()
    .filter((kind) => /TCP|Timeout/.test(kind))
    .sort();
}

/** Closed sockets are gone only after some turns: collects until that frees nothing more. */
async function settledHeap(): Promise<number> {
  let before = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < 20; turn++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
    const { heapUsed } = process.memoryUsage();
    if (turn > 4 && heapUsed > before - 65_536) return heapUsed;
    before = heapUsed;
  }
  return before;
}
