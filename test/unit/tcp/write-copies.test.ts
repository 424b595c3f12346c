import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { copyOf } from '../../../src/tcp/write-copies';

test('a copy stays as it was, whatever else is copied and released meanwhile', () => {
  const lengths = fc.constantFrom(0, 1, 4_095, 4_096, 20_000, 40_000, 65_536, 65_537);
  const acts = fc.array(fc.record({ length: lengths, fill: fc.nat(255), release: fc.boolean() }));
  fc.assert(
    fc.property(acts, (list) => {
      const kept = list.flatMap(({ length, fill, release }) => {
        const source = new Uint8Array(length).fill(fill);
        const copy = copyOf(source);
        source.fill(fill ^ 0xff);
        if (!release) return [{ copy, length, fill }];
        copy.release();
        return [];
      });
      for (const { copy, length, fill } of kept) {
        assert.equal(copy.bytes.byteLength, length);
        assert.ok(copy.bytes.every((byte) => byte === fill));
      }
    }),
  );
});

test('released memory is used again, and once only', () => {
  const source = new Uint8Array(50_000);
  const first = copyOf(source);
  const { buffer } = first.bytes;
  first.release();
  first.release();

  assert.equal(copyOf(source).bytes.buffer, buffer);
  assert.notEqual(copyOf(source).bytes.buffer, buffer);
});
