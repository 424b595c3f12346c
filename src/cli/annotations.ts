import type { MockFileReport } from '../mock/mock-file';
import type { MockVerdict } from './junit';
import type { Terminal } from './print';

/** Tells failures to GitHub Actions, at the place of the mock; nothing elsewhere. */
export function annotate(
  terminal: Terminal,
  reports: readonly MockFileReport[],
  verdicts: readonly MockVerdict[],
): void {
  if (process.env['GITHUB_ACTIONS'] !== 'true') return;
  const mocks = reports.flatMap((report) => report.mocks);
  for (const { mock, failures } of verdicts) {
    const place = mocks.find(({ definition }) => definition.name === mock);
    for (const failure of failures) {
      terminal.printProblem(
        `::error file=${place?.file ?? ''},line=${place?.line ?? 1}::${oneLine(failure)}`,
      );
    }
  }
}

function oneLine(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
