import { existsSync, writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { TcpError } from '../../base/errors';
import { readSize } from '../../base/size';
import { chooseEvents } from '../../report/choose-events';
import { readRecordedEvents } from '../../report/recorded-events';
import { buildTimeline } from '../../report/timeline';
import { timelinePage } from '../../report/timeline-html';
import type { ReportLimits } from '../../report/timeline-model';
import { CommandFailure, exitCodes } from '../exit-codes';
import { countOf, paint, type Terminal } from '../print';

interface ReportOptions {
  readonly output?: string;
  readonly force?: true;
  readonly title?: string;
  readonly connection?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly events?: number;
  readonly bytes?: number | false;
  readonly redact?: readonly string[];
  readonly name?: readonly string[];
  readonly theme: 'auto' | 'light' | 'dark';
  readonly json?: true;
}

/** Adds `brine report` to the program. */
export function reportCommand(program: Command, summary: string, terminal: Terminal): void {
  program
    .command('report')
    .description(summary)
    .argument('<file...>', 'traces, and pcapng or pcap files of any tool')
    .option('-o, --output <file>', 'where it is written; - is standard output')
    .option('--force', 'replace a file that exists')
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
        'What a file is shows in its first bytes, not in its name.',
    )
    .action((files: string[], options: ReportOptions) => runReport(terminal, files, options));
}

async function runReport(
  terminal: Terminal,
  files: readonly string[],
  options: ReportOptions,
): Promise<void> {
  if (files.length > 1 && options.output !== undefined && options.output !== '-') {
    const text = `--output names one file, and there are ${files.length} to read`;
    throw new CommandFailure(text, exitCodes.usage);
  }
  for (const file of files) {
    const output = options.output ?? outputOf(file, options);
    refuseExisting(terminal, output, options);
    const { text, facts } = await readable(() => pageOf(terminal, file, options));
    if (output === '-') {
      terminal.print(text.trimEnd());
      continue;
    }
    write(resolve(terminal.folder, output), output, text);
    terminal.print(`${paint('green', output)} (${facts})`);
  }
}

/** The name of the input, with another end. */
function outputOf(file: string, { json }: ReportOptions): string {
  return `${file.replace(/\.(ndjson|pcapng|pcap|json)$/, '')}${json ? '.timeline.json' : '.html'}`;
}

function refuseExisting({ folder }: Terminal, output: string, { force }: ReportOptions): void {
  if (output === '-' || force === true || !existsSync(resolve(folder, output))) return;
  throw new CommandFailure(`${output} exists; --force replaces it`, exitCodes.usage);
}

async function pageOf(
  terminal: Terminal,
  file: string,
  options: ReportOptions,
): Promise<{ text: string; facts: string }> {
  const { events, facts } = await readRecordedEvents(resolve(terminal.folder, file)).catch(
    (error: unknown) => {
      throw named(error, resolve(terminal.folder, file), file);
    },
  );
  for (const warning of facts.warnings ?? []) terminal.printProblem(`${file}: ${warning}`);
  const chosen = chooseEvents(events, {
    connections: options.connection ?? [],
    ...(options.from !== undefined && { from: options.from }),
    ...(options.to !== undefined && { to: options.to }),
    redact: (options.redact ?? []).map(ruleOf),
  });
  if (options.connection !== undefined) refuseUnknown(options.connection, events);
  const known = {
    ...facts,
    title: options.title ?? basename(file),
    names: { ...facts.names, ...namesIn(options.name ?? []) },
  };
  const limits = limitsOf(options);
  const text = options.json
    ? `${JSON.stringify(buildTimeline(chosen, known, limits))}\n`
    : timelinePage(chosen, known, { limits, theme: options.theme });
  const ids = new Set(chosen.map(({ connection }) => connection.replace(/^[cs]/, '')));
  ids.delete('');
  return {
    text,
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

function limitsOf({ events, bytes }: ReportOptions): ReportLimits {
  return {
    ...(events !== undefined && { events }),
    bytes: bytes === false ? 0 : (bytes ?? 2 ** 21),
  };
}

/** What is hidden of a match: its first group, where there is one. */
function ruleOf(regex: string): { regex: string; group?: number } {
  return /(?<!\\)\((?!\?)/.test(regex) ? { regex, group: 1 } : { regex };
}

function namesIn(words: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=');
      if (at > 0 && at < word.length - 1) return [word.slice(0, at), word.slice(at + 1)];
      const text = `--name must be an address and a name, such as 127.0.0.1:2525=edge, got ${word}`;
      throw new CommandFailure(text, exitCodes.usage);
    }),
  );
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number above 0.');
}

function size(text: string): number {
  try {
    return readSize('--bytes', /^\d+$/.test(text) ? Number(text) : text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
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

function write(path: string, output: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    const { message } = error as Error;
    throw new CommandFailure(`write ${output}: ${message}`, exitCodes.runtime);
  }
}
