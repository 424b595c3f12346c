/** What it costs to capture what is on the wire into a file, against the same traffic unwatched. */
import type { Benchmark, Turn } from './benchmark';
import { Child } from './child';

/** Nobody looks; somebody looks at every event and keeps nothing; a pcapng file is written. */
const ways = [
  { way: 'off', name: 'recording off' },
  { way: 'seen', name: 'events seen' },
  { way: 'captured', name: 'captured' },
] as const;

interface Work {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly ratio: number;
  readonly command: 'exchange' | 'send';
  readonly value: object;
}

function recordingBenchmark({ name, title, unit, ratio, command, value }: Work) {
  return async (): Promise<Benchmark> => {
    const players = await Promise.all(ways.map(({ way }) => Child.start('recorded', [way], 0)));
    return {
      name,
      title,
      unit,
      target: { ratio, of: 'time' },
      variants: ways.map(({ name }, index) => ({
        name,
        run: () => (players[index] as Child).ask<Turn>(command, value),
      })),
      stop: async () => {
        await Promise.all(players.map((player) => player.stop()));
      },
    };
  };
}

/** Per event: small messages back and forth, four events each. */
export const recording: () => Promise<Benchmark> = recordingBenchmark({
  name: 'recording',
  title: '64 B back and forth on one connection, both ends in one process',
  unit: 'events',
  ratio: 1.5,
  command: 'exchange',
  value: { count: 5_000 },
});

/** Per MiB: much over one connection. */
export const recordingBulk: () => Promise<Benchmark> = recordingBenchmark({
  name: 'recording-bulk',
  title: '64 MiB over one connection, both ends in one process',
  unit: 'MiB',
  ratio: 2,
  command: 'send',
  value: { mebibytes: 64 },
});
