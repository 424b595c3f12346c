/** Words and options of `brine mock`; what each of its commands does is loaded when it is called. */
import { type Command, Option } from 'commander';
import type { ConvertOptions } from '../mock-convert';
import type { RecordOptions } from '../mock-record';
import type { ReplayWords } from '../mock-replay';
import type { RunOptions } from '../mock-run';
import type { Terminal } from '../print';

/** Adds `brine mock` to the program. */
export function mockCommand(program: Command, summary: string, terminal: Terminal): void {
  const mock = program.command('mock').description(summary);
  addRun(mock, terminal);
  addRecord(mock, terminal);
  addReplay(mock, terminal);
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
    .description('turn one form into another, by suffix: .yaml .json .script .pcapng')
    .argument('<in>', 'the file to read; also .pcap, a trace, or imposters of mountebank')
    .argument('<out>', 'the file to write')
    .option('--name <name>', 'name of a mock that is made of a script or a recording')
    .option('--framing <name>', 'framing of such a mock')
    .addOption(timingOption())
    .option('--redact <regex>', 'hide what matches, or its group; may be given again', collect)
    .addOption(
      new Option('--from <kind>', 'what the file is, when its content does not show it').choices([
        'mountebank',
      ]),
    )
    .option('--strict', 'end with 3 when something could not be taken over')
    .option('--force', 'overwrite a file that is there')
    .action(async (from: string, to: string, options: ConvertOptions) => {
      const { convertMock } = require('../mock-convert') as typeof import('../mock-convert');
      await convertMock(terminal, from, to, options);
    });
}

function addRecord(mock: Command, terminal: Terminal): void {
  mock
    .command('record')
    .description('stand in front of a server, and make a mock of what it says')
    .requiredOption('--target <host:port>', 'the server')
    .requiredOption('--out <file>', 'mock to write: .yaml, .json, .script; .pcapng is beside it')
    .option('--listen <host:port>', 'where clients connect', '127.0.0.1:0')
    .option('--name <name>', 'name of the mock; default: that of the file')
    .option('--framing <name>', 'what a message is, such as crlf')
    .addOption(timingOption())
    .option('--redact <regex>', 'hide what matches, or its group; may be given again', collect)
    .option('--keep-secrets', 'do not hide PASS, AUTH and Authorization')
    .option('--redact-capture', 'hide in the capture, too')
    .option('--greeting <duration>', 'how long an eager client waits for a greeting', '200ms')
    .option('--tls-cert <pem>', 'end TLS here with this certificate, and speak TLS to the server')
    .option('--tls-key <pem>', 'its key, when it is in a file of its own')
    .option('--ca <pem>', 'who may sign the certificate of the server')
    .option('--port-file <file>', 'write a JSON object of name and address when it listens')
    .option('--exit-after <duration>', 'end after a time, such as 30s')
    .option('--allow-remote', 'allow addresses that others can reach')
    .option('--force', 'overwrite files that are there')
    .option('--quiet', 'print no events')
    .addHelpText('after', '\nEnds with 1 when nobody has connected.')
    .action(async (options: RecordOptions) => {
      const { recordMock } = require('../mock-record') as typeof import('../mock-record');
      await recordMock(terminal, options);
    });
}

function addReplay(mock: Command, terminal: Terminal): void {
  mock
    .command('replay')
    .description('answer as a recorded server did')
    .argument('<recording>', 'a capture (.pcapng, .pcap), a trace, a script, or a mock file')
    .option('--listen <host:port>', 'where it listens; default: any free port on loopback')
    .option('--name <name>', 'name of the mock')
    .option('--framing <name>', 'what a message is, such as crlf')
    .addOption(timingOption('scaled'))
    .option('--scale <n>', '0.5 answers twice as fast as it was recorded', Number)
    .option('--strict', 'fail for everything unexpected')
    .option('--lenient', 'fail for broken promises only')
    .option('--redact <regex>', 'hide what matches, or its group; may be given again', collect)
    .option('--keep-secrets', 'do not hide PASS, AUTH and Authorization')
    .option('--port-file <file>', 'write a JSON object of names and addresses when all listen')
    .option('--journal <file>', 'write every entry of the journals, one JSON object a line')
    .option('--junit <file>', 'write the verdict as JUnit XML')
    .option('--exit-after-script', 'end when every script was played to its end')
    .option('--exit-after <duration>', 'end after a time, such as 30s')
    .option('--allow-remote', 'allow addresses that others can reach')
    .option('--quiet', 'print no events')
    .action(async (recording: string, options: ReplayWords) => {
      const { replayMock } = require('../mock-replay') as typeof import('../mock-replay');
      await replayMock(terminal, recording, options);
    });
}

function timingOption(...more: readonly string[]): Option {
  const text = 'whether times are kept; default: none';
  return new Option('--timing <how>', text).choices(['none', 'recorded', ...more]);
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
