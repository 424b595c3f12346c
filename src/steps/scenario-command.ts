import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { couldNotStart } from './command-failures';
import { referencedValue } from './command-values';
import { interpolate, type Resolve } from './interpolation';
import { readInvocation } from './invocation';
import {
  type Entity,
  type EntityReference,
  entityTitle,
  type NamedEntities,
} from './named-entities';
import { startProgram } from './process-runner';
import type { RunningProgram } from './running-program';
import { StartError } from './start-error';
import type { StepWorld } from './step-world';

/**
 * A command of a scenario: how it is to be started, and the program that runs under its name.
 *
 * One program at a time; once it has exited, the same command can be started again.
 */
export class ScenarioCommand implements Entity {
  readonly name: string;
  /** `command "server"`. */
  readonly title: string;
  readonly #world: StepWorld;
  /** Name → value, or `undefined` for one that is not handed on. */
  readonly #environment = new Map<string, string | undefined>();
  readonly #earlier: RunningProgram[] = [];
  /** Reserved ports that were told to it; they are let go of when it starts. */
  readonly #ports = new Set<string>();
  #directory: string | undefined;
  #exitTimeoutMs: number | undefined;
  #program: RunningProgram | undefined;
  #shown = '';

  constructor(world: StepWorld, name: string) {
    this.#world = world;
    this.name = name;
    this.title = entityTitle('command', name);
  }

  /** The program that runs, or ran last, under this name. @throws Error it was never started */
  get program(): RunningProgram {
    if (this.#program === undefined) throw new Error(`${this.title} was never started`);
    return this.#program;
  }

  /** What was run, values put in. */
  get shown(): string {
    return this.#shown;
  }

  /** How long its exit is waited for. */
  get exitTimeoutMs(): number {
    return this.#exitTimeoutMs ?? this.#world.settings.exitTimeoutMs;
  }

  set exitTimeoutMs(ms: number) {
    this.#exitTimeoutMs = ms;
  }

  /** Puts values into text that the command is going to see. @throws Error an unknown reference */
  interpolate(text: string): string {
    return interpolate(text, this.#values);
  }

  /** Sets a variable for the next start; without a value it is not handed on. */
  setVariable(name: string, value: string | undefined): void {
    this.refuseRunning('say this before it starts');
    if (name === '' || /[=\0]/.test(name)) {
      throw new Error(`"${name}" cannot be the name of an environment variable`);
    }
    this.#environment.set(name, value);
  }

  /** The folder it starts in. @throws Error there is no such folder */
  setDirectory(name: string): void {
    this.refuseRunning('say this before it starts');
    const path = resolve(this.#world.folder.feature, name);
    if (!existsSync(path) || !statSync(path).isDirectory()) {
      throw new Error(`folder "${name}" not found (looked for ${path})`);
    }
    this.#directory = path;
  }

  /**
   * Starts a command line.
   *
   * @param shell - hands the line to the system shell as it is, its values quoted
   * @throws Error it is running already, or cannot be started
   */
  async start(line: string, shell = false): Promise<RunningProgram> {
    this.refuseRunning('end it first, or give the other program a name of its own');
    const { shown, ...invocation } = readInvocation(line, this.#values, shell);
    await Promise.all([...this.#ports].map((name) => this.#world.freePorts.release(name)));
    if (this.#program !== undefined) this.#earlier.push(this.#program);
    this.#program = undefined;
    this.#shown = shown;
    const starting = startProgram(this.#world.world, {
      label: this.title,
      directory: this.#directory ?? this.#world.folder.path,
      environment: this.#inheritedEnvironment(),
      ...invocation,
    });
    this.#program = await starting.catch((error: unknown) => {
      throw error instanceof StartError ? couldNotStart(this.#world, shown, error) : error;
    });
    return this.#program;
  }

  /** @throws Error `command "x" is already running; …` */
  refuseRunning(advice: string): void {
    if (this.#program === undefined || this.#program.end !== undefined) return;
    throw new Error(`${this.title} is already running; ${advice}`);
  }

  /** Ends everything that was started under this name. */
  async end(): Promise<void> {
    const programs = [...this.#earlier, ...(this.#program === undefined ? [] : [this.#program])];
    const forced = await Promise.all(programs.map((program) => program.stop()));
    if (forced.includes(true)) {
      this.#world.warnings.push(`${this.title} did not end within 2 s of SIGTERM and was killed`);
    }
    if (programs.some((program) => program.heldByStranger)) {
      this.#world.warnings.push(
        `${this.title} left a process behind that is no longer in its group but holds its output`,
      );
    }
  }

  readonly #values: Resolve = (reference) => {
    if (reference.kind === 'port' && reference.name !== undefined) this.#ports.add(reference.name);
    return referencedValue(this.#world, reference);
  };

  #inheritedEnvironment(): Record<string, string> {
    const all = new Map(Object.entries(process.env));
    // Options for the runner, such as a loader or a debugger's port, are not for the program.
    all.delete('NODE_OPTIONS');
    all.set('BRINE_SEED', String(this.#world.seed));
    all.set('BRINE_SCENARIO_DIR', this.#world.folder.path);
    for (const [name, value] of this.#environment) all.set(name, value);
    const environment: Record<string, string> = {};
    for (const [name, value] of all) if (value !== undefined) environment[name] = value;
    return environment;
  }
}

/**
 * The commands of a scenario.
 *
 * @throws Error the scenario runs on the simulated network
 */
export function commands(world: StepWorld): NamedEntities<ScenarioCommand> {
  if (world.kind === 'simulated') {
    throw new Error(
      'command steps run real programs and need the real network; this scenario is @simulated',
    );
  }
  return world.named('command');
}

/** The limit of steps that wait for an exit. */
export function exitLimit(world: StepWorld, reference: EntityReference): number {
  return commands(world).find(reference)?.exitTimeoutMs ?? world.settings.exitTimeoutMs;
}

/** The command meant; made when it is mentioned for the first time. */
export function commandNamed(
  world: StepWorld,
  reference: { readonly name?: string },
): ScenarioCommand {
  const all = commands(world);
  const name = all.nameOf(reference);
  return all.find(reference) ?? all.add(new ScenarioCommand(world, name), world.step.place);
}
