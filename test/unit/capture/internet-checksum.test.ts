import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checksumOf, sumRange, wordsOf } from '../../../src/capture/internet-checksum';

/** The sum as RFC 1071 describes it, byte by byte. */
function plainChecksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) {
    sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    if (sum > 0xffff) sum -= 0xffff;
  }
  return ~sum & 0xffff;
}

test('the example of RFC 1071 has its checksum', () => {
  const bytes = Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7);

  assert.equal(checksumOf(sumRange(bytes, wordsOf(bytes), 0, bytes.length)), ~0xddf2 & 0xffff);
});

test('the sum of any range in any memory is that of its bytes', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 300 }),
      fc.nat(7),
      fc.nat(),
      fc.nat(),
      (content, offset, one, other) => {
        const memory = new Uint8Array(offset + content.length + 3);
        const bytes = memory.subarray(offset, offset + content.length);
        bytes.set(content);
        const [from = 0, to = 0] = [one, other]
          .map((value) => value % (content.length + 1))
          .sort((left, right) => left - right);

        const sum = sumRange(bytes, wordsOf(bytes), from, to);

        assert.equal(checksumOf(sum), plainChecksum(content.subarray(from, to)));
      },
    ),
    { numRuns: 2_000 },
  );
});

test('the sum of many large words does not lose bits', () => {
  const bytes = new Uint8Array(65_483).fill(0xff);

  assert.equal(checksumOf(sumRange(bytes, wordsOf(bytes), 0, bytes.length)), plainChecksum(bytes));
});
