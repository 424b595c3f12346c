import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { MockDefinition } from '../mock/mock-model';
import { type FormOptions, printForm, readForm, refuseExisting } from './mock-forms';
import { redactionsOf } from './mock-redaction';
import type { Terminal } from './print';

/** The options of the command, as they were written. */
export interface ConvertOptions extends Omit<FormOptions, 'redact'> {
  readonly redact?: readonly string[];
  readonly from?: 'mountebank';
  readonly strict?: true;
  readonly force?: true;
}

/** Turns one form into another. @throws CommandFailure 2 - a suffix, a file or its content is wrong */
export async function convertMock(
  terminal: Terminal,
  from: string,
  to: string,
  { force, redact = [], ...options }: ConvertOptions,
): Promise<void> {
  refuseExisting(terminal, to, { ...(force && { force }) });
  const mocks = await readMocks(terminal, from, { ...options, redact: redactionsOf(redact) });
  writeFileSync(resolve(terminal.folder, to), printForm(to, mocks));
  terminal.print(`${from} → ${to}`);
}

async function readMocks(
  terminal: Terminal,
  from: string,
  options: FormOptions,
): Promise<readonly MockDefinition[]> {
  const reports = await readForm(terminal, from, options);
  return reports.flatMap(({ mocks }) => mocks.map(({ definition }) => definition));
}
