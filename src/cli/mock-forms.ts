/** The forms that a mock may have as a file, told apart by suffix; read and printed. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { TcpError } from '../base/errors';
import { CaptureFile } from '../capture/capture-file';
import { printScript } from '../capture/script-printer';
import type { FramingDefinition } from '../framing/framing-definition';
import { mockFromScript } from '../mock/mock-builder';
import { type FileMock, type MockFileReport, printMocks } from '../mock/mock-file';
import type { MockDefinition, RedactionDefinition } from '../mock/mock-model';
import { planMock } from '../mock/mock-plan';
import { captureOfMock } from '../mock/mock-recording';
import { mockOfCapture } from '../mock/replay';
import { scriptOfTurns } from '../mock/script-export';
import { CommandFailure, exitCodes } from './exit-codes';
import { requireFiles } from './mock-files';
import type { Terminal } from './print';

/** How what is no mock file becomes a mock. */
export interface FormOptions {
  readonly name?: string;
  readonly framing?: string;
  readonly timing?: 'none' | 'recorded';
  readonly redact?: readonly RedactionDefinition[];
}

/** Recordings: captures of any tool, and traces. */
const captures = ['.pcapng', '.pcap', '.cap', '.ndjson', '.trace'];

/** Whether a file is told by its name to be a recording. */
export function isCapture(path: string): boolean {
  return captures.includes(extname(path));
}

/**
 * Reads a mock of any form.
 *
 * @throws CommandFailure 2 - there is no such file, or what is in it is wrong
 */
export async function readForm(
  terminal: Terminal,
  from: string,
  options: FormOptions,
): Promise<readonly MockFileReport[]> {
  const path = resolve(terminal.folder, from);
  if (!existsSync(path)) {
    throw new CommandFailure(`${from}: there is no such file`, exitCodes.usage);
  }
  if (extname(from) !== '.script' && !isCapture(from)) return requireFiles(terminal, [from]);
  const definition = await definitionOf(terminal, from, path, options);
  const plan = usage(from, () => planMock(definition, { folder: terminal.folder }));
  const mock = { definition, plan, file: from, line: 1 };
  return [{ mocks: [mock], problems: [], warnings: [], files: [path] }];
}

/** A mock of a file with another definition. @throws CommandFailure 2 - it is wrong */
export function planned(mock: FileMock, definition: MockDefinition): FileMock {
  const { folder } = mock.plan;
  return { ...mock, definition, plan: usage(mock.file, () => planMock(definition, { folder })) };
}

async function definitionOf(
  terminal: Terminal,
  from: string,
  path: string,
  options: FormOptions,
): Promise<MockDefinition> {
  const { name = nameOf(from), framing = 'none', timing, redact } = options;
  // Names are checked where the framing is made.
  const settings = { name, framing: framing as FramingDefinition };
  try {
    if (!isCapture(from))
      return mockFromScript(readFileSync(path, 'utf8'), settings).toDefinition();
    await using file = await CaptureFile.open(path);
    const { definition, warnings } = await mockOfCapture(file, {
      ...settings,
      ...(timing !== undefined && { timing }),
      ...(redact !== undefined && { redact }),
      folder: terminal.folder,
    });
    for (const text of warnings) terminal.printProblem(`${from}: ${text} (warning)`);
    return definition;
  } catch (error) {
    if (!TcpError.is(error)) throw error;
    throw new CommandFailure(`${from}: ${error.message.replace(`${path}: `, '')}`, exitCodes.usage);
  }
}

/** The name of a mock that is made of a file. */
export function nameOf(file: string): string {
  return basename(file, extname(file)).replace(/[^A-Za-z0-9_.-]/g, '-');
}

/** Refuses a file that would be lost. @throws CommandFailure 2 */
export function refuseExisting(
  terminal: Terminal,
  to: string,
  { force }: { readonly force?: true },
): void {
  if (force === true || !existsSync(resolve(terminal.folder, to))) return;
  throw new CommandFailure(`${to} is there already; --force overwrites it`, exitCodes.usage);
}

/** Mocks in the form that a name asks for. @throws CommandFailure 2 - the form cannot say it */
export function printForm(to: string, mocks: readonly MockDefinition[]): string | Uint8Array {
  switch (extname(to)) {
    case '.yaml':
    case '.yml':
      return printMocks(mocks);
    case '.json':
      return `${JSON.stringify({ version: 1, mocks }, undefined, 2)}\n`;
    case '.script':
      return usage(to, () => printScript(scriptOfTurns(onlyOf(to, mocks).script ?? [])));
    case '.pcapng':
      return usage(to, () => captureOfMock(onlyOf(to, mocks)));
    default:
      throw new CommandFailure(
        `${to}: the suffix must be .yaml, .json, .script or .pcapng`,
        exitCodes.usage,
      );
  }
}

function onlyOf(to: string, [only, ...others]: readonly MockDefinition[]): MockDefinition {
  if (only !== undefined && others.length === 0) return only;
  throw new CommandFailure(`${to}: this form holds one mock`, exitCodes.usage);
}

/** What is refused is wrong usage of a file. */
function usage<T>(to: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!TcpError.is(error)) throw error;
    throw new CommandFailure(`${to}: ${error.message}`, exitCodes.usage);
  }
}
