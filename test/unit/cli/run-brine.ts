import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const main = join(__dirname, '..', '..', '..', 'src', 'cli', 'main.ts');

/** What a run of the command left behind. */
export interface BrineRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command `brine` from its sources, as a process in a folder of its own. */
export async function runBrine(
  words: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<BrineRun> {
  const child = spawn(
    process.execPath,
    ['-r', require.resolve('ts-node/register'), main, ...words],
    {
      cwd: options.cwd ?? process.cwd(),
      env: {
        ...process.env,
        TS_NODE_PROJECT: join(__dirname, '..', '..', '..', 'tsconfig.json'),
        ...options.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { exitCode, stdout, stderr };
}
