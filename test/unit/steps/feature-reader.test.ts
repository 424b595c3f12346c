import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFeature } from '../../../src/steps/feature-reader';

const feature = `
@real
Feature: echo
  Background:
    Given a listener "echo" that echoes

  @seed(4)
  Scenario Outline: says <what>
    When client "alice" sends <what>
    And client "alice" sends:
      """hex
      00 01
      """
    Then something else

    Examples:
      | what         |
      | "PI\\r\\nNG" |
`;

test('a feature is read with backgrounds, outlines and inherited tags', async () => {
  const read = await readFeature(feature, 'echo.feature');
  const [scenario] = read.scenarios;

  assert.equal(read.name, 'echo');
  assert.equal(read.scenarios.length, 1);
  assert.deepEqual(scenario?.tags, ['@real', '@seed(4)']);
  assert.deepEqual(
    scenario?.steps.map(({ keyword, line }) => [keyword, line]),
    [
      ['Given', 5],
      ['When', 9],
      ['And', 10],
      ['Then', 14],
    ],
  );
});

test('a step is read as the id and the tokens of what it matches', async () => {
  const { scenarios } = await readFeature(feature, 'echo.feature');
  const steps = scenarios[0]?.steps ?? [];

  assert.deepEqual(
    steps.map(({ matches }) => matches.map(({ step }) => step.id)),
    [['listener.echoes'], ['client.sends'], ['client.sends.lines'], []],
  );
  assert.deepEqual(steps[1]?.matches[0]?.tokens, [
    { type: 'client', text: 'client "alice"' },
    { type: 'bytes', text: '"PI\r\nNG"'.replace('\r', '\\r') },
  ]);
  assert.deepEqual(steps[2]?.argument, { kind: 'docString', text: '00 01', mediaType: 'hex' });
});

test('text that is no Gherkin is refused with the place of the parser', async () => {
  await assert.rejects(
    readFeature('Scenario: lost\n  Given x\n', 'lost.feature'),
    /\(1:1\): expected: .*#FeatureLine/,
  );
});

test('lines of table cells with a doubled backslash are told', async () => {
  const text = 'Feature: f\n  Scenario: s\n    Given x\n      | a\\\\ |\n      | \\n |\n';

  assert.deepEqual((await readFeature(text, 'f.feature')).doubledBackslashes, [4]);
});
