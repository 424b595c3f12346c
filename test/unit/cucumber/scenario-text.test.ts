import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readScenario } from '../../../src/cucumber/scenario-text';
import { StepTrack } from '../../../src/cucumber/step-track';
import { stepById } from '../../../src/steps/catalogue';

test('a scenario of @cucumber/cucumber is read with lines from its document', () => {
  const scenario = readScenario({
    pickle: {
      name: 'echo',
      uri: 'features/echo.feature',
      tags: [{ name: '@real' }],
      astNodeIds: ['3'],
      steps: [
        {
          text: 'client sends:',
          astNodeIds: ['1'],
          argument: { docString: { content: '00', mediaType: 'hex' } },
        },
        { text: 'client closes', astNodeIds: ['2'] },
      ],
    },
    gherkinDocument: {
      feature: {
        children: [
          {
            scenario: {
              id: '3',
              location: { line: 4 },
              steps: [
                { id: '1', location: { line: 5 } },
                { id: '2', location: { line: 9 } },
              ],
            },
          },
        ],
      },
    },
  });

  assert.deepEqual(scenario, {
    name: 'echo',
    uri: 'features/echo.feature',
    line: 4,
    tags: ['@real'],
    steps: [
      { text: 'client sends:', place: 'features/echo.feature:5', mediaType: 'hex' },
      { text: 'client closes', place: 'features/echo.feature:9', mediaType: '' },
    ],
  });
});

test('a scenario of cucumber 6 is read with its media types from the feature file', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'brine-feature-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const uri = join(folder, 'echo.feature');
  writeFileSync(uri, 'Feature: f\nScenario: s\nWhen client sends:\n  """hex\n  00\n  """\n');

  const scenario = readScenario({
    pickle: {
      name: 's',
      tags: [],
      steps: [
        {
          text: 'client sends:',
          locations: [{ line: 3 }],
          arguments: [{ content: '00', location: { line: 4 } }],
        },
      ],
    },
    sourceLocation: { uri, line: 2 },
  });

  assert.equal(scenario.uri, uri);
  assert.equal(scenario.line, 2);
  assert.deepEqual(scenario.steps, [
    { text: 'client sends:', place: `${uri}:3`, mediaType: 'hex' },
  ]);
});

test('a track finds the step that runs, passing over those of the user', () => {
  const texts = [
    'client sends "a"',
    'something else',
    'client sends "a"',
    'client closes',
    'client sends "b" in 1 chunks',
  ];
  const track = new StepTrack(
    texts.map((text, index) => ({ text, place: String(index), mediaType: '' })),
  );

  const places = ['client.sends', 'client.sends', 'client.closes', 'client.sends.chunks'].map(
    (id) => track.advance(stepById(id)).place,
  );

  assert.deepEqual(places, ['0', '2', '3', '4']);
});

test('a track that finds nothing says the expression and no place', () => {
  assert.deepEqual(new StepTrack([]).advance(stepById('client.closes')), {
    text: '{client} closes',
    place: '',
    mediaType: '',
  });
});
