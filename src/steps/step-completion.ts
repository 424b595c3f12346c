import { allSteps } from './catalogue';
import { expressionPattern, fillExpression, placeholders } from './expression-text';
import { parameterTypeByName, parameterTypes } from './parameter-types';
import type { ArgumentKind, Step } from './step';

/** What an editor needs to complete and explain steps. */
export interface StepCompletion {
  /** Version of this form. */
  readonly version: 1;
  /** Version of Brine. */
  readonly brine: string;
  readonly parameterTypes: readonly CompletionType[];
  readonly steps: readonly CompletionStep[];
}

/** A placeholder. */
export interface CompletionType {
  readonly name: string;
  /** Sources of regular expressions for whole tokens. */
  readonly regexps: readonly string[];
  readonly examples: readonly string[];
  readonly description: string;
}

/** A sentence. */
export interface CompletionStep {
  readonly id: string;
  readonly group: string;
  readonly level: Step['level'];
  readonly keyword: Step['keyword'];
  readonly expression: string;
  /** The sentence with tab stops, `${1:client} sends ${2:"PING"}`, as editors take them. */
  readonly snippet: string;
  readonly example: string;
  readonly summary: string;
  readonly argument?: ArgumentKind;
}

/**
 * The completion file for editors.
 *
 * @param brine - version of Brine, written into the file
 * @param steps - default: the catalogue and what {@link defineSteps} added
 */
export function stepCompletion(brine: string, steps: readonly Step[] = allSteps()): StepCompletion {
  return {
    version: 1,
    brine,
    parameterTypes: parameterTypes.map(({ name, regexps, examples, description }) => ({
      name,
      regexps: regexps.map(({ source }) => source),
      examples,
      description,
    })),
    steps: steps.map((step) => ({
      id: step.id,
      group: step.group,
      level: step.level,
      keyword: step.keyword,
      expression: step.expression,
      snippet: snippetOf(step),
      example: step.example,
      summary: step.summary,
      ...(step.argument === undefined ? {} : { argument: step.argument }),
    })),
  };
}

/** The tokens are those of the example, since they fit the sentence best. */
function snippetOf({ expression, example }: Step): string {
  const found = expressionPattern(expression, parameterTypeByName).exec(example);
  const stops = placeholders(expression).map((name, index) => {
    const token = found?.[index + 1] ?? parameterTypeByName.get(name)?.examples[0] ?? name;
    return `\${${index + 1}:${token.replace(/[\\$}]/g, '\\$&')}}`;
  });
  return fillExpression(expression, stops);
}
