/**
 * The command `brine`.
 *
 * A command is one file in commands/, named in the table below. Its file is loaded only when the
 * command is called for, so that `brine --help` costs no more than `commander`.
 */
import { Command, CommanderError } from 'commander';
import { packageInfo } from '../base/package-info';
import { CommandFailure, type ExitCode, exitCodes } from './exit-codes';
import { paint, type Terminal } from './print';

/** Adds a command, with its options and its action, to the program. */
export type AddCommand = (program: Command, summary: string, terminal: Terminal) => void;

interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => AddCommand;
  /** Words of another program's command line. */
  readonly translate?: (words: readonly string[]) => readonly string[];
}

const commands: readonly CommandEntry[] = [
  {
    name: 'fuzz',
    summary: 'look for the smallest case in which a server or a client breaks a promise',
    load: () => (require('./commands/fuzz') as typeof import('./commands/fuzz')).fuzzCommand,
  },
  {
    name: 'init',
    summary: 'write a Cucumber configuration, a first feature and a step-definitions file',
    load: () => (require('./commands/init') as typeof import('./commands/init')).initCommand,
  },
  {
    name: 'mock',
    summary: 'run, record, replay, check, convert and explain mock servers',
    load: () => (require('./commands/mock') as typeof import('./commands/mock')).mockCommand,
  },
  {
    name: 'proxy',
    summary: 'run proxies that break connections, with the control API of Toxiproxy',
    load: () => (require('./commands/proxy') as typeof import('./commands/proxy')).proxyCommand,
    translate: withTwoDashes,
  },
  {
    name: 'replay',
    summary: 'run a case again that brine fuzz has found',
    load: () => (require('./commands/replay') as typeof import('./commands/replay')).replayCommand,
  },
  {
    name: 'report',
    summary: 'draw what was on the wire, from traces and captures, as pages of HTML',
    load: () => (require('./commands/report') as typeof import('./commands/report')).reportCommand,
  },
  {
    name: 'send',
    summary: 'say something to an address, and print or check what comes back',
    load: () => (require('./commands/send') as typeof import('./commands/send')).sendCommand,
  },
  {
    name: 'steps',
    summary: 'list the steps, write their reference or completion file, check features',
    load: () => (require('./commands/steps') as typeof import('./commands/steps')).stepsCommand,
  },
];

/** Runs the command that the words name, and returns how it ended. Never rejects. */
export async function runBrine(given: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const words = commands.find(({ name }) => name === given[0])?.translate?.(given) ?? given;
  try {
    await createProgram(words, terminal).parseAsync(words, { from: 'user' });
    return exitCodes.ok;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    }
    const { message } = error as Error;
    const text = message ?? String(error);
    if (text !== '') terminal.printProblem(paint('red', text, process.stderr));
    return error instanceof CommandFailure ? error.exitCode : exitCodes.runtime;
  }
}

function createProgram(words: readonly string[], terminal: Terminal): Command {
  const program = new Command('brine')
    .description('TCP toolkit for tests: clients, listeners, Gherkin steps and a simulated network')
    .version(packageInfo().version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .configureHelp({ styleTitle: (title) => paint('bold', title) })
    .configureOutput({
      writeOut: (text) => terminal.print(text.replace(/\n$/, '')),
      writeErr: (text) => terminal.printProblem(text.replace(/\n$/, '')),
    })
    .addHelpText('after', '\nExit codes: 0 ok, 1 failure, 2 wrong usage, 3 a check found something')
    .exitOverride();
  for (const { name, summary, load } of commands) {
    if (words.includes(name)) load()(program, summary, terminal);
    else program.command(name).description(summary);
  }
  return program;
}

/** `-config`, as Toxiproxy's server takes it, is `--config`; behind `--` nothing is changed. */
function withTwoDashes(words: readonly string[]): readonly string[] {
  const end = words.indexOf('--');
  const ours = end < 0 ? words.length : end;
  return words.map((word, index) =>
    index < ours && /^-[a-z][a-zA-Z-]{2,}(=|$)/.test(word) ? `-${word}` : word,
  );
}
