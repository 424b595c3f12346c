import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { asBuffer, bytesEqual, firstDifference } from '../../../src/base/bytes';

test('asBuffer looks at the same memory, also at a part of it', () => {
  const memory = Uint8Array.of(1, 2, 3, 4);
  const part = memory.subarray(1, 3);
  const buffer = asBuffer(part);

  memory[1] = 9;

  assert.deepEqual([...buffer], [9, 3]);
  assert.equal(asBuffer(buffer), buffer);
});

test('byte strings are the same when length and bytes are, whatever holds them', () => {
  assert.ok(bytesEqual(Buffer.from('abc').subarray(1), Uint8Array.of(0x62, 0x63)));
  assert.ok(bytesEqual(new Uint8Array(), Buffer.alloc(0)));
  assert.ok(!bytesEqual(Buffer.from('ab'), Buffer.from('abc')));
  assert.ok(!bytesEqual(Buffer.from('ab'), Buffer.from('ac')));
});

test('the first difference is a byte or the end of the shorter one', () => {
  assert.equal(firstDifference(Buffer.from('abc'), Buffer.from('abd')), 2);
  assert.equal(firstDifference(Buffer.from('ab'), Buffer.from('abc')), 2);
  assert.equal(firstDifference(Buffer.from(''), Buffer.from('')), -1);
});

test('in front of the first difference all bytes agree, and there is none only between equals', () => {
  const bytes = fc.uint8Array({ max: 1, maxLength: 6 });
  fc.assert(
    fc.property(bytes, bytes, (left, right) => {
      const first = firstDifference(left, right);
      assert.equal(first === -1, bytesEqual(left, right));
      if (first < 0) return;
      assert.ok(bytesEqual(left.subarray(0, first), right.subarray(0, first)));
      assert.notEqual(left[first], right[first]);
    }),
  );
});
