import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { TcpError } from '../../base/errors';
import { chooseEvents } from '../../report/choose-events';
import { readRecordedEvents } from '../../report/recorded-events';
import { CommandFailure, exitCodes } from '../exit-codes';
import { openPage } from '../open-page';
import { countOf, paint, type Terminal } from '../print';
import { findRecordings, type Recording, stemOf } from '../recordings';
import { formOf, type ReportOptions, ruleOf } from '../report-form';
import { collect, size, wholeNumber } from '../report-words';

/** Adds `brine report` to the program. */
export function reportCommand(program: Command, summary: string, terminal: Terminal): void {
  program
    .command('report')
    .description(summary)
    .argument('<file...>', 'traces, and pcapng or pcap files of any tool; folders of them')
    .option(
      '-o, --output <file>',
      'where it is written, - is standard output; a name with .script is the wire log, one with .pcapng a capture, one with .json the model',
    )
    .option('--force', 'replace a file that exists')
    .option('--open', 'open the page, of several the first; nothing where CI is set')
    .option('--summary', 'print connections, bytes and endings instead; with --json as JSON')
    .option('--title <text>', 'title of the page; default: the name of the file')
    .option('--connection <id>', 'only this connection, such as c1; may be given again', collect)
    .option('--from <time>', 'only events from then on, since the first: 250ms, 2s')
    .option('--to <time>', 'only events up to then')
    .option('--events <n>', 'rows that are kept', wholeNumber, 10_000)
    .addOption(
      new Option('--bytes <size>', 'payload that is kept: 64KiB')
        .argParser(size)
        .default(2 ** 21, '2 MiB'),
    )
    .option('--no-bytes', 'lengths only')
    .option(
      '--redact <regex>',
      'mask what matches, or its first group; may be given again',
      collect,
    )
    .option('--name <address=name>', 'name a participant, as in 127.0.0.1:2525=edge', collect)
    .addOption(
      new Option('--theme <theme>', 'colours').choices(['auto', 'light', 'dark']).default('auto'),
    )
    .option('--json', 'the model of the page instead of the page')
    .addHelpText(
      'after',
      '\nWrites <file>.html beside each file, and its name to standard output.\n' +
        'What a file is shows in its first bytes, not in its name. Of a folder, pages that\nexist are kept.',
    )
    .action((files: string[], options: ReportOptions) => runReport(terminal, files, options));
}

async function runReport(
  terminal: Terminal,
  words: readonly string[],
  options: ReportOptions,
): Promise<void> {
  const recordings = await findRecordings(terminal.folder, words);
  refuseOutput(recordings, words, options);
  let opened = options.open !== true;
  for (const { file, found } of recordings) {
    const output = options.output ?? outputOf(file, options);
    if (exists(terminal, output, options)) {
      const text = `${output} exists; --force replaces it`;
      if (!found) throw new CommandFailure(text, exitCodes.usage);
      terminal.printProblem(text);
      continue;
    }
    const { content, facts } = await readable(() => contentOf(terminal, file, output, options));
    if (output === '-') {
      terminal.print(content.toString().trimEnd());
      continue;
    }
    const path = resolve(terminal.folder, output);
    write(path, output, content);
    terminal.print(`${paint('green', output)} (${facts})`);
    if (opened || !output.endsWith('.html')) continue;
    opened = true;
    const problem = await openPage(path);
    if (problem !== undefined) terminal.printProblem(problem);
  }
}

function refuseOutput(
  recordings: readonly Recording[],
  words: readonly string[],
  { output }: ReportOptions,
): void {
  if (recordings.length === 0) {
    throw new CommandFailure(`no trace and no capture in ${words.join(', ')}`, exitCodes.usage);
  }
  if (recordings.length === 1 || output === undefined || output === '-') return;
  const text = `--output names one file, and there are ${recordings.length} to read`;
  throw new CommandFailure(text, exitCodes.usage);
}

/** The name of the input, with another end. */
function outputOf(file: string, { json, summary }: ReportOptions): string {
  if (summary) return '-';
  return `${stemOf(file)}${json ? '.timeline.json' : '.html'}`;
}

function exists({ folder }: Terminal, output: string, { force }: ReportOptions): boolean {
  return output !== '-' && force !== true && existsSync(resolve(folder, output));
}

/** What is written, and its size in words. */
async function contentOf(
  terminal: Terminal,
  file: string,
  output: string,
  options: ReportOptions,
): Promise<{ content: string | Uint8Array; facts: string }> {
  const path = resolve(terminal.folder, file);
  const { events, facts, ...recorded } = await readRecordedEvents(path).catch((error: unknown) => {
    throw named(error, path, file);
  });
  for (const warning of facts.warnings ?? []) terminal.printProblem(`${file}: ${warning}`);
  const chosen = chooseEvents(events, {
    connections: options.connection ?? [],
    ...(options.from !== undefined && { from: options.from }),
    ...(options.to !== undefined && { to: options.to }),
    redact: (options.redact ?? []).map(ruleOf),
  });
  if (options.connection !== undefined) refuseUnknown(options.connection, events);
  const ids = new Set(chosen.map(({ connection }) => connection.replace(/^[cs]/, '')));
  ids.delete('');
  return {
    content: formOf({ events: chosen, facts, ...recorded }, file, output, options),
    facts: `${countOf(chosen.length, 'event')}, ${countOf(ids.size, 'connection')}`,
  };
}

function refuseUnknown(
  connections: readonly string[],
  events: readonly { readonly connection: string }[],
): void {
  const known = new Set(events.map(({ connection }) => connection));
  const unknown = connections.find((id) => !known.has(id));
  if (unknown === undefined) return;
  const names = [...known].filter((id) => id !== '').slice(0, 10);
  const there = names.length === 0 ? 'there is none' : `there are ${names.join(', ')}`;
  throw new CommandFailure(`no connection ${unknown}; ${there}`, exitCodes.usage);
}

/** What cannot be read, and wrong options of ours, are wrong usage; all else is a failure. */
async function readable<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const codes = ['ECAPTUREFILE', 'ECAPTUREFORMAT', 'ELIMIT', 'ECONFIG'];
    if (!TcpError.is(error) || !codes.includes(error.code)) throw error;
    throw new CommandFailure(error.message, exitCodes.usage);
  }
}

/** A message that names the file as it was given. */
function named(error: unknown, path: string, file: string): unknown {
  if (!TcpError.is(error)) return error;
  const message = error.message.replaceAll(path, file);
  const text = message.includes(file) ? message : `${file}: ${message}`;
  return ['ECAPTUREFILE', 'ECAPTUREFORMAT', 'ELIMIT'].includes(error.code)
    ? new CommandFailure(text, exitCodes.usage)
    : error;
}

function write(path: string, output: string, content: string | Uint8Array): void {
  try {
    writeFileSync(path, content);
  } catch (error) {
    const { message } = error as Error;
    throw new CommandFailure(`write ${output}: ${message}`, exitCodes.runtime);
  }
}
