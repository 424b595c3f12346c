import { relative, resolve } from 'node:path';
import { type MockFileReport, printProblem, readMockFile } from '../mock/mock-file';
import { CommandFailure, exitCodes } from './exit-codes';
import type { Terminal } from './print';

/** Reads files, named from the folder of the terminal. */
export function readFiles(terminal: Terminal, files: readonly string[]): readonly MockFileReport[] {
  return files.map((file) => named(readMockFile(resolve(terminal.folder, file)), terminal));
}

/**
 * Reads files that must be right.
 *
 * @throws CommandFailure 2 - with every problem on a line of its own
 */
export function requireFiles(
  terminal: Terminal,
  files: readonly string[],
): readonly MockFileReport[] {
  const reports = readFiles(terminal, files);
  const problems = reports.flatMap((report) => report.problems);
  for (const warning of reports.flatMap(({ warnings }) => warnings)) {
    terminal.printProblem(`${printProblem(warning)} (warning)`);
  }
  if (problems.length === 0) return reports;
  throw new CommandFailure(problems.map(printProblem).join('\n'), exitCodes.usage);
}

/** Files as they are seen from the folder. */
function named(report: MockFileReport, { folder }: Terminal): MockFileReport {
  const short = (file: string): string => relative(folder, resolve(file)) || file;
  const rename = <T extends { readonly file: string }>(one: T): T => ({
    ...one,
    file: short(one.file),
  });
  return {
    ...report,
    mocks: report.mocks.map(rename),
    problems: report.problems.map(rename),
    warnings: report.warnings.map(rename),
  };
}
