import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allSteps } from '../../../src/steps/catalogue';
import { parameterTypes } from '../../../src/steps/parameter-types';
import { type Step, step } from '../../../src/steps/step';
import { stepCompletion } from '../../../src/steps/step-completion';

const sending = step({
  id: 'own.sends',
  group: 'own',
  level: 'core',
  keyword: 'When',
  expression: 'a/the {client} sends {bytes} {int} time(s)',
  example: 'a client "alice" sends "5$ {a\\r\\n}" 3 times',
  summary: 'sends',
  failure: '(never)',
  run: () => undefined,
});

function snippetOf(own: Step): string | undefined {
  return stepCompletion('1.2.3', [own]).steps[0]?.snippet;
}

test('a snippet has one tab stop per placeholder, filled from the example', () => {
  assert.equal(
    snippetOf(sending),
    'a ${1:client "alice"} sends ${2:"5\\$ {a\\\\r\\\\n\\}"} ${3:3} times',
  );
});

test('the completion file names every step and every placeholder', () => {
  const file = stepCompletion('1.2.3');

  assert.equal(file.version, 1);
  assert.equal(file.brine, '1.2.3');
  assert.deepEqual(
    file.steps.map(({ id }) => id),
    allSteps().map(({ id }) => id),
  );
  assert.deepEqual(
    file.parameterTypes.map(({ name }) => name),
    parameterTypes.map(({ name }) => name),
  );
});

test('every regular expression of the completion file can be compiled and matches its examples', () => {
  for (const { name, regexps, examples } of stepCompletion('1.2.3').parameterTypes) {
    const whole = regexps.map((source) => new RegExp(`^(?:${source})$`));

    for (const example of examples) {
      assert.ok(
        whole.some((regexp) => regexp.test(example)),
        `${name}: ${example}`,
      );
    }
  }
});
