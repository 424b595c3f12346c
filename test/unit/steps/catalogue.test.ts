import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { catalogue, stepById } from '../../../src/steps/catalogue';
import {
  expressionPattern,
  expressionVariants,
  fillExpression,
  placeholders,
} from '../../../src/steps/expression-text';
import { stepMatcher } from '../../../src/steps/feature-reader';
import { parameterTypeByName, parameterTypes } from '../../../src/steps/parameter-types';
import type { Step } from '../../../src/steps/step';

/** What both engines can do, as far as it is used here. */
interface Engine {
  readonly version: string;
  matches(sentence: string): readonly { readonly id: string; readonly tokens: readonly string[] }[];
}

interface LegacyLibrary {
  ParameterTypeRegistry: new () => { defineParameterType(type: unknown): void };
  ParameterType: new (
    name: string,
    regexps: RegExp[],
    type: unknown,
    transform: (text: string) => unknown,
    useForSnippets: boolean,
    preferForRegexpMatch: boolean,
  ) => unknown;
  CucumberExpression: new (
    expression: string,
    registry: unknown,
  ) => { match(text: string): readonly { group: { value: string } }[] | null };
}

/** The engine that `cucumber` 6 brings along. */
function legacyEngine(): Engine {
  const require6 = createRequire(require.resolve('cucumber/package.json'));
  const library = require6('cucumber-expressions') as LegacyLibrary;
  const { version } = require6('cucumber-expressions/package.json') as { version: string };
  const registry = new library.ParameterTypeRegistry();
  for (const { name, regexps, builtIn } of parameterTypes) {
    if (builtIn) continue;
    registry.defineParameterType(
      new library.ParameterType(name, [...regexps], String, (text) => text, false, false),
    );
  }
  const compiled = catalogue.map((step) => ({
    id: step.id,
    expression: new library.CucumberExpression(step.expression, registry),
  }));
  return {
    version,
    matches: (sentence) =>
      compiled.flatMap(({ id, expression }) => {
        const found = expression.match(sentence);
        return found === null ? [] : [{ id, tokens: found.map(({ group }) => group.value) }];
      }),
  };
}

async function modernEngine(): Promise<Engine> {
  const match = await stepMatcher(catalogue);
  return {
    version: '19',
    matches: (sentence) =>
      match(sentence).map(({ step, tokens }) => ({
        id: step.id,
        tokens: tokens.map(({ text }) => text),
      })),
  };
}

function ourEngine(): Engine {
  const compiled = catalogue.map(({ id, expression }) => ({
    id,
    pattern: expressionPattern(expression, parameterTypeByName),
  }));
  return {
    version: 'of Brine',
    matches: (sentence) =>
      compiled.flatMap(({ id, pattern }) => {
        const found = pattern.exec(sentence);
        return found === null ? [] : [{ id, tokens: found.slice(1) }];
      }),
  };
}

/** Every reading of an expression, with every example of its placeholders in turn. */
function sentencesOf(step: Step): readonly string[] {
  const names = placeholders(step.expression);
  const examples = names.map((name) => parameterTypeByName.get(name)?.examples ?? []);
  const rounds = Math.max(1, ...examples.map(({ length }) => length));
  return expressionVariants(step.expression).flatMap((variant) =>
    Array.from({ length: rounds }, (_, round) =>
      fillExpression(
        variant,
        examples.map((list) => list[round % list.length] ?? ''),
      ),
    ),
  );
}

test('ids and expressions of the catalogue are unique', () => {
  const ids = catalogue.map(({ id }) => id);
  const expressions = catalogue.map(({ expression }) => expression);

  assert.equal(new Set(ids).size, ids.length);
  assert.equal(new Set(expressions).size, expressions.length);
});

test('an id begins with the group of its step', () => {
  const strange = catalogue.filter(({ id, group }) => !id.startsWith(`${group}.`));

  assert.deepEqual(
    strange.map(({ id }) => id),
    [],
  );
});

test('a step takes an argument exactly when its expression ends with a colon', () => {
  const strange = catalogue.filter(
    ({ expression, argument }) => expression.endsWith(':') !== (argument !== undefined),
  );

  assert.deepEqual(
    strange.map(({ id }) => id),
    [],
  );
});

test('a step that takes an argument shows one below its example', () => {
  const strange = catalogue.filter(
    ({ argument, exampleArgument }) => (argument === undefined) !== (exampleArgument === undefined),
  );

  assert.deepEqual(
    strange.map(({ id }) => id),
    [],
  );
});

test('no regular expression of a parameter type has a capture group', () => {
  for (const { name, regexps } of parameterTypes) {
    for (const { source } of regexps) {
      const groups = (new RegExp(`${source}|`).exec('')?.length ?? 1) - 1;
      assert.equal(groups, 0, `{${name}} ${source}`);
    }
  }
});

test('the examples of a parameter type match it whole', () => {
  for (const { name, regexps, examples } of parameterTypes) {
    const whole = new RegExp(`^(?:${regexps.map(({ source }) => source).join('|')})$`);
    for (const example of examples) assert.match(example, whole, `{${name}}`);
  }
});

test('every example matches its own step and no other, in every engine', async () => {
  for (const engine of [await modernEngine(), legacyEngine(), ourEngine()]) {
    for (const { id, example } of catalogue) {
      const matches = engine.matches(example).map((match) => match.id);
      assert.deepEqual(matches, [id], `engine ${engine.version}: ${example}`);
    }
  }
});

test('every reading of every expression matches its own step and no other, in every engine', async () => {
  for (const engine of [await modernEngine(), legacyEngine(), ourEngine()]) {
    for (const step of catalogue) {
      for (const sentence of sentencesOf(step)) {
        const matches = engine.matches(sentence).map((match) => match.id);
        assert.deepEqual(matches, [step.id], `engine ${engine.version}: ${sentence}`);
      }
    }
  }
});

test('the engines agree on what the placeholders matched', async () => {
  const [modern, legacy, ours] = [await modernEngine(), legacyEngine(), ourEngine()];

  for (const sentence of catalogue.flatMap(sentencesOf)) {
    assert.deepEqual(legacy.matches(sentence), modern.matches(sentence), sentence);
    assert.deepEqual(ours.matches(sentence), modern.matches(sentence), sentence);
  }
});

test('the engine of cucumber 6 is the one that is tested', () => {
  assert.match(legacyEngine().version, /^8\./);
});

test('a step is found by its id', () => {
  assert.equal(stepById('client.sends').expression, '{client} sends {bytes}');
  assert.throws(() => stepById('client.sings'), /there is no step "client.sings"/);
});
