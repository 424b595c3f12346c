#!/usr/bin/env node
/**
 * The command `brine`.
 *
 * A command is one file in commands/, named in the table below. Its file is loaded only when the
 * command is called for, so that `brine --help` costs no more than `commander`.
 */
import { Command, CommanderError } from 'commander';
import { packageInfo } from '../base/package-info';
import { type CommandFailure, type ExitCode, exitCodes } from './exit-codes';
import { endWithTheReader, paint, printProblem } from './print';

interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** Adds the command, with its options and its action. */
  readonly add: (program: Command, summary: string) => void;
}

const commands: readonly CommandEntry[] = [
  {
    name: 'init',
    summary: 'write a Cucumber configuration, a first feature and a step-definitions file',
    add: (program, summary) =>
      (require('./commands/init') as typeof import('./commands/init')).initCommand(
        program,
        summary,
      ),
  },
];

async function main(words: readonly string[]): Promise<ExitCode> {
  try {
    await createProgram(words).parseAsync(words, { from: 'user' });
    return exitCodes.ok;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    }
    const { message, exitCode = exitCodes.runtime } = error as Partial<CommandFailure>;
    printProblem(paint('red', message ?? String(error), process.stderr));
    return exitCode;
  }
}

function createProgram(words: readonly string[]): Command {
  const program = new Command('brine')
    .description('TCP toolkit for tests: clients, listeners, Gherkin steps and a simulated network')
    .version(packageInfo().version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .configureHelp({ styleTitle: (title) => paint('bold', title) })
    .addHelpText('after', '\nExit codes: 0 ok, 1 failure, 2 wrong usage, 3 a check found something')
    .exitOverride();
  for (const { name, summary, add } of commands) {
    if (words.includes(name)) add(program, summary);
    else program.command(name).description(summary);
  }
  return program;
}

endWithTheReader();
void main(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
});
