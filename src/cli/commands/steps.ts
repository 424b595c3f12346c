import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { packageInfo } from '../../base/package-info';
import { allSteps } from '../../steps/catalogue';
import { checkFeature, type FeatureFinding } from '../../steps/feature-check';
import { readFeature, stepMatcher } from '../../steps/feature-reader';
import type { Step } from '../../steps/step';
import { stepCompletion } from '../../steps/step-completion';
import { referencePage } from '../../steps/step-reference';
import { CommandFailure, exitCodes } from '../exit-codes';
import { countOf, paint, type Terminal } from '../print';

interface StepsOptions {
  readonly format: 'text' | 'markdown' | 'json';
  readonly check?: string[] | true;
  readonly require?: string[];
}

/** Adds `brine steps` to the program. */
export function stepsCommand(program: Command, summary: string, terminal: Terminal): void {
  program
    .command('steps')
    .description(summary)
    .argument('[word...]', 'only sentences that hold every one of these words')
    .addOption(
      new Option('--format <form>', 'how they are printed')
        .choices(['text', 'markdown', 'json'])
        .default('text'),
    )
    .option(
      '--check [path...]',
      'check features, by default those in features/, instead of printing',
    )
    .option('-r, --require <module...>', 'load modules first that add steps with defineSteps')
    .addHelpText(
      'after',
      '\nmarkdown is the reference page, json the completion file for editors.\n' +
        '--check ends with 3 when it finds sentences that are unknown or ambiguous,\n' +
        'misspelt tags, or cells with a doubled backslash.',
    )
    .action((words: string[], options: StepsOptions) => runSteps(terminal, words, options));
}

async function runSteps(
  terminal: Terminal,
  words: readonly string[],
  options: StepsOptions,
): Promise<void> {
  const { folder, print } = terminal;
  const load = createRequire(join(folder, 'package.json'));
  for (const name of options.require ?? []) load(moduleName(folder, name));
  if (options.check !== undefined) {
    await checkPaths(terminal, options.check === true ? ['features'] : options.check);
    return;
  }
  const steps = allSteps().filter((step) => words.every((word) => holds(step, word)));
  if (steps.length === 0) {
    throw new CommandFailure(`no step holds ${words.join(' and ')}`, exitCodes.usage);
  }
  if (options.format === 'markdown') print(referencePage(steps).trimEnd());
  else if (options.format === 'json') {
    print(JSON.stringify(stepCompletion(packageInfo().version, steps), undefined, 2));
  } else print(listOf(steps));
}

/** A path without a dot in front is one when there is such a file, else the name of a package. */
function moduleName(folder: string, name: string): string {
  return existsSync(resolve(folder, name)) ? resolve(folder, name) : name;
}

function holds({ id, expression, summary }: Step, word: string): boolean {
  return `${id} ${expression} ${summary}`.toLowerCase().includes(word.toLowerCase());
}

function listOf(steps: readonly Step[]): string {
  const groups = [...new Set(steps.map(({ group }) => group))];
  return groups
    .map((group) => [
      paint('bold', group),
      ...steps.filter((step) => step.group === group).flatMap(linesOf),
    ])
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function linesOf({ keyword, expression, summary }: Step): readonly string[] {
  return [
    `  ${paint('dim', keyword.padEnd(5))} ${paint('cyan', expression)}`,
    `        ${summary}`,
  ];
}

async function checkPaths(terminal: Terminal, paths: readonly string[]): Promise<void> {
  const { folder, print } = terminal;
  const files = paths.flatMap((path) => featureFiles(folder, path));
  if (files.length === 0) {
    throw new CommandFailure(`no *.feature in ${paths.join(', ')}`, exitCodes.usage);
  }
  const matcher = await stepMatcher();
  const findings: FeatureFinding[] = [];
  let scenarios = 0;
  for (const uri of files) {
    try {
      const feature = await readFeature(readFileSync(resolve(folder, uri), 'utf8'), uri, matcher);
      scenarios += feature.scenarios.length;
      findings.push(...checkFeature(feature));
    } catch (error) {
      findings.push(...unreadable(uri, error as Error));
    }
  }
  for (const finding of findings) print(describe(finding));
  const counted = `${countOf(files.length, 'feature')}, ${countOf(scenarios, 'scenario')}`;
  if (findings.length > 0) {
    const found = countOf(findings.length, 'finding');
    throw new CommandFailure(`${found} in ${counted}`, exitCodes.verification);
  }
  print(paint('green', `${counted}: every step is known`));
}

/** The features of a path, as paths from the working folder. */
function featureFiles(folder: string, path: string): readonly string[] {
  const full = resolve(folder, path);
  if (!existsSync(full)) throw new CommandFailure(`${path} does not exist`, exitCodes.usage);
  if (statSync(full).isFile()) return [path];
  return readdirSync(full, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.feature') && !name.includes('node_modules'))
    .sort()
    .map((name) => join(path, name));
}

/** What the parser says, one finding for each place that it names at the beginning of a line. */
function unreadable(uri: string, { message }: Error): readonly FeatureFinding[] {
  const places = [...message.matchAll(/^\((\d+):\d+\): (.+)$/gm)];
  if (places.length === 0) return [{ uri, line: 1, message, nearest: [] }];
  return places.map(([, line, text = '']) => ({
    uri,
    line: Number(line),
    message: text,
    nearest: [],
  }));
}

function describe({ uri, line, message, nearest }: FeatureFinding): string {
  const hints = nearest.map((expression) => `\n    near: ${paint('cyan', expression)}`);
  return `${paint('bold', `${uri}:${line}`)} ${message}${hints.join('')}`;
}
