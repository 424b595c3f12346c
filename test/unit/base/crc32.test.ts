import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 as referenceCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { crc32 } from '../../../src/base/crc32';

test('crc32 is the checksum of zip', () => {
  assert.equal(crc32(Buffer.from('123456789')), 0xcbf43926);
  assert.equal(crc32(new Uint8Array()), 0);
});

test('crc32 is the same by tables and by the native function, at every length', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(3), (bytes, skipped) => {
      const view = bytes.subarray(skipped);
      assert.equal(crc32(view), referenceCrc32(view));
    }),
  );
});

test('crc32 takes four bytes a step and the rest one by one', () => {
  for (let length = 0; length < 200; length++) {
    const bytes = Buffer.alloc(length, 'brine');
    assert.equal(crc32(bytes), referenceCrc32(bytes), `${length} bytes`);
  }
});
