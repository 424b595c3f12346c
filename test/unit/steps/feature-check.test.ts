import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkFeature } from '../../../src/steps/feature-check';
import { readFeature, stepMatcher } from '../../../src/steps/feature-reader';
import { type Step, step } from '../../../src/steps/step';

const echoing = step({
  id: 'own.echoes',
  group: 'own',
  level: 'core',
  keyword: 'Given',
  expression: 'a {string} that echoes',
  example: 'a "parrot" that echoes',
  summary: 'answers',
  failure: '(never)',
  run: () => undefined,
});
const ringing: Step = {
  ...echoing,
  id: 'own.rings',
  expression: 'a bell that rings {int} times',
  example: 'a bell that rings 3 times',
};
const anything: Step = {
  ...echoing,
  id: 'own.anything',
  expression: 'a {string} that {word}',
  example: 'a "dog" that barks',
};

async function check(text: string, steps: readonly Step[] = [echoing, ringing]) {
  const feature = await readFeature(text, 'a.feature', await stepMatcher(steps));
  return checkFeature(feature, steps);
}

test('a feature whose steps are known has no findings', async () => {
  assert.deepEqual(
    await check('Feature: f\n  Scenario: s\n    Given a "parrot" that echoes\n'),
    [],
  );
});

test('an unknown sentence is told with its line and the nearest expressions', async () => {
  const findings = await check('Feature: f\n  Scenario: s\n    Given a bell that rings 12 time\n');

  assert.deepEqual(findings, [
    {
      uri: 'a.feature',
      line: 3,
      message: 'no step matches "a bell that rings 12 time"',
      nearest: ['a bell that rings {int} times', 'a {string} that echoes'],
    },
  ]);
});

test('what is quoted does not make a sentence less near', async () => {
  const long = 'a "very long name of something quite different" that echos';

  const [finding] = await check(`Feature: f\n  Scenario: s\n    Given ${long}\n`);

  assert.equal(finding?.nearest[0], 'a {string} that echoes');
});

test('a sentence that two steps match is told with both', async () => {
  const text = 'Feature: f\n  Scenario: s\n    Given a "parrot" that echoes\n';

  const [finding] = await check(text, [echoing, anything]);

  assert.equal(finding?.message, '"a "parrot" that echoes" matches own.echoes and own.anything');
});

test('a misspelt tag and a doubled backslash in a cell are told, once per place', async () => {
  const text = [
    '@simulatd',
    'Feature: f',
    '  Scenario Outline: s',
    '    Given a "<name>" that echoes',
    '    Examples:',
    '      | name |',
    '      | a\\\\n |',
    '      | b |',
  ].join('\n');

  const findings = await check(text);

  assert.deepEqual(
    findings.map(({ line, message }) => `${line} ${message.split(',')[0]}`),
    [
      '3 the tag @simulatd is unknown (did you mean @simulated?)',
      '7 a cell with a doubled backslash',
    ],
  );
});
