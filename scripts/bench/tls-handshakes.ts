/** Handshakes of TLS 1.3 with an EC key, against a bare `node:tls` server. */
import type { Benchmark, Turn, Variant } from './benchmark';
import { Child } from './child';

const work = { inFlight: 16, count: 1_000 };

const makers = [
  { maker: 'tls', name: 'node:tls' },
  { maker: 'brine', name: 'Listener' },
] as const;

/** Full handshakes, 16 under way at once; each connection is closed by its client at once. */
export async function tlsHandshakes(): Promise<Benchmark> {
  const load = await Child.start('tls-load', [], 1);
  const servers = await Promise.all(
    makers.map(({ maker }) => Child.start('tls-subject', [maker], 0)),
  );
  const variants = makers.map(({ name }, index): Variant => {
    const server = servers[index] as Child;
    return { name, run: () => turn(load, server) };
  });
  const stop = async () => {
    await Promise.all([load, ...servers].map((child) => child.stop()));
  };
  return {
    name: 'tls-handshakes',
    title: 'connect, full handshake of TLS 1.3, close, 16 in flight',
    unit: 'handshakes',
    target: { ratio: 0.92, of: 'rate' },
    variants,
    stop,
  };
}

async function turn(load: Child, server: Child): Promise<Turn> {
  const port = await server.ask<number>('port');
  const before = await server.ask<{ cpu: number; secured: number }>('state');
  const done = await load.ask<Turn>('handshakes', { ...work, port });
  const after = await server.ask<{ cpu: number; secured: number }>('state');
  const secured = after.secured - before.secured;
  if (secured !== work.count) throw new Error(`${secured} of ${work.count} were secured`);
  return { ...done, cpuUs: after.cpu - before.cpu };
}
