/** How long the command takes to start, against Node itself. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import type { Benchmark, Turn } from './benchmark';

const main = resolve('dist/cli/main.js');
const starts = 5;

/** `brine --help`, from its built form. */
export async function help(): Promise<Benchmark> {
  return {
    name: 'help',
    title: 'the command brine --help',
    unit: 'starts',
    target: { ratio: 1.3, of: 'time' },
    variants: [
      { name: 'node -e 0', run: async () => start(['-e', '0']) },
      { name: 'brine --help', run: async () => start([main, '--help']) },
    ],
    stop: async () => {},
  };
}

function start(words: readonly string[]): Turn {
  const begin = performance.now();
  for (let count = 0; count < starts; count++) {
    const run = spawnSync(process.execPath, words);
    if (run.status !== 0) throw new Error(`${words.join(' ')}: ${run.stderr}`);
  }
  return { units: starts, seconds: (performance.now() - begin) / 1_000 };
}
