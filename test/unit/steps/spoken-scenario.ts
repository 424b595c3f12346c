/** A scenario on the real network whose sentences are spoken one by one, as a runner would. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { stepMatcher } from '../../../src/steps/feature-reader';
import { parameterTypeByName } from '../../../src/steps/parameter-types';
import { realNetwork } from '../../../src/steps/real-network';
import { runStep } from '../../../src/steps/run-step';
import type { StepArgument } from '../../../src/steps/step';
import { readStepOptions, type StepOptions } from '../../../src/steps/step-settings';
import { StepWorld, type StepWorldOptions } from '../../../src/steps/step-world';

export interface SpokenScenario {
  readonly world: StepWorld;
  /** The folder of the feature; `fixtures` in it exists. */
  readonly feature: string;
  /** Runs a sentence; an array is a table, text is a doc string. */
  say(sentence: string, below?: string | readonly (readonly string[])[]): Promise<void>;
  /** The text with which a sentence fails. */
  failure(sentence: string, below?: string | readonly (readonly string[])[]): Promise<string>;
}

const matcher = stepMatcher();

/** Opens a scenario; it ends with the test, whatever happens. */
export async function openScenario(
  context: TestContext,
  options: StepOptions = {},
  more: Pick<StepWorldOptions, 'leavesEvidence'> = {},
): Promise<SpokenScenario> {
  const match = await matcher;
  const folder = mkdtempSync(join(tmpdir(), 'brine-scenario-'));
  const feature = join(folder, 'features');
  mkdirSync(join(feature, 'fixtures'), { recursive: true });
  const world = new StepWorld({
    scenario: { name: 'A scenario', uri: join(feature, 'x.feature'), line: 3 },
    settings: readStepOptions({ timeout: '10s', out: join(folder, 'out'), ...options }),
    makers: { real: realNetwork },
    ...more,
  });
  context.after(async () => {
    await world.end();
    rmSync(folder, { recursive: true, force: true });
  });
  const say: SpokenScenario['say'] = async (sentence, below) => {
    const [found] = match(sentence);
    if (found === undefined) throw new Error(`no step matches "${sentence}"`);
    const values = found.tokens.map(({ type, text }) =>
      parameterTypeByName.get(type)?.read(text, world),
    );
    const argument = argumentOf(below);
    await runStep(world, found.step, argument === undefined ? values : [...values, argument], {
      text: sentence,
      place: 'x.feature:4',
    });
  };
  const failure: SpokenScenario['failure'] = (sentence, below) =>
    say(sentence, below).then(
      () => Promise.reject(new Error(`"${sentence}" was expected to fail, and did not`)),
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
  return { world, feature, say, failure };
}

function argumentOf(
  below: string | readonly (readonly string[])[] | undefined,
): StepArgument | undefined {
  if (below === undefined) return undefined;
  return typeof below === 'string'
    ? { kind: 'docString', text: below, mediaType: '' }
    : { kind: 'table', rows: below };
}
