/** Programs of others, as people would start them: talked to while they run, and never left behind. */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';

/** No program runs longer, whatever becomes of the test. */
const longestRunMs = 20_000;

const running = new Set<ChildProcessWithoutNullStreams>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * Why tests are left out: a program is missing on somebody's machine. Where CI runs, they are not left
 * out and fail.
 *
 * @param programs - with an argument that makes each of them say something and end
 * @param packages - what Debian calls those that bring them
 */
export function whyMissing(
  programs: Readonly<Record<string, string>>,
  packages: string,
): string | false {
  const missing = Object.entries(programs)
    .filter(([name, word]) => spawnSync(name, [word], { stdio: 'ignore' }).error !== undefined)
    .map(([name]) => name);
  if (missing.length === 0 || process.env['CI'] !== undefined) return false;
  return `${missing.join(', ')} not installed (Debian: apt-get install ${packages})`;
}

/** A program that was started. */
export class Program {
  stdout = '';
  stderr = '';
  /** Its exit code; a signal counts as 128. */
  readonly ended: Promise<number>;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting = new Set<() => void>();
  #over = false;

  constructor(name: string, args: readonly string[]) {
    const child = spawn(name, args, { timeout: longestRunMs, killSignal: 'SIGKILL' });
    this.#child = child;
    running.add(child);
    child.stdin.on('error', () => undefined);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
      this.#look();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
      this.#look();
    });
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => {
        running.delete(child);
        this.#over = true;
        this.#look();
        resolve(code ?? 128);
      });
    });
    this.ended.catch(() => undefined);
  }

  /** Everything it has said. */
  get said(): string {
    return this.stdout + this.stderr;
  }

  /** Waits for words on stdout or stderr; fails when it ends without. */
  async says(words: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = words.exec(this.stdout) ?? words.exec(this.stderr);
      if (found !== null) return found;
      if (this.#over) throw new Error(`it never said ${words}, but:\n${this.said}`);
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** Types a line. */
  type(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }

  /** There is nothing more to type. */
  endInput(): void {
    this.#child.stdin.end();
  }

  /** Ends it at once; its kernel says FIN for it. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  #look(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }
}
