/** Processes of a benchmark, and how they are asked: one question at a time, one answer each. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

interface Question {
  readonly command: string;
  readonly value: unknown;
}

interface Answer {
  readonly result?: unknown;
  readonly problem?: string;
}

/** What a process answers, by command. */
export type Commands = Readonly<Record<string, (value: never) => unknown>>;

/** A process that answers. */
export class Child {
  readonly #process: ChildProcess;
  readonly #ended: Promise<Answer>;

  private constructor(child: ChildProcess) {
    this.#process = child;
    this.#ended = once(child, 'exit').then(() => ({ problem: 'the process ended' }));
  }

  /** Starts a file of this folder, in its compiled form, on one processor where `taskset` can do that. */
  static async start(
    file: string,
    words: readonly string[] = [],
    processor?: number,
  ): Promise<Child> {
    const node = [join(__dirname, `${file}.js`), ...words];
    const pinned = processor !== undefined && canPin();
    const program = pinned ? 'taskset' : process.execPath;
    const all = pinned ? ['-c', String(processor), process.execPath, ...node] : node;
    const child = spawn(program, all, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    await once(child, 'message');
    return new Child(child);
  }

  /** Asks, and waits for the answer. */
  async ask<T>(command: string, value: unknown = {}): Promise<T> {
    const answered = new Promise<Answer>((resolve) => this.#process.once('message', resolve));
    this.#process.send({ command, value } satisfies Question);
    const answer = await Promise.race([answered, this.#ended]);
    if (answer.problem !== undefined) throw new Error(`${command}: ${answer.problem}`);
    return answer.result as T;
  }

  /** Ends the process, and waits until it has ended. */
  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    this.#process.disconnect();
    await this.#ended;
  }
}

let pins: boolean | undefined;

/** Whether processes can be kept on one processor. */
export function canPin(): boolean {
  pins ??= spawnSync('taskset', ['-c', '0', 'true']).status === 0;
  return pins;
}

/** In a child: answers questions until the parent lets go. */
export function answer(commands: Commands): void {
  process.on('message', ({ command, value }: Question) => {
    void reply(commands, command, value);
  });
  process.once('disconnect', () => process.exit());
  process.send?.({});
}

async function reply(commands: Commands, command: string, value: unknown): Promise<void> {
  try {
    const result = await commands[command]?.(value as never);
    process.send?.({ result } satisfies Answer);
  } catch (error) {
    process.send?.({ problem: String(error) } satisfies Answer);
  }
}

/** Processor time of this process so far, in µs. */
export function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
