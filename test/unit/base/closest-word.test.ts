import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { closestWord, editDistance, suggestion } from '../../../src/base/closest-word';

for (const [left, right, distance] of [
  ['', '', 0],
  ['', 'abc', 3],
  ['rest', 'reset', 1],
  ['rset', 'rest', 1],
  ['kitten', 'sitting', 3],
  ['ab', 'ba', 1],
  ['abc', 'cab', 2],
] as const) {
  test(`"${left}" and "${right}" are ${distance} edits apart`, () => {
    assert.equal(editDistance(left, right), distance);
  });
}

test('the edit distance is a distance: 0 only for the same word, and the same both ways', () => {
  const word = fc.stringMatching(/^[abc]{0,6}$/);
  fc.assert(
    fc.property(word, word, (left, right) => {
      const distance = editDistance(left, right);
      assert.equal(distance === 0, left === right);
      assert.equal(distance, editDistance(right, left));
      assert.ok(distance >= Math.abs(left.length - right.length));
      assert.ok(distance <= Math.max(left.length, right.length));
    }),
  );
});

test('a misspelt word finds the nearest known one, whatever the case of its letters', () => {
  const known = ['reset', 'close', 'half-close'];

  assert.equal(closestWord('rest', known), 'reset');
  assert.equal(closestWord('CLOSE', known), 'close');
  assert.equal(closestWord('half-clsoe', known), 'half-close');
});

test('a word far from every known one suggests nothing', () => {
  assert.equal(closestWord('xyz', ['reset', 'close']), undefined);
  assert.equal(closestWord('anything', []), undefined);
  assert.equal(suggestion('xyz', ['reset']), '');
});

test('of equally near words the first known one is taken', () => {
  assert.equal(closestWord('bat', ['cat', 'hat']), 'cat');
});

test('a suggestion is ready to follow a message', () => {
  assert.equal(suggestion('rest', ['reset']), ' (did you mean "reset"?)');
});
