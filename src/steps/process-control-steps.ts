/** Sentences by which a command that runs is fed, signalled and ended. */
import { formatByteCount } from '../base/size';
import { bytesOf } from './argument-bytes';
import { killCommand, sendSignal, stopCommand } from './command-ends';
import { commandFailure } from './command-failures';
import { commands, type ScenarioCommand } from './scenario-command';
import { type Step, step } from './step';
import type { StepWorld } from './step-world';

/** SIGTERM, SIGKILL, and what remains of the output. */
const stopLimitMs = 6_000;
const notRunning = 'was not running';

export const processControlSteps: readonly Step[] = [
  step({
    id: 'command.stdin',
    group: 'command',
    level: 'core',
    keyword: 'When',
    expression: 'the {command} is given {bytes} on stdin',
    example: 'the command "probe" is given "quit\\n" on stdin',
    summary: 'writes to its stdin',
    failure: 'command has exited; stdin has ended; the bytes are not taken',
    run: (world, command, bytes) => giveInput(world, commands(world).get(command), bytes),
  }),
  step({
    id: 'command.stdin.lines',
    group: 'command',
    level: 'advanced',
    keyword: 'When',
    expression: 'the {command} is given on stdin:',
    argument: 'either',
    example: 'the command "probe" is given on stdin:',
    exampleArgument: '"""\nline "EHLO me"\nhex "00 01"\n"""',
    summary: 'writes a doc string or table of literals, joined, to its stdin',
    failure: 'command has exited; stdin has ended; the bytes are not taken',
    run: (world, command, lines) =>
      giveInput(world, commands(world).get(command), bytesOf(world, lines)),
  }),
  step({
    id: 'command.stdin.ends',
    group: 'command',
    level: 'advanced',
    keyword: 'When',
    expression: 'the stdin of the {command} ends',
    example: 'the stdin of the command "probe" ends',
    summary: 'closes its stdin',
    failure: 'command has exited; stdin has ended',
    run: (world, command) => endInput(world, commands(world).get(command)),
  }),
  step({
    id: 'command.stopped',
    group: 'command',
    level: 'core',
    keyword: 'When',
    expression: 'the {command} is stopped',
    example: 'the command "server" is stopped',
    summary: 'SIGTERM to its process group, SIGKILL after 2 s',
    failure: notRunning,
    limit: () => stopLimitMs,
    run: (world, command) => stopCommand(world, commands(world).get(command)),
  }),
  step({
    id: 'command.killed',
    group: 'command',
    level: 'core',
    keyword: 'When',
    expression: 'the {command} is killed',
    example: 'the command "server" is killed',
    summary: 'SIGKILL to its process group',
    failure: notRunning,
    limit: () => stopLimitMs,
    run: (world, command) => killCommand(world, commands(world).get(command)),
  }),
  step({
    id: 'command.signalled',
    group: 'command',
    level: 'advanced',
    keyword: 'When',
    expression: 'the {command} is sent the signal {string}',
    example: 'the command "server" is sent the signal "SIGHUP"',
    summary: 'any signal, to its process group',
    failure: 'unknown signal; on Windows all but SIGTERM, SIGKILL and SIGINT',
    run: (world, command, name) => sendSignal(world, commands(world).get(command), name),
  }),
  step({
    id: 'command.frozen',
    group: 'command',
    level: 'advanced',
    keyword: 'When',
    expression: 'the {command} is frozen',
    example: 'the command "server" is frozen',
    summary: 'SIGSTOP to its process group: it keeps its connections and does nothing',
    failure: `${notRunning}; not on Windows`,
    run: (world, command) => sendSignal(world, commands(world).get(command), 'SIGSTOP'),
  }),
  step({
    id: 'command.thawed',
    group: 'command',
    level: 'advanced',
    keyword: 'When',
    expression: 'the {command} is thawed',
    example: 'the command "server" is thawed',
    summary: 'SIGCONT to its process group: it goes on',
    failure: `${notRunning}; not on Windows`,
    run: (world, command) => sendSignal(world, commands(world).get(command), 'SIGCONT'),
  }),
];

async function giveInput(
  world: StepWorld,
  command: ScenarioCommand,
  bytes: Uint8Array,
): Promise<void> {
  refuseInput(world, command);
  const limitMs = world.settings.timeoutMs;
  const outcome = await command.program.write(bytes, limitMs);
  if (outcome === 'taken') return;
  const count = formatByteCount(bytes.byteLength);
  if (outcome === 'waiting') {
    throw commandFailure(world, command, {
      what: `did not take all of ${count} on its stdin`,
      waitedMs: limitMs,
    });
  }
  throw commandFailure(world, command, {
    what: `closed its stdin before it took all of ${count}`,
  });
}

function endInput(world: StepWorld, command: ScenarioCommand): void {
  refuseInput(world, command);
  command.program.endInput();
}

function refuseInput(world: StepWorld, command: ScenarioCommand): void {
  if (command.program.takesInput) return;
  const what = command.program.end === undefined ? 'its stdin has ended' : 'it has exited';
  throw commandFailure(world, command, { what: `cannot be given anything: ${what}` });
}
