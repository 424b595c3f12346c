import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** How a process ended, and what it printed on both streams. */
export interface ProcessRun {
  readonly exitCode: number | null;
  readonly output: string;
}

/** Runs a program of Node in a folder; one that does not end by itself within 20 s is ended. */
export async function runNode(words: readonly string[], cwd: string): Promise<ProcessRun> {
  const { NODE_TEST_CONTEXT: _, NODE_V8_COVERAGE: __, ...env } = process.env;
  const signal = AbortSignal.timeout(20_000);
  const child = spawn(process.execPath, words, {
    cwd,
    env,
    signal,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  child.on('error', () => {
    output += '\nit did not end by itself within 20 s: something is still open';
  });
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, output };
}
