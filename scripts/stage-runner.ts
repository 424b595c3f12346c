import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { readTotals, type Totals } from './stage-totals';
import type { Stage } from './stages';

/** How a stage ended. */
export interface StageResult {
  readonly stage: Stage;
  /** `skipped`: a stage that must pass first did not. */
  readonly verdict: 'passed' | 'failed' | 'skipped';
  readonly ms: number;
  /** `undefined` for a stage that counts nothing, such as the compiler. */
  readonly totals: Totals | undefined;
  /** Everything it printed. */
  readonly output: string;
}

/** Called while stages run. */
export interface StageWatcher {
  started(stage: Stage): void;
  /** Called with the last line of output, whenever there is a new one. */
  printed(stage: Stage, line: string): void;
  ended(result: StageResult): void;
}

/** Runs stages, `width` at a time, each after those of the ones it names that run as well. */
export async function runStages(
  stages: readonly Stage[],
  scripts: Readonly<Record<string, string>>,
  width: number,
  watcher: StageWatcher,
): Promise<readonly StageResult[]> {
  const waiting = [...stages];
  const results: StageResult[] = [];
  const running = new Set<Promise<void>>();
  const passed = (script: string) =>
    results.some(({ stage, verdict }) => stage.script === script && verdict === 'passed');
  const ended = (script: string) => results.some(({ stage }) => stage.script === script);
  const forerunners = (stage: Stage) =>
    stage.after.filter((script) => stages.some((other) => other.script === script));

  while (waiting.length > 0 || running.size > 0) {
    const next = waiting.findIndex((stage) => forerunners(stage).every(ended));
    if (next < 0 && running.size === 0) throw new Error('stages wait for each other in a circle');
    if (next < 0 || running.size >= width) {
      await Promise.race(running);
      continue;
    }
    const [stage] = waiting.splice(next, 1);
    if (stage === undefined) continue;
    const run = (
      forerunners(stage).every(passed)
        ? runStage(stage, scripts[stage.script], watcher)
        : Promise.resolve(skipped(stage))
    ).then((result) => {
      running.delete(run);
      results.push(result);
      watcher.ended(result);
    });
    running.add(run);
  }
  return stages.flatMap((stage) => results.filter((result) => result.stage === stage));
}

function skipped(stage: Stage): StageResult {
  const output = `not run: ${stage.after.join(', ')} must pass first`;
  return { stage, verdict: 'skipped', ms: 0, totals: undefined, output };
}

async function runStage(
  stage: Stage,
  script: string | undefined,
  watcher: StageWatcher,
): Promise<StageResult> {
  if (script === undefined) throw new Error(`package.json has no script "${stage.script}"`);
  watcher.started(stage);
  const begin = performance.now();
  const child = spawn(script, { shell: true, env: stageEnvironment(stage), stdio: 'pipe' });
  child.stdin.end();
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const line = lastLine(text);
      if (line !== '') watcher.printed(stage, line);
    });
  }
  const [exitCode] = (await once(child, 'close')) as [number | null];
  const totals = readTotals(stripVTControlCharacters(output));
  const empty = totals !== undefined && totals.passed + totals.failed === 0;
  const clean = exitCode === 0 && !empty && (totals?.failed ?? 0) === 0;
  const verdict = clean ? 'passed' : 'failed';
  return { stage, verdict, ms: performance.now() - begin, totals, output };
}

/** With `BRINE_COVERAGE` set, stages that count leave their coverage in that folder. */
function stageEnvironment(stage: Stage): NodeJS.ProcessEnv {
  const path = [join(process.cwd(), 'node_modules', '.bin'), process.env['PATH']].join(delimiter);
  const folder = process.env['BRINE_COVERAGE'];
  const coverage =
    stage.covers && folder !== undefined ? { NODE_V8_COVERAGE: resolve(folder) } : {};
  return { ...process.env, PATH: path, ...coverage };
}

function lastLine(text: string): string {
  const lines = stripVTControlCharacters(text).split('\n');
  return lines.findLast((line) => line.trim() !== '')?.trim() ?? '';
}
