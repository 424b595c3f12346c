/**
 * `npm test`: runs every stage of scripts/stages.ts, or those named, and ends with a table and the
 * line `N passed, N failed` over all runners. A stage without a count, such as the compiler,
 * counts as one.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { paint, print, printProblem } from '../src/cli/print';
import { describeResult, StageBoard } from './stage-board';
import { runStages, type StageResult } from './stage-runner';
import { addTotals, type Totals } from './stage-totals';
import { stages } from './stages';

const words = process.argv.slice(2);
const unknown = words.find((word) => !stages.some(({ script }) => script === word));

async function main(): Promise<void> {
  const scripts = JSON.parse(readFileSync('package.json', 'utf8')).scripts;
  const chosen =
    words.length === 0 ? stages : stages.filter(({ script }) => words.includes(script));
  mkdirSync('.brine/out', { recursive: true });
  const begin = performance.now();
  const results = await runStages(chosen, scripts, availableParallelism(), new StageBoard());

  for (const result of results.filter(({ verdict }) => verdict === 'failed')) {
    print(`\n${paint('red', `✗ ${result.stage.script}`)}: npm run ${result.stage.script}\n`);
    print(result.output.trimEnd());
  }
  print(`\n${paint('bold', 'Node')} ${process.version}`);
  for (const result of results) print(describeResult(result));
  const totals = addTotals(results.map(countOf));
  const failed = results.some(({ verdict }) => verdict !== 'passed');
  const minutes = ((performance.now() - begin) / 1_000).toFixed(1);
  print(`\n${paint('dim', `${results.length} stages, ${minutes} s`)}`);
  print(paint(failed ? 'red' : 'green', `${totals.passed} passed, ${totals.failed} failed`));
  process.exitCode = failed ? 1 : 0;
}

/** A stage that failed without a failed test, such as a compiler or a crash, is one failure. */
function countOf({ verdict, totals }: StageResult): Totals {
  if (verdict === 'skipped') return { passed: 0, failed: 0 };
  const counted = totals ?? { passed: verdict === 'passed' ? 1 : 0, failed: 0 };
  const unseen = verdict === 'failed' && counted.failed === 0;
  return unseen ? { passed: counted.passed, failed: 1 } : counted;
}

if (unknown === undefined) void main();
else {
  printProblem(`no stage "${unknown}"; there are ${stages.map(({ script }) => script).join(', ')}`);
  process.exitCode = 2;
}
