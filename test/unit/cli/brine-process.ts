import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';

/** One line that a command printed. */
export interface LifecycleEvent {
  readonly event: string;
  readonly [fact: string]: unknown;
}

/** The command `brine` from its sources, as a process in a folder; ended with the test. */
export class BrineProcess {
  readonly child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  readonly #closed: Promise<readonly unknown[]>;
  stdout = '';
  stderr = '';

  constructor(context: TestContext, folder: string, words: readonly string[]) {
    const main = resolve('src/cli/main.ts');
    const register = resolve('scripts/register-typescript.js');
    this.child = spawn(process.execPath, ['-r', register, main, ...words], { cwd: folder });
    this.#closed = once(this.child, 'close');
    context.after(() => this.child.kill('SIGKILL'));
    this.child.stdout.on('data', (text) => {
      this.stdout += text;
    });
    this.child.stderr.on('data', (text) => {
      this.stderr += text;
    });
    this.#lines = createInterface(this.child.stdout)[Symbol.asyncIterator]();
  }

  /** Waits for the next event of a name. */
  async event(name: string): Promise<LifecycleEvent> {
    for (;;) {
      const { done, value } = await this.#lines.next();
      if (done === true) throw new Error(`no event ${name}: ${this.stderr}`);
      const event = JSON.parse(value) as LifecycleEvent;
      if (event.event === name) return event;
    }
  }

  /** Sends a signal, if one is given, and waits for the end. */
  async end(signal?: NodeJS.Signals): Promise<number | null> {
    if (signal !== undefined) this.child.kill(signal);
    const [code] = await this.#closed;
    return code as number | null;
  }
}
