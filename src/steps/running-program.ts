import type { Readable, Writable } from 'node:stream';
import type { Owned } from '../network/scope';
import type { World } from '../network/world';
import type { ProcessGroup } from './process-group';
import { ProcessOutput } from './process-output';
import { Silence } from './silence';
import { Changes, type Changing, waitFor } from './wait-for';

/** The part of a child process that is needed here. */
export interface ChildHandle {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  on(
    event: 'exit' | 'close',
    listener: (code: number | null, signal: NodeJS.Signals | null) => void,
  ): unknown;
}

/** How a program ended: by itself with a code, or by a signal. */
export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Since its start. */
  readonly afterMs: number;
}

/** How bytes given to a program fared: `refused` when its stdin was closed before all were taken. */
export type WriteOutcome = 'taken' | 'refused' | 'waiting';

/** How long a program may take to go after SIGTERM, and again after SIGKILL. */
const graceMs = 2_000;
/** Looks at the group this often while the last of its processes end. */
const pollMs = 10;

/**
 * A program that was started: its output, its end, its stdin, its signals.
 *
 * Changes are output that arrived, the exit, and the end of the output.
 */
export class RunningProgram implements Owned, Changing {
  readonly kind = 'other';
  readonly label: string;
  readonly group: ProcessGroup;
  readonly output: ProcessOutput = new ProcessOutput();
  readonly #world: World;
  readonly #child: ChildHandle;
  readonly #over: () => void;
  readonly #changes = new Changes();
  readonly #startedUs: number;
  #end: ProgramEnd | undefined;
  #outputEnded = false;
  #inputEnded = false;
  #frozen = false;
  readonly #silence: Silence;
  #disposed = false;
  #heldByStranger = false;
  #left = false;

  /** @param over - called once nothing of the program is left */
  constructor(
    world: World,
    label: string,
    child: ChildHandle,
    group: ProcessGroup,
    over: () => void,
  ) {
    this.#world = world;
    this.label = label;
    this.#child = child;
    this.group = group;
    this.#over = over;
    this.#startedUs = world.clock.now();
    this.#silence = new Silence(world.clock, label, {
      total: () => this.output.total('output'),
      fell: () => this.#changes.changed(),
    });
    world.scope.own(this, label);
    for (const channel of ['stdout', 'stderr'] as const) {
      child[channel].on('error', ignore).on('data', (chunk: Buffer) => this.#print(channel, chunk));
    }
    // EPIPE: the program closed its stdin or is gone; `write` tells.
    child.stdin.on('error', ignore);
    child.on('exit', (code, signal) => this.#exit(code, signal));
    child.on('close', () => this.#close());
  }

  get pid(): number {
    return this.group.id;
  }

  /** How the program ended; `undefined` while it runs. What it started may outlive it. */
  get end(): ProgramEnd | undefined {
    return this.#end;
  }

  /** Whether nothing more can be printed: both pipes are closed by everyone who held them. */
  get outputEnded(): boolean {
    return this.#outputEnded;
  }

  /** How the program ended, once everything it printed itself has arrived. */
  get completeEnd(): ProgramEnd | undefined {
    return this.#outputEnded || this.#silence.fell ? this.#end : undefined;
  }

  /** Whether its stdin takes bytes. */
  get takesInput(): boolean {
    return this.#end === undefined && !this.#inputEnded && !this.#child.stdin.destroyed;
  }

  /** Whether, all its group being gone, somebody else still held its output. */
  get heldByStranger(): boolean {
    return this.#heldByStranger;
  }

  onChange(listener: () => void): () => void {
    return this.#changes.onChange(listener);
  }

  /** Writes to its stdin and waits until the system has taken the bytes. */
  async write(bytes: Uint8Array, limitMs: number): Promise<WriteOutcome> {
    let outcome: WriteOutcome | undefined;
    this.#child.stdin.write(bytes, (error) => {
      outcome = error == null ? 'taken' : 'refused';
      this.#changes.changed();
    });
    const clock = this.#world.clock;
    const wait = await waitFor(clock, this, () => outcome, limitMs, `stdin of ${this.label}`);
    return wait.found ?? 'waiting';
  }

  /** Closes its stdin behind the bytes written so far. */
  endInput(): void {
    this.#inputEnded = true;
    this.#child.stdin.end();
  }

  /** Sends a signal to the program and all it started; `false` when nobody is left. */
  signal(name: NodeJS.Signals): boolean {
    if (name === 'SIGSTOP') this.#frozen = true;
    if (name === 'SIGCONT') this.#frozen = false;
    return this.group.signal(name);
  }

  /**
   * Ends the program and all it started: SIGTERM, and SIGKILL after 2 s.
   *
   * @returns whether SIGKILL was needed
   */
  async stop(): Promise<boolean> {
    const frozen = this.#frozen;
    this.signal('SIGTERM');
    // What is frozen meets a SIGTERM only after it goes on.
    if (frozen) this.signal('SIGCONT');
    if (await this.#gone()) return false;
    await this.kill();
    return true;
  }

  /** Ends the program and all it started with SIGKILL, and waits until they are gone. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.#gone();
  }

  /** The scope's way to end it: at once, without the clock. */
  dispose(): Promise<void> {
    this.#disposed = true;
    this.group.signal('SIGKILL');
    this.#silence.cancel();
    const settled = new Promise<void>((resolve) => {
      const look = (): void => {
        if (this.#end === undefined) return;
        unsubscribe();
        resolve();
      };
      const unsubscribe = this.onChange(look);
      look();
    });
    return settled.then(() => this.#leave());
  }

  describe(): string {
    return `${this.label} (process ${this.pid})`;
  }

  async #gone(): Promise<boolean> {
    const clock = this.#world.clock;
    const untilUs = clock.now() + graceMs * 1_000;
    const look = (): ProgramEnd | undefined => this.completeEnd;
    const { found } = await waitFor(clock, this, look, graceMs, `end of ${this.label}`);
    while (this.group.alive && clock.now() < untilUs) await clock.sleep(pollMs);
    if (found === undefined || this.group.alive) return false;
    this.#heldByStranger = !this.#outputEnded;
    this.#leave();
    return true;
  }

  #print(channel: 'stdout' | 'stderr', chunk: Buffer): void {
    this.output.add(channel, chunk);
    this.#changes.changed();
  }

  #exit(code: number | null, signal: NodeJS.Signals | null): void {
    const afterMs = (this.#world.clock.now() - this.#startedUs) / 1_000;
    this.#end = { code, signal, afterMs };
    this.#changes.changed();
    if (this.#disposed) return;
    this.#silence.begin();
  }

  #close(): void {
    this.#silence.cancel();
    this.#outputEnded = true;
    if (!this.group.alive) this.#leave();
    this.#changes.changed();
  }

  /** Nothing of the program is left, but a process that left its group may still hold the pipes. */
  #leave(): void {
    if (this.#left) return;
    this.#left = true;
    this.#child.stdout.destroy();
    this.#child.stderr.destroy();
    this.#over();
    this.#world.scope.release(this);
  }
}

function ignore(): void {}
