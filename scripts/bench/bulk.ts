/** Much over one connection, with the content checked at both ends of every turn. */
import type { Benchmark, Turn } from './benchmark';
import { Child } from './child';

const bytes = 256 * 2 ** 20;

interface Sent extends Turn {
  readonly checksum: number;
}

interface Received {
  readonly bytes: number;
  readonly checksum: number;
}

/** A Listener takes what bare Node sends. */
export async function bulkListener(): Promise<Benchmark> {
  const load = await Child.start('load', [], 1);
  const net = await Child.start('subject', ['sink', 'net'], 0);
  const brine = await Child.start('subject', ['sink', 'brine'], 0);
  const run = async (sink: Child): Promise<Turn> => {
    const port = await sink.ask<number>('port');
    const before = await sink.ask<number>('cpu');
    const sent = await load.ask<Sent>('send', { port, bytes });
    compare(sent, await sink.ask<Received>('received'));
    return { ...sent, cpuUs: (await sink.ask<number>('cpu')) - before };
  };
  return {
    name: 'bulk-listener',
    title: 'Listener with onBytes takes 256 MiB of one connection',
    unit: 'GB',
    target: { ratio: 0.9, of: 'rate' },
    variants: [
      { name: 'node:net', run: () => run(net) },
      { name: 'Listener', run: () => run(brine) },
    ],
    stop: () => stopAll([load, net, brine]),
  };
}

/** A Client sends to what is bare Node. */
export async function bulkClient(): Promise<Benchmark> {
  const load = await Child.start('load', [], 1);
  const net = await Child.start('subject', ['source', 'net'], 0);
  const brine = await Child.start('subject', ['source', 'brine'], 0);
  const run = async (source: Child): Promise<Turn> => {
    const port = await load.ask<number>('sinkPort');
    const sent = await source.ask<Sent>('send', { port, bytes });
    compare(sent, await load.ask<Received>('received'));
    return sent;
  };
  return {
    name: 'bulk-client',
    title: 'Client sends 256 MiB in pieces of 64 KiB',
    unit: 'GB',
    target: { ratio: 0.9, of: 'rate' },
    variants: [
      { name: 'node:net', run: () => run(net) },
      { name: 'Client', run: () => run(brine) },
    ],
    stop: () => stopAll([load, net, brine]),
  };
}

function compare(sent: Sent, received: Received): void {
  if (received.bytes !== bytes || received.checksum !== sent.checksum) {
    throw new Error(`sent ${bytes} B, received ${received.bytes} B; the content differs`);
  }
}

async function stopAll(children: readonly Child[]): Promise<void> {
  await Promise.all(children.map((child) => child.stop()));
}
