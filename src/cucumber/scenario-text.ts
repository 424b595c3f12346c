/** What a runner tells about the scenario it runs, in one form for both runners. */
import { readFileSync } from 'node:fs';
import type { HookParameter, PickleStep } from './runner';

/** A step of the scenario. */
export interface StepText {
  readonly text: string;
  /** `features/mail.feature:6`. */
  readonly place: string;
  /** The word behind the quotes of its doc string; empty when there is none. */
  readonly mediaType: string;
}

export interface ScenarioText {
  readonly name: string;
  readonly uri: string;
  readonly line: number;
  readonly tags: readonly string[];
  readonly steps: readonly StepText[];
}

/** Reads what a hook is given. */
export function readScenario(parameter: HookParameter): ScenarioText {
  const { pickle, sourceLocation, gherkinDocument } = parameter;
  const uri = pickle.uri ?? sourceLocation?.uri ?? '';
  const lines = new Map<string, number>();
  collectLines(gherkinDocument, lines);
  const lineOf = (ids: readonly string[] | undefined): number | undefined =>
    lines.get(ids?.at(-1) ?? '');
  return {
    name: pickle.name,
    uri,
    line: sourceLocation?.line ?? lineOf(pickle.astNodeIds) ?? 0,
    tags: pickle.tags.map(({ name }) => name),
    steps: pickle.steps.map((step) => {
      const line = step.locations?.at(-1)?.line ?? lines.get(step.astNodeIds?.[0] ?? '');
      return {
        text: step.text,
        place: line === undefined ? uri : `${uri}:${line}`,
        mediaType: mediaTypeOf(step, uri),
      };
    }),
  };
}

/** Id → line of every node of a parsed feature. */
function collectLines(node: unknown, lines: Map<string, number>): void {
  if (typeof node !== 'object' || node === null) return;
  const { id, location } = node as { id?: unknown; location?: { line?: unknown } };
  if (typeof id === 'string' && typeof location?.line === 'number') lines.set(id, location.line);
  for (const child of Object.values(node)) collectLines(child, lines);
}

/** `cucumber` 6 drops the media type; the feature file still has it. */
function mediaTypeOf(step: PickleStep, uri: string): string {
  const modern = step.argument?.docString?.mediaType;
  if (modern !== undefined) return modern;
  const legacy = step.arguments?.[0];
  if (legacy?.content === undefined || legacy.location === undefined) return '';
  const line = featureLines(uri)[legacy.location.line - 1] ?? '';
  return /^\s*(?:"""|```)(.*)$/.exec(line)?.[1]?.trim() ?? '';
}

let latest: { readonly uri: string; readonly lines: readonly string[] } = { uri: '', lines: [] };

function featureLines(uri: string): readonly string[] {
  if (latest.uri !== uri) latest = { uri, lines: readFileSync(uri, 'utf8').split(/\r?\n/) };
  return latest.lines;
}
