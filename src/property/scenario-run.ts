import { readFeature } from '../steps/feature-reader';
import { parameterTypeByName } from '../steps/parameter-types';
import { realNetwork } from '../steps/real-network';
import { runStep } from '../steps/run-step';
import { simulatedNetwork } from '../steps/simulated-network';
import { readStepOptions } from '../steps/step-settings';
import { StepWorld } from '../steps/step-world';

/**
 * Runs the only scenario of a feature, as a runner would.
 *
 * @returns what its step failed of; `undefined` when all passed
 * @throws Error the text is no feature, or a sentence has no step or several
 */
export async function runScenario(text: string, uri: string): Promise<Error | undefined> {
  const { scenarios } = await readFeature(text, uri);
  const [scenario] = scenarios;
  if (scenario === undefined) throw new Error(`${uri} has no scenario`);
  const simulated = scenario.tags.includes('@simulated');
  const world = new StepWorld({
    scenario: { name: scenario.name, uri, line: scenario.line },
    settings: readStepOptions({ network: simulated ? 'simulated' : 'real' }),
    makers: { real: realNetwork, simulated: simulatedNetwork },
  });
  try {
    for (const step of scenario.steps) {
      const [match, other] = step.matches;
      if (match === undefined || other !== undefined) {
        throw new Error(
          `${match === undefined ? 'no step matches' : 'several steps match'}: ${step.text}`,
        );
      }
      const values = match.tokens.map(({ type, text: token }) =>
        parameterTypeByName.get(type)?.read(token, world),
      );
      const all = step.argument === undefined ? values : [...values, step.argument];
      const failure = await runStep(world, match.step, all, {
        text: step.text,
        place: `${uri}:${step.line}`,
      }).then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
      );
      if (failure !== undefined) return failure;
    }
    return undefined;
  } finally {
    await world.end();
  }
}
