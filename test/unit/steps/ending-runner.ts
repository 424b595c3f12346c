/**
 * A process that starts programs and ends, or is ended, while they run: `ending-runner.ts HOW`.
 * It prints the ids of the programs' processes, which `process-guard.test.ts` looks for.
 */
import { spawn } from 'node:child_process';
import { realWorld } from '../../../src/network/real/world';
import { ProcessGroup } from '../../../src/steps/process-group';
import { ProcessGuard } from '../../../src/steps/process-guard';
import { printed, start } from './program-under-test';

const ends: Readonly<Record<string, () => unknown>> = {
  exit: () => process.exit(0),
  throw: () => {
    queueMicrotask(() => {
      throw new Error('thrown on purpose');
    });
  },
  SIGINT: () => undefined,
  SIGTERM: () => undefined,
  SIGKILL: () => undefined,
};

async function main(how: string): Promise<void> {
  if (how === 'unguarded') return unguarded();
  const world = realWorld();
  const gentle = await start(world, 'sh', '-c', 'sleep 300 & echo $!; wait');
  const [child = ''] = await printed(gentle, /\d+/);
  const pids = [gentle.pid, Number(child)];
  if (how === 'SIGKILL') {
    const loop = 'trap "" TERM; sleep 300 & echo up; while :; do wait; done';
    const stubborn = await start(world, 'sh', '-c', loop);
    await printed(stubborn, /up/);
    pids.push(stubborn.pid);
  }
  process.stdout.write(`${JSON.stringify(pids)}\n`, () => void ends[how]?.());
}

/** As on a machine without a shell: the exit of the process must do. */
function unguarded(): void {
  const guard = new ProcessGuard(() => undefined);
  const child = spawn('sleep', ['300'], { detached: true, stdio: 'ignore' });
  guard.prepare();
  guard.add(new ProcessGroup(child.pid ?? 0));
  process.stdout.write(`${JSON.stringify([child.pid])}\n`, () => process.exit(0));
}

void main(process.argv[2] ?? '');
