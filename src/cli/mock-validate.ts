import { printProblem } from '../mock/mock-file';
import { CommandFailure, exitCodes } from './exit-codes';
import { readFiles } from './mock-files';
import { countOf, type Terminal } from './print';

/** Checks files. @throws CommandFailure 2 - something is wrong */
export function validateMocks(
  terminal: Terminal,
  files: readonly string[],
  options: { readonly json?: true; readonly warningsAsErrors?: true },
): void {
  const reports = readFiles(terminal, files);
  const problems = reports.flatMap((report) => report.problems);
  const warnings = reports.flatMap((report) => report.warnings);
  const mocks = reports.flatMap((report) => report.mocks);
  if (options.json === true) {
    const names = mocks.map(({ definition }) => definition.name);
    terminal.print(JSON.stringify({ mocks: names, problems, warnings }, undefined, 2));
  } else {
    for (const problem of problems) terminal.printProblem(printProblem(problem));
    for (const warning of warnings) terminal.printProblem(`${printProblem(warning)} (warning)`);
    if (problems.length === 0) terminal.print(`${countOf(mocks.length, 'mock')}, no mistake`);
  }
  const wrong = problems.length > 0 || (options.warningsAsErrors === true && warnings.length > 0);
  if (wrong) throw new CommandFailure('', exitCodes.usage);
}
