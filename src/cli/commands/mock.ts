/** Words and options of `brine mock`; what each of its commands does is loaded when it is called. */
import type { Command } from 'commander';
import type { RunOptions } from '../mock-run';
import type { Terminal } from '../print';

/** Adds `brine mock` to the program. */
export function mockCommand(program: Command, summary: string, terminal: Terminal): void {
  const mock = program.command('mock').description(summary);
  addRun(mock, terminal);
  addValidate(mock, terminal);
  addExplain(mock, terminal);
  addConvert(mock, terminal);
}

function addRun(mock: Command, terminal: Terminal): void {
  mock
    .command('run')
    .description('start the mocks of files, and judge at the end what they met')
    .argument('<file...>', 'YAML or JSON files')
    .option('--watch', 'take over a file that changes; one that is wrong changes nothing')
    .option('--port-file <file>', 'write a JSON object of names and addresses when all listen')
    .option('--journal <file>', 'write every entry of the journals, one JSON object a line')
    .option('--junit <file>', 'write the verdict as JUnit XML')
    .option('--fail-on-unmatched', 'frames that no rule takes fail lenient mocks, too')
    .option('--exit-after-script', 'end when every script was played to its end')
    .option('--exit-after <duration>', 'end after a time, such as 30s')
    .option('--allow-remote', 'allow addresses that others can reach')
    .option('--seed <n>', 'where chance comes from', Number)
    .option('--quiet', 'print no events')
    .addHelpText(
      'after',
      '\nPrints one JSON object a line: starting, listening, ready, accepted, unmatched,\n' +
        'script-finished, closed, reloaded, verified, stopped. Ends with 0, or with 130 or 143\n' +
        'after a signal, when nothing was wrong; with 2 for a wrong file, with 3 when something\n' +
        'was. A second signal resets every connection.',
    )
    .action(async (files: string[], options: RunOptions) => {
      const { runMocks } = require('../mock-run') as typeof import('../mock-run');
      await runMocks(terminal, files, options);
    });
}

function addValidate(mock: Command, terminal: Terminal): void {
  mock
    .command('validate')
    .description('check files without starting anything')
    .argument('<file...>', 'YAML or JSON files')
    .option('--json', 'print what is found as one JSON object')
    .option('--warnings-as-errors', 'end with 2 for a warning, too')
    .action((files: string[], options: { json?: true; warningsAsErrors?: true }) => {
      const { validateMocks } = require('../mock-validate') as typeof import('../mock-validate');
      validateMocks(terminal, files, options);
    });
}

function addExplain(mock: Command, terminal: Terminal): void {
  mock
    .command('explain')
    .description('tell what a mock answers to a frame, and why not otherwise')
    .argument('<file>', 'YAML or JSON file')
    .argument('<bytes>', 'the frame, as a byte literal: "LIST", hex "02 10"')
    .option('--mock <name>', 'which mock, when the file has several')
    .option('--state <name>', 'the state it is in')
    .option('--connection <n>', 'number of the connection, from 1', Number)
    .option('--json', 'print it as one JSON object')
    .addHelpText('after', '\nEnds with 3 when no rule takes the frame.')
    .action(async (file: string, bytes: string, options: ExplainWords) => {
      const { explainMock } = require('../mock-explain') as typeof import('../mock-explain');
      await explainMock(terminal, file, bytes, options);
    });
}

interface ExplainWords {
  readonly mock?: string;
  readonly state?: string;
  readonly connection?: number;
  readonly json?: true;
}

function addConvert(mock: Command, terminal: Terminal): void {
  mock
    .command('convert')
    .description('turn one form into another, by suffix: .script .yaml .json')
    .argument('<in>', 'the file to read')
    .argument('<out>', 'the file to write')
    .option('--framing <name>', 'framing of a mock that is made of a script', 'none')
    .option('--force', 'overwrite a file that is there')
    .action((from: string, to: string, options: { framing: string; force?: true }) => {
      const { convertMock } = require('../mock-convert') as typeof import('../mock-convert');
      convertMock(terminal, from, to, options);
    });
}
