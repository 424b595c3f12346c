/**
 * Runs programs under test. The only file that names `node:child_process`.
 *
 * {@link startProgram} starts one in a process group of its own and gives a RunningProgram
 * (`running-program.ts`). Groups and signals are in `process-group.ts`, what happens when this
 * process itself dies in `process-guard.ts`, what was printed in `process-output.ts`.
 */
import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import type { World } from '../network/world';
import { hasGroups, ProcessGroup } from './process-group';
import { type GuardPipe, guardScript, ProcessGuard } from './process-guard';
import { RunningProgram } from './running-program';
import { StartError } from './start-error';

/** A program to start; nothing in here is interpreted any further. */
export interface ProgramOptions {
  /** Name in messages and leak reports, such as `command "server"`. */
  readonly label: string;
  /** Name of the program, looked for in PATH, or its path, relative to the folder. */
  readonly file: string;
  readonly args: readonly string[];
  /** The folder it starts in: an absolute path. */
  readonly directory: string;
  /** All of it: nothing is inherited beside. */
  readonly environment: Readonly<Record<string, string>>;
  /** Windows only: hands the arguments over without quoting them, as its shell wants. */
  readonly verbatim?: boolean;
}

/**
 * Starts a program and returns it once the system has taken it.
 *
 * @returns the program: its output is being read, and the world's scope owns it
 * @throws StartError it could not be started; the text tells why
 */
export function startProgram(world: World, options: ProgramOptions): Promise<RunningProgram> {
  guard.prepare();
  const started = new Promise<RunningProgram>((resolve, reject) => {
    const child = spawn(options.file, options.args, {
      cwd: options.directory,
      env: options.environment,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: hasGroups,
      windowsHide: true,
      windowsVerbatimArguments: options.verbatim ?? false,
    });
    child.on('error', reject);
    if (child.pid === undefined) return;
    const group = new ProcessGroup(child.pid);
    guard.add(group);
    const program = new RunningProgram(world, options.label, child, group, () => {
      guard.remove(group);
    });
    child.once('spawn', () => resolve(program));
  });
  return started.catch((error: unknown) => {
    throw new StartError(options, error);
  });
}

/** One guard for all programs of this process; started with the first of them. */
const guard = new ProcessGuard(startGuard);

function startGuard(): GuardPipe | undefined {
  if (!hasGroups) return undefined;
  const shell = spawn('/bin/sh', ['-c', guardScript, 'brine-guard'], {
    // In a group of its own, so that a Ctrl-C in the terminal does not reach it.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
  });
  let open = shell.pid !== undefined;
  const ended = (): void => {
    open = false;
  };
  shell.on('error', ended).on('exit', ended);
  // Without a shell, or without file descriptors left, there are no pipes either.
  if (!open) return undefined;
  shell.stdin.on('error', ended);
  // Neither the shell nor its pipe keeps this process from ending.
  shell.unref();
  (shell.stdin as Writable & { unref?(): void }).unref?.();
  return {
    get open() {
      return open;
    },
    write: (line) => void shell.stdin.write(line),
  };
}
