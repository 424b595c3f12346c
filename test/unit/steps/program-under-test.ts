/** What the tests of programs share: a world, programs of one line, and waiting without sleeping. */
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { TestContext } from 'node:test';
import { realWorld } from '../../../src/network/real/world';
import type { World } from '../../../src/network/world';
import { startProgram } from '../../../src/steps/process-runner';
import type { RunningProgram } from '../../../src/steps/running-program';

/** A real world that ends with the test, and everything in it. */
export function testWorld(context: TestContext): World {
  const world = realWorld();
  context.after(() => world.scope[Symbol.asyncDispose]());
  return world;
}

/** Starts a program with the environment of the test. */
export function start(world: World, file: string, ...args: string[]): Promise<RunningProgram> {
  const environment = Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => {
      return entry[1] !== undefined && entry[0] !== 'NODE_OPTIONS';
    }),
  );
  return startProgram(world, { label: 'command', file, args, directory: tmpdir(), environment });
}

/** Waits until a program has changed so that `look` gives something. */
export function until<T>(program: RunningProgram, look: () => T | undefined): Promise<T> {
  return new Promise((resolve) => {
    const attempt = (): void => {
      const found = look();
      if (found === undefined) return;
      unsubscribe();
      resolve(found);
    };
    const unsubscribe = program.onChange(attempt);
    attempt();
  });
}

/** Waits for a line of output that matches, and gives the match. */
export function printed(program: RunningProgram, line: RegExp): Promise<RegExpExecArray> {
  return until(program, () => line.exec(text(program)) ?? undefined);
}

/** Everything a program has printed so far. */
export function text(program: RunningProgram): string {
  return program.output.whole('output')?.toString('utf8') ?? '';
}

/** Whether a process exists and is not only a zombie that nobody has collected yet. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return !isZombie(pid);
}

/** Waits until a process is gone; there is no event for a process that is not our child. */
export async function untilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** A process whose end nobody has collected is still listed where a kernel lists processes. */
function isZombie(pid: number): boolean {
  try {
    return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}
