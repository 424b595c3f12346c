/**
 * What a proxy without faults costs: against no proxy, against bare Node, and against the proxies
 * of others that are installed. The content is checked at both ends of every turn.
 */
import type { Benchmark, Turn, Variant } from './benchmark';
import { Child } from './child';
import { installedPeers, missingPeers, Peer } from './peers';

const bytes = 256 * 2 ** 20;

/** A way to the server. */
interface Way {
  readonly name: string;
  readonly port: number;
  readonly cpu: () => Promise<number | undefined>;
  readonly stop: () => Promise<void>;
}

interface Work {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly ratio: number;
  /** What the server behind the proxies does. */
  readonly role: 'checked' | 'echo';
  /** Processor of the load: with the proxy where wake-ups across processors would count most. */
  readonly loadOn: 0 | 1;
  readonly turn: (load: Child, server: Child, port: number) => Promise<Turn>;
}

/** Much over one connection. */
export const proxyBulk: () => Promise<Benchmark> = proxyBenchmark({
  name: 'proxy-bulk',
  title: '256 MiB of one connection through a proxy',
  unit: 'GB',
  ratio: 0.9,
  role: 'checked',
  loadOn: 1,
  turn: async (load, server, port) => {
    await server.ask('expectWhole', { bytes });
    const begin = performance.now();
    await load.ask('pour', { port, bytes });
    const right = await server.ask<number>('arrived');
    if (right !== bytes)
      throw new Error(`sent ${bytes} B; only the first ${right} arrived as sent`);
    return { units: bytes / 1e9, seconds: (performance.now() - begin) / 1_000 };
  },
});

/** Round trips of one connection. */
export const proxyRoundTrip: () => Promise<Benchmark> = proxyBenchmark({
  name: 'proxy-round-trip',
  title: 'round trips of 64 B over one connection through a proxy',
  unit: 'round trips',
  ratio: 0.9,
  role: 'echo',
  loadOn: 0,
  turn: (load, _server, port) =>
    load.ask<Turn>('pingPong', { connections: 1, bytes: 64, seconds: 0.5, port }),
});

/** Connections with one exchange each. */
export const proxyConnections: () => Promise<Benchmark> = proxyBenchmark({
  name: 'proxy-connections',
  title: 'connect, one exchange, close, 16 at a time, through a proxy',
  unit: 'connections',
  ratio: 0.9,
  role: 'echo',
  loadOn: 1,
  turn: (load, _server, port) => load.ask<Turn>('exchanges', { count: 1_000, inFlight: 16, port }),
});

function proxyBenchmark({ name, title, unit, ratio, role, loadOn, turn }: Work) {
  return async (): Promise<Benchmark> => {
    const load = await Child.start('load', [], loadOn);
    const server = await Child.start('subject', [role, 'net'], 0);
    const upstream = await server.ask<number>('port');
    const ways: Way[] = [
      await relay('node:net relay', 'net', upstream),
      await relay('Proxy', 'brine', upstream),
      { name: 'direct', port: upstream, cpu: async () => undefined, stop: async () => {} },
    ];
    for (const peer of installedPeers()) ways.push(await peerWay(peer, upstream));
    const missing = missingPeers();
    const variants = ways.map(
      (way): Variant => ({
        name: way.name,
        run: async () => {
          const before = await way.cpu();
          const done = await turn(load, server, way.port);
          const { units, seconds } = done;
          const after = await way.cpu();
          if (before === undefined || after === undefined) return { units, seconds };
          return { units, seconds, cpuUs: after - before };
        },
      }),
    );
    const stop = async (): Promise<void> => {
      await Promise.all([...ways, load, server].map((each) => each.stop()));
    };
    const told = missing.length === 0 ? title : `${title} (not installed: ${missing.join(', ')})`;
    return { name, title: told, unit, target: { ratio, of: 'rate' }, variants, stop };
  };
}

async function relay(name: string, maker: string, upstream: number): Promise<Way> {
  const child = await Child.start('relay', [maker, String(upstream)], 0);
  return {
    name,
    port: await child.ask<number>('port'),
    cpu: () => child.ask<number>('cpu'),
    stop: () => child.stop(),
  };
}

async function peerWay(name: string, upstream: number): Promise<Way> {
  const peer = await Peer.start(name, upstream);
  return { name, port: peer.port, cpu: async () => peer.cpuUs(), stop: () => peer.stop() };
}
