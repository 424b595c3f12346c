import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { TcpError } from '../base/errors';
import type { MockDefinition } from '../mock/mock-model';
import { type ImportedMocks, importMountebank, isImposters } from '../mock/mountebank-import';
import { CommandFailure, exitCodes } from './exit-codes';
import { type FormOptions, printForm, readForm, refuseExisting } from './mock-forms';
import { redactionsOf } from './mock-redaction';
import { countOf, type Terminal } from './print';

/** The options of the command, as they were written. */
export interface ConvertOptions extends Omit<FormOptions, 'redact'> {
  readonly redact?: readonly string[];
  readonly from?: 'mountebank';
  readonly strict?: true;
  readonly force?: true;
}

/**
 * Turns one form into another.
 *
 * @throws CommandFailure 2 - a suffix, a file or its content is wrong
 * @throws CommandFailure 3 - with `strict`, code was left to be written by hand
 */
export async function convertMock(
  terminal: Terminal,
  from: string,
  to: string,
  options: ConvertOptions,
): Promise<void> {
  refuseExisting(terminal, to, options);
  const imported = readImposters(terminal, from, options.from);
  const mocks = imported?.mocks ?? (await readMocks(terminal, from, options));
  writeFileSync(resolve(terminal.folder, to), printForm(to, mocks));
  terminal.print(`${from} → ${to}`);
  if (imported !== undefined) finishImport(terminal, imported, to, options);
}

async function readMocks(
  terminal: Terminal,
  from: string,
  { name, framing, timing, redact = [] }: ConvertOptions,
): Promise<readonly MockDefinition[]> {
  const reports = await readForm(terminal, from, {
    ...(name !== undefined && { name }),
    ...(framing !== undefined && { framing }),
    ...(timing !== undefined && { timing }),
    redact: redactionsOf(redact),
  });
  return reports.flatMap(({ mocks }) => mocks.map(({ definition }) => definition));
}

/** Imposters, when that is what a file holds. */
function readImposters(
  terminal: Terminal,
  from: string,
  kind: ConvertOptions['from'],
): ImportedMocks | undefined {
  const path = resolve(terminal.folder, from);
  if (!existsSync(path) || (kind === undefined && extname(from) !== '.json')) return undefined;
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return kind === undefined && !isImposters(value) ? undefined : importMountebank(value);
  } catch (error) {
    if (kind === undefined && !TcpError.is(error)) return undefined;
    throw new CommandFailure(`${from}: ${(error as Error).message}`, exitCodes.usage);
  }
}

/** Writes the files that stand for code, and tells what changed. */
function finishImport(
  terminal: Terminal,
  { warnings, stubs }: ImportedMocks,
  to: string,
  options: ConvertOptions,
): void {
  const folder = dirname(to);
  for (const { path, text } of stubs) {
    const file = join(folder, path);
    refuseExisting(terminal, file, options);
    mkdirSync(resolve(terminal.folder, dirname(file)), { recursive: true });
    writeFileSync(resolve(terminal.folder, file), text);
  }
  for (const warning of warnings) terminal.printProblem(`${warning} (warning)`);
  if (options.strict !== true || stubs.length === 0) return;
  const text = `${countOf(stubs.length, 'function')} to be written by hand`;
  throw new CommandFailure(text, exitCodes.verification);
}
