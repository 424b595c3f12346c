import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { catalogue } from '../../../src/steps/catalogue';
import { placeholders } from '../../../src/steps/expression-text';
import { readFeature, stepMatcher } from '../../../src/steps/feature-reader';
import type { TokenSources } from '../../../src/steps/parameter-type';
import { parameterTypeByName } from '../../../src/steps/parameter-types';
import { printExample, printStep } from '../../../src/steps/step-printer';

const sources: TokenSources = { literalSources: {}, freePort: () => 1 };

/** Values of every placeholder, and not only of the examples. */
const text = fc.string({ unit: 'grapheme', maxLength: 10 });
const values: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  bytes: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  duration: fc.nat(100_000),
  size: fc.nat(100_000),
  int: fc.nat(1_000),
  port: fc.nat(65_535),
  client: fc.oneof(
    fc.constant({ kind: 'client' }),
    text.map((name) => ({ kind: 'client', name })),
  ),
  string: text.filter((value) => !/["'\\]/.test(value)),
};

function valuesFor(name: string): fc.Arbitrary<unknown> {
  const examples = parameterTypeByName.get(name)?.examples ?? [];
  return (
    values[name] ??
    fc
      .constantFrom(...examples.filter((example) => !example.includes('random')))
      .map((token) => parameterTypeByName.get(name)?.read(token, sources))
  );
}

const printable = catalogue.filter(({ argument }) => argument === undefined);

const sentence = fc
  .constantFrom(...printable)
  .chain((step) =>
    fc.tuple(
      fc.constant(step),
      fc.tuple(...placeholders(step.expression).map((name) => valuesFor(name))),
    ),
  );

test('a printed step matches its own expression and gives back the same values', async () => {
  const match = await stepMatcher(catalogue);

  fc.assert(
    fc.property(sentence, ([step, given]) => {
      const printed = printStep(step.id, given);
      assert.ok(printed.startsWith(`${step.keyword} `));

      const matches = match(printed.slice(step.keyword.length + 1));
      assert.deepEqual(
        matches.map((found) => found.step.id),
        [step.id],
        printed,
      );
      const read = matches[0]?.tokens.map(({ type, text: token }) => {
        const value = parameterTypeByName.get(type)?.read(token, sources);
        return value instanceof Uint8Array ? Buffer.from(value) : value;
      });
      assert.deepEqual(
        read,
        given.map((value) => (value instanceof Uint8Array ? Buffer.from(value) : value)),
      );
    }),
    { numRuns: 500 },
  );
});

test('a printed argument reads back as it was, below its sentence', async () => {
  const docString = { kind: 'docString', text: 'line "a"\n\nhex "00"', mediaType: 'text' };
  const table = { kind: 'table', rows: [['bytes'], ['"a|b\\r"']] };
  const lines = [docString, table].map((argument) =>
    printStep('client.sends.lines', [{ kind: 'client' }, argument]),
  );
  const source = ['Feature: f', 'Scenario: s', ...lines].join('\n');

  const feature = await readFeature(source, 'f.feature');

  assert.deepEqual(
    feature.scenarios[0]?.steps.map(({ argument }) => argument),
    [docString, table],
  );
});

test('a step with a value too few is not printed', () => {
  assert.throws(() => printStep('client.sends', [{ kind: 'client' }]), {
    message: 'step client.sends takes 2 values, got 1',
  });
});

test('every example of the catalogue is a step of a feature', async () => {
  const lines = catalogue.map(printExample);

  const feature = await readFeature(
    ['Feature: f', 'Scenario: s', ...lines].join('\n'),
    'f.feature',
  );

  assert.deepEqual(
    feature.scenarios[0]?.steps.map(({ matches }) => matches.map(({ step }) => step.id)),
    catalogue.map(({ id }) => [id]),
  );
});
