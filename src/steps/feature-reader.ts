/**
 * Features as text → scenarios, steps of the catalogue and their tokens, without a runner.
 *
 * The one file that loads a Gherkin parser and an expression matcher, and only when it is used.
 */
import { allSteps } from './catalogue';
import { parameterTypes } from './parameter-types';
import type { Step, StepArgument } from './step';

/** A step of the catalogue that a sentence matches, with what its placeholders matched. */
export interface StepMatch {
  readonly step: Step;
  readonly tokens: readonly Token[];
}

/** What one placeholder matched. */
export interface Token {
  /** Name of the parameter type. */
  readonly type: string;
  readonly text: string;
}

/** One step of a scenario, and what it matches. */
export interface FeatureStep {
  readonly keyword: string;
  readonly text: string;
  readonly line: number;
  readonly argument?: StepArgument;
  /** Every step that it matches: none is an unknown sentence, two are ambiguous. */
  readonly matches: readonly StepMatch[];
}

/** One scenario that a runner would run; an outline gives one for each of its rows. */
export interface FeatureScenario {
  readonly name: string;
  readonly line: number;
  /** Also those of the feature and of its rule, with the `@`. */
  readonly tags: readonly string[];
  /** Background first; outlines are filled in. */
  readonly steps: readonly FeatureStep[];
}

/** A feature that was read. */
export interface ReadFeature {
  readonly uri: string;
  readonly name: string;
  readonly scenarios: readonly FeatureScenario[];
  /** Cells of data tables that hold a double backslash, which Gherkin halves. */
  readonly doubledBackslashes: readonly number[];
}

/** Finds the steps that a sentence matches. */
export type StepMatcher = (sentence: string) => readonly StepMatch[];

const loadExpressions = () => import('@cucumber/cucumber-expressions');
type Expressions = Awaited<ReturnType<typeof loadExpressions>>;
type Registry = InstanceType<Expressions['ParameterTypeRegistry']>;

/**
 * Makes a matcher for steps: default the whole catalogue.
 *
 * Placeholders of types that are not known here match any text, as the steps of a user may have them.
 */
export async function stepMatcher(steps: readonly Step[] = allSteps()): Promise<StepMatcher> {
  const library = await loadExpressions();
  const registry = new library.ParameterTypeRegistry();
  for (const { name, regexps, builtIn } of parameterTypes) {
    if (!builtIn) registry.defineParameterType(anyType(library, name, regexps));
  }
  const compiled = steps.map((step) => ({ step, expression: compile(library, registry, step) }));
  return (sentence) =>
    compiled.flatMap(({ step, expression }) => {
      const found = expression.match(sentence);
      if (found === null) return [];
      const tokens = found.map(({ group, parameterType }) => ({
        type: parameterType.name ?? '',
        text: sentence.slice(group.start ?? 0, group.end ?? 0),
      }));
      return [{ step, tokens }];
    });
}

/**
 * Reads a feature.
 *
 * @throws Error the text is no Gherkin; the message is the parser's, with line and column
 */
export async function readFeature(
  text: string,
  uri: string,
  matcher?: StepMatcher,
): Promise<ReadFeature> {
  const match = matcher ?? (await stepMatcher());
  const gherkin = await import('@cucumber/gherkin');
  const { IdGenerator } = await import('@cucumber/messages');
  const newId = IdGenerator.incrementing();
  const builder = new gherkin.AstBuilder(newId);
  const parser = new gherkin.Parser(builder, new gherkin.GherkinClassicTokenMatcher());
  const document = parser.parse(text);
  const nodes = new Map<string, Located>();
  collect(document, nodes);
  const lineOf = (ids: readonly string[]): number => nodes.get(ids[0] ?? '')?.location.line ?? 0;
  const pickles = gherkin.compile(document, uri, newId);
  return {
    uri,
    name: document.feature?.name ?? '',
    doubledBackslashes: doubled(text),
    scenarios: pickles.map((pickle) => ({
      name: pickle.name,
      line: lineOf(pickle.astNodeIds),
      tags: pickle.tags.map(({ name }) => name),
      steps: pickle.steps.map((step) => ({
        keyword: nodes.get(step.astNodeIds[0] ?? '')?.keyword?.trim() ?? '',
        text: step.text,
        line: lineOf(step.astNodeIds),
        matches: match(step.text),
        ...argumentOf(step.argument),
      })),
    })),
  };
}

interface Located {
  readonly id: string;
  readonly location: { readonly line: number };
  readonly keyword?: string;
}

interface PickleArgument {
  readonly docString?: { readonly content: string; readonly mediaType?: string };
  readonly dataTable?: {
    readonly rows: readonly { readonly cells: readonly { readonly value: string }[] }[];
  };
}

function argumentOf(argument: PickleArgument | undefined): { argument?: StepArgument } {
  const { docString, dataTable } = argument ?? {};
  if (docString !== undefined) {
    const { content: text, mediaType = '' } = docString;
    return { argument: { kind: 'docString', text, mediaType } };
  }
  if (dataTable === undefined) return {};
  const rows = dataTable.rows.map(({ cells }) => cells.map(({ value }) => value));
  return { argument: { kind: 'table', rows } };
}

function compile(
  library: Expressions,
  registry: Registry,
  step: Step,
): InstanceType<Expressions['CucumberExpression']> {
  for (const name of step.expression.match(/(?<=\{)\w+(?=\})/g) ?? []) {
    if (registry.lookupByTypeName(name) === undefined) {
      registry.defineParameterType(anyType(library, name, [/.+/]));
    }
  }
  return new library.CucumberExpression(step.expression, registry);
}

function anyType(
  library: Expressions,
  name: string,
  regexps: readonly RegExp[],
): InstanceType<Expressions['ParameterType']> {
  return new library.ParameterType(name, [...regexps], String, (text) => text, false, false);
}

function collect(node: unknown, nodes: Map<string, Located>): void {
  if (typeof node !== 'object' || node === null) return;
  if ('id' in node && 'location' in node) nodes.set(String(node.id), node as Located);
  for (const child of Object.values(node)) collect(child, nodes);
}

/** Lines of table cells with `\\`. */
function doubled(text: string): readonly number[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    const cell = /^\s*\|/.test(line) && line.includes('\\\\');
    return cell ? [index + 1] : [];
  });
}
