import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  formatByteCount,
  formatRate,
  formatSize,
  readRate,
  readSize,
} from '../../../src/base/size';

for (const [value, bytes] of [
  [0, 0],
  [512, 512],
  ['0 bytes', 0],
  ['1 byte', 1],
  ['200 bytes', 200],
  ['7B', 7],
  ['1 kB', 1_000],
  ['1 KB', 1_000],
  ['64 KiB', 65_536],
  ['64KiB', 65_536],
  ['2 MB', 2_000_000],
  ['2 MiB', 2_097_152],
  ['1 GB', 1_000_000_000],
  ['1 GiB', 1_073_741_824],
  ['1.5 KiB', 1_536],
  ['0.3 KiB', 307],
] as const) {
  test(`the size ${JSON.stringify(value)} is ${bytes} bytes`, () => {
    assert.equal(readSize('max', value), bytes);
  });
}

const sizeForm = "max must be a size such as 512 (bytes), '200 bytes' or '64 KiB'";
for (const [value, message] of [
  [-1, `${sizeForm}, got -1 (number)`],
  [1.5, `${sizeForm}, got 1.5 (number)`],
  [Number.POSITIVE_INFINITY, `${sizeForm}, got Infinity (number)`],
  ['', `${sizeForm}, got "" (string)`],
  ['12', `${sizeForm}, got "12" (string)`],
  ['64 kib', `${sizeForm}, got "64 kib" (string) (did you mean "KiB"?)`],
  ['1 toString', `${sizeForm}, got "1 toString" (string)`],
  ['64 KiB/s', `${sizeForm}, got "64 KiB/s" (string)`],
  ['99999999 GiB', `${sizeForm}, got "99999999 GiB" (string)`],
  [null, `${sizeForm}, got null`],
] as const) {
  test(`the size ${JSON.stringify(value)} is refused`, () => {
    assert.throws(() => readSize('max', value), { code: 'ECONFIG', field: 'max', message });
  });
}

for (const [value, rate] of [
  [10, 10],
  ['16 KiB/s', 16_384],
  ['64KiB/s', 65_536],
  ['10 B/s', 10],
  ['1 MB per second', 1_000_000],
  ['0.5 B/s', 0.5],
] as const) {
  test(`the rate ${JSON.stringify(value)} is ${rate} bytes a second`, () => {
    assert.equal(readRate('rate', value), rate);
  });
}

for (const value of [
  0,
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  '0 B/s',
  '16 KiB',
  '16 /s',
  '16 KiB/min',
]) {
  test(`the rate ${JSON.stringify(value)} is refused`, () => {
    assert.throws(() => readRate('rate', value), { code: 'ECONFIG', field: 'rate' });
  });
}

test('every size reads back from its text', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.nat(30), (number, shift) => {
      const bytes = Math.min(Number.MAX_SAFE_INTEGER, (number % 1_000_000) * 2 ** shift);
      assert.equal(readSize('size', formatSize(bytes)), bytes);
      if (bytes > 0) assert.equal(readRate('rate', formatRate(bytes)), bytes);
    }),
  );
});

test('a size prints in the largest binary unit that is exact', () => {
  assert.deepEqual([0, 1, 1000, 1024, 1536, 65_536, 1_048_576, 2 ** 31].map(formatSize), [
    '0 bytes',
    '1 byte',
    '1000 bytes',
    '1 KiB',
    '1536 bytes',
    '64 KiB',
    '1 MiB',
    '2 GiB',
  ]);
  assert.deepEqual([1, 1000, 16_384].map(formatRate), ['1 B/s', '1000 B/s', '16 KiB/s']);
});

test('a count of bytes for people is grouped by thousands', () => {
  assert.deepEqual([0, 1, 999, 1000, 61_440, 1_234_567].map(formatByteCount), [
    '0 bytes',
    '1 byte',
    '999 bytes',
    '1 000 bytes',
    '61 440 bytes',
    '1 234 567 bytes',
  ]);
});
