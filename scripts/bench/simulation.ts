/** What virtual time is worth, and whether many connections in one world stay affordable. */
import type { Benchmark, Turn } from './benchmark';
import { Child } from './child';

/** The conversation with its 300 s wait in virtual time, against the same without the wait on loopback. */
export async function simulation(): Promise<Benchmark> {
  const loopback = await Child.start('conversations', ['loopback'], 0);
  const virtual = await Child.start('conversations', ['simulated', 'timeout'], 0);
  const plain = await Child.start('conversations', ['simulated'], 0);
  // Enough for the code of both to be compiled before it counts.
  const count = 1_000;
  return {
    name: 'simulation',
    title: 'connect, 1 KiB echo in five chunks, close; simulated with a read that waits 300 s',
    unit: 'conversations',
    target: { ratio: 10, of: 'rate' },
    variants: [
      { name: 'loopback, no wait', run: () => loopback.ask<Turn>('play', { count }) },
      { name: 'simulated, 300 s wait', run: () => virtual.ask<Turn>('play', { count }) },
      { name: 'simulated, no wait', run: () => plain.ask<Turn>('play', { count }) },
    ],
    stop: async () => {
      await Promise.all([loopback, virtual, plain].map((child) => child.stop()));
    },
  };
}

/** Conversations at once in one simulated world: the time of each must not grow with their number. */
export async function crowd(): Promise<Benchmark> {
  const child = await Child.start('conversations', ['simulated', 'timeout'], 0);
  return {
    name: 'crowd',
    title: 'conversations at once in one simulated world, each with a read that waits 300 s',
    unit: 'conversations',
    target: { ratio: 1.3, of: 'time' },
    variants: [10, 100, 1_000].map((count) => ({
      name: `${count} at once`,
      run: () => child.ask<Turn>('crowd', { count }),
    })),
    stop: () => child.stop(),
  };
}
