/** What it costs to keep a trace of scenario work. */
import type { Benchmark, Turn } from './benchmark';
import { Child } from './child';

const modes = ['off', 'events', 'full'] as const;

/** The same scenarios with no trace, with events, and with events and their bytes. */
export async function trace(): Promise<Benchmark> {
  const players = await Promise.all(modes.map((mode) => Child.start('scenarios', [mode], 0)));
  return {
    name: 'trace',
    title: 'a listener, a client, ten exchanges of 1 KiB and their end, by trace mode',
    unit: 'scenarios',
    target: { ratio: 1.1, of: 'time' },
    variants: modes.map((mode, index) => ({
      name: `trace ${mode}`,
      run: () => (players[index] as Child).ask<Turn>('play', { count: 100 }),
    })),
    stop: async () => {
      await Promise.all(players.map((player) => player.stop()));
    },
  };
}
