import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { median, pairedRatio } from '../../../../scripts/bench/statistics';

test('a median is the middle figure, or the mean of the two in the middle', () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([4, 1, 3, 2]), 2.5);
});

test('a median has as many figures below it as above', () => {
  const figures = fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1 });
  fc.assert(
    fc.property(figures, (list) => {
      const middle = median(list);

      assert.equal(
        Math.sign(list.filter((figure) => figure < middle).length - list.length / 2) <= 0,
        true,
      );
      assert.ok(list.filter((figure) => figure > middle).length <= list.length / 2);
    }),
  );
});

test('a paired ratio compares what was measured in the same round', () => {
  assert.deepEqual(pairedRatio([10, 40, 90], [10, 20, 30]), { median: 2, least: 1, most: 3 });
});

test('a machine that slows down for a round does not change a paired ratio', () => {
  assert.deepEqual(pairedRatio([2, 0.2, 2], [1, 0.1, 1]), { median: 2, least: 2, most: 2 });
});

test('figures without a partner are refused', () => {
  assert.throws(() => pairedRatio([1, 2], [1]), /2 figures cannot be paired with 1/);
  assert.throws(() => pairedRatio([], []), /cannot be paired/);
});
