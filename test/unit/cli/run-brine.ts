import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { runBrine as run } from '../../../src/cli/program';

const top = join(__dirname, '..', '..', '..');

/** What a run of the command left behind. */
export interface BrineRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command `brine` within this process, in a folder. */
export async function runBrine(words: readonly string[], folder = top): Promise<BrineRun> {
  let stdout = '';
  let stderr = '';
  const exitCode = await run(words, {
    folder,
    print: (text) => {
      stdout += `${text}\n`;
    },
    printProblem: (text) => {
      stderr += `${text}\n`;
    },
  });
  return { exitCode, stdout, stderr };
}

/** Runs the command `brine` from its sources, as a process. */
export async function startBrine(
  words: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<BrineRun> {
  const main = join(top, 'src', 'cli', 'main.ts');
  const child = spawn(
    process.execPath,
    ['-r', './scripts/register-typescript.js', main, ...words],
    {
      cwd: top,
      env: { ...process.env, ...env },
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
