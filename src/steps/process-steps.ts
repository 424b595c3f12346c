/**
 * Sentences about commands: any program as the system under test.
 *
 * Here: how a command is prepared and started. How it is fed and ended: `process-control-steps.ts`.
 * What it prints and comes to: `process-outcome-steps.ts`. A command is a ScenarioCommand, its
 * program a RunningProgram, which `process-runner.ts` starts.
 */
import { writeFileSync } from 'node:fs';
import { commandEnd, exitsWith } from './command-ends';
import type { EntityReference } from './named-entities';
import { processControlSteps } from './process-control-steps';
import { processOutcomeSteps } from './process-outcome-steps';
import { commandNamed, exitLimit, type ScenarioCommand } from './scenario-command';
import { type DataTable, type Step, step } from './step';
import type { StepWorld } from './step-world';

const running = 'command is already running';

const startSteps: readonly Step[] = [
  step({
    id: 'command.runs',
    group: 'command',
    level: 'core',
    keyword: 'When',
    expression: '{command} runs {commandline}',
    example: 'command "probe" runs `node probe.js ${mock "mail"}`',
    summary: 'runs a program to its end, its stdin empty; any exit code is accepted',
    failure: 'did not end within 15 s: output tail; not found',
    limit: exitLimit,
    run: (world, command, line) => runToEnd(world, command, line),
  }),
  step({
    id: 'command.runs.successfully',
    group: 'command',
    level: 'advanced',
    keyword: 'When',
    expression: '{command} runs {commandline} successfully',
    example: 'command "probe" runs `node probe.js` successfully',
    summary: 'runs a program to its end; its exit code must be 0',
    failure: 'exited with code n: output tail',
    limit: exitLimit,
    run: async (world, command, line) => exitsWith(world, await runToEnd(world, command, line), 0),
  }),
  step({
    id: 'command.runs.shell',
    group: 'command',
    level: 'advanced',
    keyword: 'When',
    expression: '{command} runs {commandline} in a shell',
    example: 'command runs `echo ready > ready.txt` in a shell',
    summary: 'hands the line to the system shell as it is, interpolated values quoted',
    failure: 'did not end within 15 s: output tail',
    limit: exitLimit,
    run: (world, command, line) => runToEnd(world, command, line, true),
  }),
  step({
    id: 'command.running',
    group: 'command',
    level: 'core',
    keyword: 'Given',
    expression: 'a {command} running {commandline}',
    example: 'a command "server" running `node server.js --port ${port "web"}`',
    summary: 'starts a program and goes on; it is stopped after the scenario',
    failure: 'could not start: not found, not executable',
    run: async (world, command, line) => {
      await start(world, commandNamed(world, { name: command.name ?? 'command' }), line);
    },
  }),
  step({
    id: 'command.free-port',
    group: 'command',
    level: 'core',
    keyword: 'Given',
    expression: 'a free port {string}',
    example: 'a free port "web"',
    summary: 'reserves a free TCP port on 127.0.0.1 for this scenario',
    failure: 'no free port',
    run: (world, name) => world.freePorts.reserve(name, world.world.network),
  }),
  step({
    id: 'command.environment.variable',
    group: 'command',
    level: 'core',
    keyword: 'Given',
    expression: 'the {command} has the environment variable {string} set to {string}',
    example: `the command "server" has the environment variable "MAIL" set to '\${mock "mail"}'`,
    summary: 'sets a variable for the next start; the value is interpolated',
    failure: running,
    run: (world, command, name, value) =>
      setVariable(world, commandNamed(world, command), name, value),
  }),
  step({
    id: 'command.environment.without',
    group: 'command',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the {command} has no environment variable {string}',
    example: 'the command has no environment variable "HTTP_PROXY"',
    summary: 'does not hand on a variable of the runner',
    failure: running,
    run: (world, command, name) => commandNamed(world, command).setVariable(name, undefined),
  }),
  step({
    id: 'command.environment',
    group: 'command',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the {command} has the environment:',
    argument: 'table',
    example: 'the command "server" has the environment:',
    exampleArgument: '| name | value |\n| LANG | C     |\n| PORT | ${port "web"} |',
    summary: 'sets variables for the next start; the values are interpolated',
    failure: running,
    run: (world, command, table) => setVariables(world, commandNamed(world, command), table),
  }),
  step({
    id: 'command.directory',
    group: 'command',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the {command} starts in the directory {string}',
    example: 'the command "server" starts in the directory "fixtures/app"',
    summary: 'a folder relative to the feature; without this, the folder of the scenario',
    failure: 'folder not found',
    run: (world, command, name) => commandNamed(world, command).setDirectory(name),
  }),
  step({
    id: 'command.file',
    group: 'command',
    level: 'advanced',
    keyword: 'Given',
    expression: 'the {command} has the file {string} containing:',
    argument: 'docString',
    example: 'the command has the file "config.json" containing:',
    exampleArgument: '"""\n{ "mail": "${mock "mail"}" }\n"""',
    summary: 'writes the text, interpolated, into the folder of the scenario',
    failure: 'path leaves the scenario folder',
    run: (world, command, name, { text }) =>
      writeFile(world, commandNamed(world, command), name, text),
  }),
  step({
    id: 'command.exit-timeout',
    group: 'command',
    level: 'advanced',
    keyword: 'Given',
    expression: 'a {duration} exit timeout for {command}',
    example: 'a 30 s exit timeout for command "probe"',
    summary: 'how long the exit of that command is waited for',
    failure: '(never)',
    run: (world, ms, command) => {
      commandNamed(world, command).exitTimeoutMs = ms;
    },
  }),
];

/** Every sentence about commands, in the order of the reference page. */
export const processSteps: readonly Step[] = [
  ...startSteps,
  ...processControlSteps,
  ...processOutcomeSteps,
];

async function runToEnd(
  world: StepWorld,
  reference: EntityReference,
  line: string,
  shell = false,
): Promise<ScenarioCommand> {
  const command = commandNamed(world, reference);
  await start(world, command, line, shell);
  // No step could write to it before it has ended.
  command.program.endInput();
  await commandEnd(world, command);
  return command;
}

async function start(
  world: StepWorld,
  command: ScenarioCommand,
  line: string,
  shell = false,
): Promise<void> {
  await command.start(line, shell);
}

function setVariable(
  world: StepWorld,
  command: ScenarioCommand,
  name: string,
  value: string,
): void {
  command.setVariable(name, command.interpolate(value));
}

function setVariables(world: StepWorld, command: ScenarioCommand, { rows }: DataTable): void {
  const [header = [], ...variables] = rows;
  if (header.length !== 2 || header[0] !== 'name' || header[1] !== 'value') {
    throw new Error('the environment is a table with the columns "name" and "value"');
  }
  for (const [name = '', value = ''] of variables) setVariable(world, command, name, value);
}

function writeFile(world: StepWorld, command: ScenarioCommand, name: string, text: string): void {
  command.refuseRunning('say this before it starts');
  writeFileSync(world.folder.inside(name), command.interpolate(text));
}
