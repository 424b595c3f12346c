import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { describeDifference, formatDifference } from '../../../src/base/byte-difference';
import { literalBytes } from '../../../src/base/byte-literal';
import { firstDifference } from '../../../src/base/bytes';

const difference = (expected: string, received: string) =>
  formatDifference(literalBytes(expected), literalBytes(received)).split('\n');

test('a difference in binary bytes marks what differs and what is too much', () => {
  assert.deepEqual(difference('hex "00 03 aa bb cc"', 'hex "00 03 aa ff cc 0d 0a"'), [
    'first difference at byte 3',
    '          00 01 02 03 04 05 06',
    'expected  00 03 aa bb cc',
    'received  00 03 aa ff cc 0d 0a',
    '                   ^^    ++ ++      2 extra bytes: "\\r\\n"',
  ]);
});

test('a missing byte is shown as --', () => {
  assert.deepEqual(difference('hex "00 03 aa bb"', 'hex "00 03 aa"'), [
    'first difference at byte 3',
    '          00 01 02 03',
    'expected  00 03 aa bb',
    'received  00 03 aa --',
    '                   ^^      1 missing byte: hex "bb"',
  ]);
});

test('a difference in text points at the first character that differs', () => {
  assert.deepEqual(difference('"250 ok\\r\\n"', '"250 OK\\r\\n"'), [
    'first difference at byte 4',
    'expected  "250 ok\\r\\n"',
    'received  "250 OK\\r\\n"',
    '               ^',
  ]);
});

test('a difference in several lines of text names line and column', () => {
  assert.deepEqual(difference('"a\\r\\nb: 5\\r\\n"', '"a\\r\\nb: 6\\r\\n\\t"'), [
    'first difference at byte 6 (line 2, column 4)',
    'expected  "a\\r\\nb: 5\\r\\n"',
    'received  "a\\r\\nb: 6\\r\\n\\t"',
    '                   ^      1 extra byte: "\\t"',
  ]);
});

test('a difference in long text shows what is around it', () => {
  const [headline, expected, received, pointer] = formatDifference(
    Buffer.from(`${'a'.repeat(100)}x${'b'.repeat(100)}`),
    Buffer.from(`${'a'.repeat(100)}y${'b'.repeat(100)}`),
  ).split('\n');

  assert.equal(headline, 'first difference at byte 100');
  assert.equal(expected, `expected  … "${'a'.repeat(32)}x${'b'.repeat(31)}" …`);
  assert.equal(received, `received  … "${'a'.repeat(32)}y${'b'.repeat(31)}" …`);
  assert.equal(pointer?.indexOf('^'), expected?.indexOf('x', 10));
});

test('a difference far inside long bytes shows 8 bytes before and behind it', () => {
  const expected = Buffer.alloc(70_000, 0xa5);
  const received = Buffer.concat([expected, Buffer.alloc(100, 0xff)]);
  received[65_530] = 0x01;
  received[69_000] = 0x03;

  assert.deepEqual(formatDifference(expected, received).split('\n'), [
    'first difference at byte 65530',
    '0xfff2      f2 f3 f4 f5 f6 f7 f8 f9 fa fb fc fd fe ff 00 01 02',
    'expected  … a5 a5 a5 a5 a5 a5 a5 a5 a5 a5 a5 a5 a5 a5 a5 a5 a5 …',
    'received  … a5 a5 a5 a5 a5 a5 a5 a5 01 a5 a5 a5 a5 a5 a5 a5 a5 …',
    '                                    ^^                              100 extra bytes: 100 bytes of hex "ff"',
    '1 more byte differs behind byte 65538',
  ]);
});

test('the same bytes have no difference', () => {
  assert.equal(formatDifference(Buffer.from('a'), Buffer.from('a')), '');
  assert.equal(describeDifference(Buffer.from('a'), Buffer.from('a')), '');
});

test('a difference in one sentence names both bytes', () => {
  assert.equal(
    describeDifference(Buffer.from('LIST'), Buffer.from('list')),
    'differs at byte 0: expected 4c "L", got 6c "l"',
  );
  assert.equal(
    describeDifference(Buffer.from('LIST'), Buffer.from('LIS')),
    'differs at byte 3: expected 54 "T", got the end',
  );
  assert.equal(
    describeDifference(Buffer.from('"'), Buffer.of(0xff)),
    'differs at byte 0: expected 22 "\\"", got ff "\\xff"',
  );
});

test('every difference names the first byte that differs and stays short', () => {
  const two = fc.tuple(fc.uint8Array({ maxLength: 80 }), fc.uint8Array({ maxLength: 80 }));
  const near = fc
    .tuple(fc.uint8Array({ minLength: 1, maxLength: 400 }), fc.nat(), fc.nat(255))
    .map(([bytes, at, byte]) => [bytes, bytes.with(at % bytes.length, byte)] as const);
  fc.assert(
    fc.property(fc.oneof(two, near), ([expected, received]) => {
      const text = formatDifference(expected, received);
      const first = firstDifference(expected, received);
      if (first < 0) return assert.equal(text, '');
      assert.match(text, new RegExp(`^first difference at byte ${first}\\b`));
      assert.ok(text.split('\n').every((line) => line.length < 400 && line === line.trimEnd()));
    }),
  );
});
