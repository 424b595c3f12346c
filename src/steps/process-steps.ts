/**
 * Sentences about commands: any program as the system under test.
 *
 * Here: how a command is started. What it is given before: `process-surroundings-steps.ts`; how it
 * is fed and ended: `process-control-steps.ts`; what it prints and comes to:
 * `process-output-steps.ts`, `process-exit-steps.ts`. A command is a ScenarioCommand, its program a
 * RunningProgram, which `process-runner.ts` starts.
 */
import { commandEnd, exitsWith } from './command-ends';
import type { EntityReference } from './named-entities';
import { processControlSteps } from './process-control-steps';
import { processExitSteps } from './process-exit-steps';
import { processOutputSteps } from './process-output-steps';
import { processSurroundingsSteps } from './process-surroundings-steps';
import { commandNamed, exitLimit, type ScenarioCommand } from './scenario-command';
import { type Step, step } from './step';
import type { StepWorld } from './step-world';

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
      await commandNamed(world, { name: command.name ?? 'command' }).start(line);
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
];

/** Every sentence about commands, in the order of the reference page. */
export const processSteps: readonly Step[] = [
  ...startSteps,
  ...processSurroundingsSteps,
  ...processControlSteps,
  ...processOutputSteps,
  ...processExitSteps,
];

async function runToEnd(
  world: StepWorld,
  reference: EntityReference,
  line: string,
  shell = false,
): Promise<ScenarioCommand> {
  const command = commandNamed(world, reference);
  await command.start(line, shell);
  // No step could write to it before it has ended.
  command.program.endInput();
  await commandEnd(world, command);
  return command;
}
