import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { literalBytes } from '../../../src/base/byte-literal';
import { printBytes, printBytesShortened } from '../../../src/base/byte-literal-printer';

for (const [hex, text] of [
  ['', '""'],
  ['50494e470d0a', '"PING\\r\\n"'],
  ['0d', '"\\r"'],
  ['5c22', "'\\\\\"'"],
  ['2227', '"\\"\'"'],
  ['2222', '\'""\''],
  ['616263ff', '"abc\\xff"'],
  ['6162ffff', 'hex "61 62 ff ff"'],
  ['0003aaffcc0d0a', 'hex "00 03 aa ff cc 0d 0a"'],
  ['61'.repeat(13), '"aaaaaaaaaaaaa"'],
  ['61'.repeat(14), '14 bytes of "a"'],
  ['61'.repeat(65_536), '64 KiB of "a"'],
  ['ff'.repeat(1000), '1000 bytes of hex "ff"'],
  ['0102'.repeat(50), '100 bytes of hex "01 02"'],
  [`${'0102'.repeat(50)}01`, '101 bytes of hex "01 02"'],
] as const) {
  test(`the bytes ${hex.slice(0, 24) || 'none'} (${hex.length / 2}) print as ${text}`, () => {
    assert.equal(printBytes(Buffer.from(hex, 'hex')), text);
  });
}

test('a long repeated piece is found', () => {
  const piece = 'the quick brown fox jumps over the lazy dog\r\n';

  assert.equal(
    printBytes(Buffer.from(piece.repeat(100))),
    '4500 bytes of "the quick brown fox jumps over the lazy dog\\r\\n"',
  );
});

const byteStrings = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.uint8Array({ min: 0x20, max: 0x7f, maxLength: 60 }),
  fc
    .tuple(fc.uint8Array({ minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 3000 }))
    .map(([unit, size]) => Buffer.alloc(size, unit)),
);

test('every byte string reads back from what is printed', () => {
  fc.assert(
    fc.property(byteStrings, (bytes) => {
      assert.deepEqual(Buffer.from(literalBytes(printBytes(bytes))), Buffer.from(bytes));
    }),
    { numRuns: 1_000 },
  );
});

test('what is printed is plain printable ASCII', () => {
  fc.assert(
    fc.property(byteStrings, (bytes) => {
      assert.match(printBytes(bytes), /^[ -~]+$/);
    }),
  );
});

test('bytes up to the limit of a message are shown whole', () => {
  const bytes = Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * index) & 0xff));

  assert.equal(printBytesShortened(bytes), printBytes(bytes));
});

test('longer bytes in a message keep their first and last 2 KiB', () => {
  const bytes = Buffer.from(
    Array.from({ length: 65_536 }, (_, index) => 0x20 + ((index * index) % 89)),
  );

  const shortened = printBytesShortened(bytes);
  const [head = '', left, tail = ''] = shortened.split(' … ');

  assert.equal(left, '61 440 bytes');
  assert.deepEqual(literalBytes(head), bytes.subarray(0, 2048));
  assert.deepEqual(literalBytes(tail), bytes.subarray(65_536 - 2048));
});

test('a long repetition in a message stays whole', () => {
  assert.equal(printBytesShortened(Buffer.alloc(1_048_576, 'a')), '1 MiB of "a"');
});
