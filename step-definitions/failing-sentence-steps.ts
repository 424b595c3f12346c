/** Shows how a sentence fails: it is said, and its failure is held against the lines below. */
import assert from 'node:assert/strict';
import { stepMatcher } from '../src/steps/feature-reader';
import { type Step, step } from '../src/steps/index';
import { parameterTypeByName } from '../src/steps/parameter-types';

const matcher = stepMatcher();

export const failingSentenceSteps: readonly Step[] = [
  step({
    id: 'own.sentence-fails',
    group: 'own',
    level: 'advanced',
    keyword: 'Then',
    expression: 'this sentence fails:',
    argument: 'docString',
    example: 'this sentence fails:',
    exampleArgument: '"""\nthe mock received "LIST"\n\nmock did not receive "LIST" …\n"""',
    summary: 'says the sentence of the first line, and looks for the lines below it in its failure',
    failure: 'the sentence holds, or its failure lacks a line',
    async run(world, { text }) {
      const [sentence = '', ...lines] = text.split('\n');
      const match = await matcher;
      const [found] = match(sentence);
      assert.ok(found !== undefined, `no step matches "${sentence}"`);
      world.begin({ ...world.step, text: sentence });
      const values = found.tokens.map(({ type, text: token }) =>
        parameterTypeByName.get(type)?.read(token, world),
      );
      const said = await (async () => await found.step.run(world, ...values))().then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
      assert.ok(said !== undefined, `"${sentence}" was expected to fail, and did not`);
      assert.match(said, patternOf(lines), said);
    },
  }),
];

/** The lines in their order, others between them; `…` is any text. */
function patternOf(lines: readonly string[]): RegExp {
  const parts = lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) =>
      line
        .split('…')
        .map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
        .join('.*'),
    );
  return new RegExp(parts.join('[^]*?\n\\s*'));
}
