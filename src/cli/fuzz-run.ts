import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { TcpError } from '../base/errors';
import { type CampaignResult, checkProperty } from '../property/campaign';
import type { CampaignOptions, Progress } from '../property/campaign-options';
import { describeCounterexample } from '../property/counterexample';
import type { WireProperty } from '../property/wire-property';
import { CommandFailure, exitCodes } from './exit-codes';
import { FuzzProgress } from './fuzz-progress';
import type { FuzzTarget } from './fuzz-target';
import { paint, type Terminal } from './print';

/**
 * Runs the properties of a target, one after the other, and prints what came of each.
 *
 * @param json - file for the results as data
 * @throws CommandFailure - with 3 when a property does not hold, with 2 for wrong options
 */
export async function runFuzz(
  terminal: Terminal,
  { system, properties }: FuzzTarget,
  chosen: readonly string[] | undefined,
  options: CampaignOptions,
  json?: string,
): Promise<void> {
  const results: CampaignResult[] = [];
  for (const property of choose(properties, chosen, system.name)) {
    const progress = new FuzzProgress(property.title);
    const onProgress = (now: Progress): void => progress.show(now);
    const result = await checked(property, { ...options, onProgress }, system.name);
    progress.hide();
    results.push(result);
    terminal.print(lineOf(result));
    for (const warning of result.warnings) {
      terminal.print(`  ${paint('yellow', 'warning:')} ${warning}`);
    }
    if (result.counterexample !== undefined) {
      terminal.print(`\n${describeCounterexample(result.counterexample)}\n`);
    }
  }
  if (json !== undefined) writeFileSync(resolve(terminal.folder, json), dataOf(results));
  const violated = results.filter(({ counterexample }) => counterexample !== undefined).length;
  if (violated > 0) throw new CommandFailure('', exitCodes.verification);
}

async function checked(
  property: WireProperty<unknown>,
  options: CampaignOptions,
  target: string,
): Promise<CampaignResult> {
  try {
    return await checkProperty(property, options, target);
  } catch (error) {
    if (!TcpError.is(error) || error.code !== 'ECONFIG') throw error;
    throw new CommandFailure(error.message, exitCodes.usage);
  }
}

/** Properties by number or title; default all. */
function choose(
  properties: readonly WireProperty<unknown>[],
  chosen: readonly string[] | undefined,
  target: string,
): readonly WireProperty<unknown>[] {
  const known = properties.map(({ id, title }) => `${id} ${title}`).join(', ');
  if (properties.length === 0) {
    throw new CommandFailure(`no property fits ${target}: say what it promises`, exitCodes.usage);
  }
  return (chosen ?? properties.map(({ id }) => id)).map((word) => {
    const found = properties.find(({ id, title }) => id === word || title === word);
    if (found !== undefined) return found;
    throw new CommandFailure(
      `no property "${word}" fits ${target}; there are ${known}`,
      exitCodes.usage,
    );
  });
}

function lineOf({
  property,
  title,
  runs,
  ms,
  seed,
  traces,
  counterexample,
}: CampaignResult): string {
  const mark = counterexample === undefined ? paint('green', '✓') : paint('red', '✗');
  const different = traces > 0 ? `, ${traces} different` : '';
  return `${mark} ${`${property} ${title}`.padEnd(24)} ${runs} runs${different}, ${Math.round(ms)} ms, seed ${seed}`;
}

function dataOf(results: readonly CampaignResult[]): string {
  const data = results.map(({ counterexample, goals, statistics, ...result }) => ({
    ...result,
    goals: Object.fromEntries(goals),
    statistics: Object.fromEntries(statistics),
    ...(counterexample !== undefined && {
      failure: {
        message: counterexample.error.message,
        stability: counterexample.stability,
        scenario: counterexample.scenario,
        stored: counterexample.stored,
        file: counterexample.file,
      },
    }),
  }));
  return `${JSON.stringify(data, undefined, 2)}\n`;
}
