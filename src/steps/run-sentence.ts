import { allSteps } from './catalogue';
import { expressionPattern, placeholders } from './expression-text';
import { parameterTypeByName } from './parameter-types';
import { runStep } from './run-step';
import type { Step, StepArgument } from './step';
import type { StepWorld } from './step-world';

const patterns = new WeakMap<Step, RegExp>();

/**
 * Runs one sentence without a runner.
 *
 * @param sentence - without its keyword
 * @param argument - what stands below it
 * @param place - `file:line`, for "defined at"
 * @throws Error no step or several steps match it, or what the step throws
 * @example
 * await runSentence(world, 'client "alice" sends "PING\\r\\n"');
 */
export async function runSentence(
  world: StepWorld,
  sentence: string,
  argument?: StepArgument,
  place = '',
): Promise<void> {
  const found = allSteps().flatMap((step) => {
    const match = patternOf(step).exec(sentence);
    return match === null ? [] : [{ step, tokens: match.slice(1) }];
  });
  const [only] = found;
  if (only === undefined) throw new Error(`no step matches: ${sentence}`);
  if (found.length > 1) {
    const ids = found.map(({ step }) => step.id).join(', ');
    throw new Error(`several steps match: ${sentence} (${ids})`);
  }
  const names = placeholders(only.step.expression);
  const values = only.tokens.map((token, index): unknown => {
    const type = parameterTypeByName.get(names[index] ?? '');
    return type === undefined ? token : type.read(token, world);
  });
  if (argument !== undefined) values.push(argument);
  await runStep(world, only.step, values, { text: sentence, place });
}

/** What a step matches, compiled once. */
export function patternOf(step: Step): RegExp {
  const known = patterns.get(step);
  if (known !== undefined) return known;
  const pattern = expressionPattern(step.expression, parameterTypeByName);
  patterns.set(step, pattern);
  return pattern;
}
