/** Sentences about what a command is given before it starts: variables, files, a folder, time. */
import { writeFileSync } from 'node:fs';
import { commandNamed, type ScenarioCommand } from './scenario-command';
import { type DataTable, type Step, step } from './step';
import type { StepWorld } from './step-world';

const running = 'command is already running';

export const processSurroundingsSteps: readonly Step[] = [
  step({
    id: 'command.environment.variable',
    group: 'command',
    level: 'core',
    keyword: 'Given',
    expression: 'the {command} has the environment variable {string} set to {string}',
    example: `the command "server" has the environment variable "MAIL" set to '\${mock "mail"}'`,
    summary: 'sets a variable for the next start; the value is interpolated',
    failure: running,
    run: (world, command, name, value) => setVariable(commandNamed(world, command), name, value),
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
    run: (world, command, table) => setVariables(commandNamed(world, command), table),
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

function setVariable(command: ScenarioCommand, name: string, value: string): void {
  command.setVariable(name, command.interpolate(value));
}

function setVariables(command: ScenarioCommand, { rows }: DataTable): void {
  const [header = [], ...variables] = rows;
  if (header.length !== 2 || header[0] !== 'name' || header[1] !== 'value') {
    throw new Error('the environment is a table with the columns "name" and "value"');
  }
  for (const [name = '', value = ''] of variables) setVariable(command, name, value);
}

function writeFile(world: StepWorld, command: ScenarioCommand, name: string, text: string): void {
  command.refuseRunning('say this before it starts');
  writeFileSync(world.folder.inside(name), command.interpolate(text));
}
