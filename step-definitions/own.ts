/**
 * What the own steps of this folder share: a short form of `step`, things kept per scenario, and
 * the failure that a sentence "that fails with …" looks at.
 */
import type { Step, StepWorld } from '../src/steps/index';
import { step, type ValuesOf } from '../src/steps/index';

/** Declares a step of ours, without the words for the reference page. */
export function own<const Expression extends string>(
  keyword: Step['keyword'],
  expression: Expression,
  example: string,
  run: (world: StepWorld, ...values: ValuesOf<Expression>) => unknown,
): Step {
  return step({
    id: `own.${expression.replace(/\W+/g, '-')}`,
    group: 'own',
    level: 'advanced',
    keyword,
    expression,
    example,
    summary: example,
    failure: 'see the step',
    run: run as never,
  });
}

/** A value of each scenario, made when it is first asked for. */
export function perScenario<T>(make: () => T): (world: StepWorld) => T {
  const values = new WeakMap<StepWorld, T>();
  return (world) => {
    let value = values.get(world);
    if (value === undefined) {
      value = make();
      values.set(world, value);
    }
    return value;
  };
}

const lastFailures = perScenario<{ error?: unknown }>(() => ({}));

/** The failure that the next sentence speaks of. */
export function lastFailure(world: StepWorld): unknown {
  const { error } = lastFailures(world);
  if (error === undefined) throw new Error('nothing has failed in this scenario so far');
  return error;
}

/** Keeps what an action fails with; an action that succeeds fails the step. */
export async function keepFailure(world: StepWorld, action: () => unknown): Promise<void> {
  try {
    await action();
  } catch (error) {
    lastFailures(world).error = error;
    return;
  }
  throw new Error('that was expected to fail, and did not');
}
