import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import type { Block } from './markdown';
import { onItsLines, type ReaderProject } from './reader-project';
import { runNode } from './run-process';

const cucumber = resolve('node_modules/@cucumber/cucumber/bin/cucumber.js');

/** The messages of a run that are read here. */
interface Message {
  readonly pickle?: { readonly id: string; readonly uri: string };
  readonly testCase?: { readonly id: string; readonly pickleId: string };
  readonly testCaseStarted?: { readonly id: string; readonly testCaseId: string };
  readonly testStepFinished?: {
    readonly testCaseStartedId: string;
    readonly testStepResult: { readonly status: string; readonly message?: string };
  };
  readonly testCaseFinished?: { readonly testCaseStartedId: string };
}

/** What became of one block: how many of its scenarios ran to the end, and what went wrong. */
export interface BlockResult {
  scenarios: number;
  readonly problems: string[];
}

/** Runs features in one process of Cucumber, with `brine/cucumber` and the steps given. */
export async function runFeatures(
  project: ReaderProject,
  name: string,
  features: readonly Block[],
  steps: readonly Block[],
): Promise<{ readonly results: ReadonlyMap<Block, BlockResult>; readonly output: string }> {
  project.write(`${name}/steps/brine.cjs`, "require('brine/cucumber');\n");
  for (const block of steps) project.write(`${name}/steps/${block.line}.cjs`, toScript(block));
  const uris = new Map<string, BlockResult>();
  const results = new Map<Block, BlockResult>();
  for (const block of features) {
    const uri = join(name, `${block.page.replace(/[^\w]+/g, '-')}-${block.line}.feature`);
    project.write(uri, toFeature(block));
    const result = { scenarios: 0, problems: [] };
    uris.set(uri, result);
    results.set(block, result);
  }
  const words = [cucumber, `${name}/*.feature`, '--require', `${name}/steps/*.cjs`];
  const run = await runNode(
    [
      ...words,
      '--format',
      `message:${name}/run.ndjson`,
      '--format',
      'summary',
      '--tags',
      'not @legacy-only',
    ],
    project.folder,
  );
  const messages = join(project.folder, name, 'run.ndjson');
  if (existsSync(messages)) readMessages(readFileSync(messages, 'utf8'), uris);
  return { results, output: run.output };
}

/** A block may be a whole feature, one or more scenarios, or steps alone. */
function toFeature({ page, line, code }: Block): string {
  if (/^\s*Feature:/m.test(code)) return onItsLines(line, code);
  const scenario = /^\s*(Scenario|Example|Rule|Background|Scenario Outline):/m.test(code);
  const head = scenario ? `Feature: ${page}` : `Feature: ${page}\nScenario: line ${line}`;
  return scenario ? onItsLines(line, code, head) : onItsLines(line - 1, code, head);
}

function toScript({ code }: Block): string {
  const options = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  return ts.transpileModule(code, { compilerOptions: { ...options, esModuleInterop: true } })
    .outputText;
}

function readMessages(text: string, uris: ReadonlyMap<string, BlockResult>): void {
  const owners = new Map<string, BlockResult | undefined>();
  for (const line of text.split('\n').filter((line) => line !== '')) {
    const message = JSON.parse(line) as Message;
    const { pickle, testCase, testCaseStarted, testStepFinished, testCaseFinished } = message;
    if (pickle !== undefined) owners.set(pickle.id, uris.get(pickle.uri));
    if (testCase !== undefined) owners.set(testCase.id, owners.get(testCase.pickleId));
    if (testCaseStarted !== undefined) {
      owners.set(testCaseStarted.id, owners.get(testCaseStarted.testCaseId));
    }
    if (testStepFinished !== undefined) {
      const { status, message: reason } = testStepFinished.testStepResult;
      const owner = owners.get(testStepFinished.testCaseStartedId);
      if (status !== 'PASSED' && status !== 'SKIPPED') owner?.problems.push(reason ?? status);
    }
    const ended = owners.get(testCaseFinished?.testCaseStartedId ?? '');
    if (ended !== undefined) ended.scenarios++;
  }
}
