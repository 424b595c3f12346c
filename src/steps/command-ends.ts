/** How a command ends, and how it is made to. */
import { constants } from 'node:os';
import { suggestion } from '../base/closest-word';
import { formatDuration } from '../base/duration';
import { commandFailure } from './command-failures';
import { hasGroups } from './process-group';
import type { ProgramEnd } from './running-program';
import type { ScenarioCommand } from './scenario-command';
import type { StepWorld } from './step-world';

/** The exit, with all output there. @throws StepFailure the program did not exit in time */
export async function commandEnd(
  world: StepWorld,
  command: ScenarioCommand,
  limitMs: number = command.exitTimeoutMs,
): Promise<ProgramEnd> {
  const { program } = command;
  const { found, waitedMs } = await world.waitFor(program, () => program.completeEnd, limitMs);
  if (found !== undefined) return found;
  throw commandFailure(world, command, {
    what: `did not end within ${formatDuration(limitMs)}`,
    waitedMs,
  });
}

/** Waits for an exit with a code. @throws StepFailure another code, a signal, no exit */
export async function exitsWith(
  world: StepWorld,
  command: ScenarioCommand,
  code: number,
  limitMs?: number,
): Promise<void> {
  const end = await commandEnd(world, command, limitMs);
  if (end.code === code) return;
  throw commandFailure(world, command, {
    what: `did not exit with code ${code}`,
    expected: code,
    actual: end.code ?? end.signal,
  });
}

/** Waits for an exit with any code but 0, and not by a signal. @throws StepFailure */
export async function exitsWithError(world: StepWorld, command: ScenarioCommand): Promise<void> {
  const end = await commandEnd(world, command);
  if (end.code !== null && end.code !== 0) return;
  throw commandFailure(world, command, {
    what: 'did not exit with an error',
    actual: end.code ?? end.signal,
  });
}

/** Waits for an exit by a signal. @throws StepFailure */
export async function endsBySignal(
  world: StepWorld,
  command: ScenarioCommand,
  name: string,
): Promise<void> {
  const signal = readSignalName(name);
  const end = await commandEnd(world, command);
  if (end.signal === signal) return;
  throw commandFailure(world, command, {
    what: `was not ended by ${signal}`,
    expected: signal,
    actual: end.signal ?? end.code,
  });
}

/** After settling, the program must be alive. @throws StepFailure */
export async function isRunning(world: StepWorld, command: ScenarioCommand): Promise<void> {
  const { program } = command;
  await world.settle();
  if (program.end === undefined) return;
  await commandEnd(world, command);
  throw commandFailure(world, command, { what: 'is not running' });
}

/** Sends a signal to the program and all it started. @throws StepFailure nobody is left */
export function sendSignal(world: StepWorld, command: ScenarioCommand, name: string): void {
  const signal = readSignalName(name);
  if (command.program.signal(signal)) return;
  throw commandFailure(world, command, { what: `was not running, so ${signal} reached nobody` });
}

/** Stops it: SIGTERM, and SIGKILL after 2 s. @throws StepFailure it was not running */
export async function stopCommand(world: StepWorld, command: ScenarioCommand): Promise<void> {
  refuseGone(world, command, 'stopped');
  await command.program.stop();
}

/** Kills it. @throws StepFailure it was not running */
export async function killCommand(world: StepWorld, command: ScenarioCommand): Promise<void> {
  refuseGone(world, command, 'killed');
  await command.program.kill();
}

function refuseGone(world: StepWorld, command: ScenarioCommand, verb: string): void {
  if (command.program.end === undefined || command.program.group.alive) return;
  throw commandFailure(world, command, { what: `could not be ${verb}: it was not running` });
}

/** Signals that Windows can imitate: each of them ends the program at once. */
const windowsSignals: readonly string[] = ['SIGTERM', 'SIGKILL', 'SIGINT'];

function readSignalName(name: string): NodeJS.Signals {
  if (!Object.hasOwn(constants.signals, name)) {
    throw new Error(`unknown signal "${name}"${suggestion(name, Object.keys(constants.signals))}`);
  }
  if (!hasGroups && !windowsSignals.includes(name)) {
    throw new Error(`Windows has no ${name}; only ${windowsSignals.join(', ')} work there`);
  }
  return name as NodeJS.Signals;
}
