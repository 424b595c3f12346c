import { stepById } from './catalogue';
import { fillExpression, placeholders } from './expression-text';
import { parameterTypeByName } from './parameter-types';
import type { DataTable, DocString, Step, StepArgument } from './step';

/**
 * A sentence that runs: matching it gives the same step and the same values.
 *
 * @param values - of the placeholders, then the argument, where the step has one
 * @returns one line, or more with an argument below, indented by two blanks
 * @throws Error an unknown id, or a value too many or too few
 */
export function printStep(id: string, values: readonly unknown[]): string {
  const step = stepById(id);
  const names = placeholders(step.expression);
  const expected = names.length + (step.argument === undefined ? 0 : 1);
  if (values.length !== expected) {
    throw new Error(`step ${id} takes ${expected} values, got ${values.length}`);
  }
  const tokens = names.map((name, index) => printToken(name, values[index]));
  const sentence = `${step.keyword} ${fillExpression(step.expression, tokens)}`;
  if (step.argument === undefined) return sentence;
  const argument = printArgument(values[names.length] as StepArgument);
  return [sentence, ...argument.map((line) => `  ${line}`)].join('\n');
}

/** The example of a step, with what stands below it, as it is written in a feature. */
export function printExample(step: Step): string {
  const argument = step.exampleArgument?.split('\n').map((line) => `  ${line}`) ?? [];
  return [`${step.keyword} ${step.example}`, ...argument].join('\n');
}

function printToken(name: string, value: unknown): string {
  return parameterTypeByName.get(name)?.print(value) ?? String(value);
}

function printArgument(argument: StepArgument): readonly string[] {
  return argument.kind === 'docString' ? printDocString(argument) : printTable(argument);
}

function printDocString({ text, mediaType }: DocString): readonly string[] {
  const quotes = text.includes('"""') ? '```' : '"""';
  return [`${quotes}${mediaType}`, ...text.split('\n'), quotes];
}

function printTable({ rows }: DataTable): readonly string[] {
  const cell = (text: string): string =>
    text.replace(/\\/g, '\\\\').replace(/\|/g, '\\|').replace(/\n/g, '\\n');
  return rows.map((row) => `| ${row.map(cell).join(' | ')} |`);
}
