/** Echo servers: 64 connections ping-pong, one connection ping-pong on one processor, conversations. */
import type { Benchmark, Turn, Variant } from './benchmark';
import { Child } from './child';

interface EchoWork {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly ratio: number;
  readonly command: 'pingPong' | 'exchanges';
  readonly work: object;
  /** Processors of the server and of the load. */
  readonly processors: readonly [number, number];
}

const makers = [
  { maker: 'net', name: 'node:net' },
  { maker: 'brine', name: 'Listener' },
] as const;

function echoBenchmark({ name, title, unit, ratio, ...rest }: EchoWork) {
  return async (): Promise<Benchmark> => {
    const load = await Child.start('load', [], rest.processors[1]);
    const servers = await Promise.all(
      makers.map(({ maker }) => Child.start('subject', ['echo', maker], rest.processors[0])),
    );
    const variants = makers.map(({ name }, index): Variant => {
      const server = servers[index] as Child;
      return { name, run: () => turn(load, server, rest) };
    });
    const stop = async () => {
      await Promise.all([load, ...servers].map((child) => child.stop()));
    };
    return { name, title, unit, target: { ratio, of: 'rate' }, variants, stop };
  };
}

async function turn(
  load: Child,
  server: Child,
  { command, work }: Pick<EchoWork, 'command' | 'work'>,
): Promise<Turn> {
  const port = await server.ask<number>('port');
  const before = await server.ask<number>('cpu');
  const done = await load.ask<Turn>(command, { ...work, port });
  return { ...done, cpuUs: (await server.ask<number>('cpu')) - before };
}

/** Round trips of 64 connections at once. */
export const echo: () => Promise<Benchmark> = echoBenchmark({
  name: 'echo',
  title: 'Listener with onBytes, 64 connections, 64 B each way',
  unit: 'round trips',
  ratio: 0.92,
  command: 'pingPong',
  work: { connections: 64, bytes: 64, seconds: 0.5 },
  processors: [0, 1],
});

/** Round trips of one connection, both ends on one processor. */
export const roundTrip: () => Promise<Benchmark> = echoBenchmark({
  name: 'round-trip',
  title: 'Listener with onBytes, 1 connection, 64 B each way, one processor',
  unit: 'round trips',
  ratio: 0.92,
  command: 'pingPong',
  work: { connections: 1, bytes: 64, seconds: 0.5 },
  processors: [0, 0],
});

/** Connections that exchange one message each. */
export const connections: () => Promise<Benchmark> = echoBenchmark({
  name: 'connections',
  title: 'connect, exchange 64 B, close, 16 in flight',
  unit: 'connections',
  ratio: 0.9,
  command: 'exchanges',
  work: { inFlight: 16, count: 3_000 },
  processors: [0, 1],
});
