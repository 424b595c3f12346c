import { readFeature, stepMatcher } from '../../src/steps/feature-reader';
import type { Step } from '../../src/steps/step';

/**
 * The steps that no scenario of some features uses.
 *
 * @param features - file name and text of each
 */
export async function unusedSteps(
  steps: readonly Step[],
  features: readonly { readonly path: string; readonly text: string }[],
): Promise<readonly Step[]> {
  const matcher = await stepMatcher(steps);
  const used = new Set<string>();
  for (const { path, text } of features) {
    const { scenarios } = await readFeature(text, path, matcher);
    for (const { matches } of scenarios.flatMap((scenario) => scenario.steps)) {
      for (const { step } of matches) used.add(step.id);
    }
  }
  return steps.filter(({ id }) => !used.has(id));
}
