import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type AlignedRun, alignRuns } from '../../../src/report/aligned-runs';

function costOf(runs: readonly AlignedRun[]): number {
  return runs.reduce((sum, [kind, count]) => sum + (kind === 'same' ? 0 : count), 0);
}

test('a byte that is missing leaves what follows it the same', () => {
  assert.deepEqual(alignRuns(Buffer.from('abcdef'), Buffer.from('abdef')), [
    ['same', 2],
    ['missing', 1],
    ['same', 3],
  ]);
});

test('a byte that is too much leaves what follows it the same', () => {
  assert.deepEqual(alignRuns(Buffer.from('abc'), Buffer.from('xabc')), [
    ['extra', 1],
    ['same', 3],
  ]);
});

test('equal sequences are one run, empty ones none', () => {
  assert.deepEqual(alignRuns([1, 2], [1, 2]), [['same', 2]]);
  assert.deepEqual(alignRuns([], []), []);
  assert.deepEqual(alignRuns([], [1]), [['extra', 1]]);
});

test('middles too long to be aligned exactly are compared place by place', () => {
  const expected = new Uint8Array(2_000).fill(1);
  const received = new Uint8Array(3_000).fill(2);

  assert.deepEqual(alignRuns(expected, received), [
    ['changed', 2_000],
    ['extra', 1_000],
  ]);
});

test('an alignment takes every item of both sides once, the same ones under each other', () => {
  const bytes = fc.array(fc.constantFrom(1, 2, 3), { maxLength: 24 });
  fc.assert(
    fc.property(bytes, bytes, (expected, received) => {
      let [left, right] = [0, 0];
      for (const [kind, count] of alignRuns(expected, received)) {
        for (let at = 0; at < count; at++) {
          if (kind === 'same') assert.equal(expected[left], received[right]);
          if (kind === 'changed') assert.notEqual(expected[left], received[right]);
          if (kind !== 'extra') left++;
          if (kind !== 'missing') right++;
        }
      }

      assert.deepEqual([left, right], [expected.length, received.length]);
    }),
  );
});

test('no alignment is dearer than comparing place by place, or than one edit', () => {
  const bytes = fc.array(fc.constantFrom(1, 2, 3), { minLength: 1, maxLength: 24 });
  fc.assert(
    fc.property(bytes, fc.nat(), fc.constantFrom(1, 2, 3), (expected, where, item) => {
      const at = where % expected.length;
      const without = expected.toSpliced(at, 1);
      const inserted = expected.toSpliced(at, 0, item);

      assert.equal(costOf(alignRuns(expected, without)), 1);
      assert.equal(costOf(alignRuns(expected, inserted)), 1);
    }),
  );
});
