import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  expressionPattern,
  expressionVariants,
  fillExpression,
  placeholders,
} from '../../../src/steps/expression-text';

const types = new Map([['thing', { name: 'thing', regexps: [/a+/, /b+/] }]]);

test('placeholders are named in their order', () => {
  assert.deepEqual(placeholders('{client} sends {bytes} in {int} chunks'), [
    'client',
    'bytes',
    'int',
  ]);
});

test('a pattern has one group per placeholder and matches the whole sentence only', () => {
  const pattern = expressionPattern('the {thing} or {thing}', types);

  assert.deepEqual(pattern.exec('the aa or bbb')?.slice(1), ['aa', 'bbb']);
  assert.equal(pattern.exec('the aa or bbb!'), null);
  assert.equal(pattern.exec('the ab or bbb'), null);
});

test('a placeholder of an unknown type matches any text', () => {
  assert.deepEqual(
    expressionPattern('see {colour}', types).exec('see light blue')?.[1],
    'light blue',
  );
});

test('characters that mean something to a regular expression mean themselves', () => {
  const pattern = expressionPattern('what? [1+1] is $2.', types);

  assert.ok(pattern.test('what? [1+1] is $2.'));
  assert.ok(!pattern.test('wha [11] is $2x'));
});

test('variants are all readings of options and alternatives', () => {
  assert.deepEqual(expressionVariants('a/the door(s) is (still )open'), [
    'a doors is still open',
    'the doors is still open',
    'a doors is open',
    'the doors is open',
    'a door is still open',
    'the door is still open',
    'a door is open',
    'the door is open',
  ]);
});

test('every variant matches the pattern of its expression', () => {
  const expression = 'a/the door(s) is (still )open';
  const pattern = expressionPattern(expression, types);

  for (const variant of expressionVariants(expression)) assert.match(variant, pattern);
});

test('a filled expression takes the first alternative and drops optional text', () => {
  assert.equal(
    fillExpression('a/the {client} is (still )connected', ['client "a/b (c)"']),
    'a client "a/b (c)" is connected',
  );
});

test('a filled expression agrees in number', () => {
  const nouns = 'the {listener} has {int} open connection(s)';
  assert.equal(fillExpression(nouns, ['listener', '1']), 'the listener has 1 open connection');
  assert.equal(fillExpression(nouns, ['listener', '11']), 'the listener has 11 open connections');
  assert.equal(fillExpression('{duration} pass(es)', ['1 min']), '1 min passes');
  assert.equal(fillExpression('{duration} pass(es)', ['5 min']), '5 min pass');
});
