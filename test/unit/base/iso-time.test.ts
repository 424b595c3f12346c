import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { printIsoTime, readIsoTime } from '../../../src/base/iso-time';

test('an instant prints as Date prints it, without digits that are zero', () => {
  // Years 1583 to 9999.
  const instant = fc.integer({ min: -12_212_553_600_000, max: 253_402_300_799_999 });

  fc.assert(
    fc.property(instant, (ms) => {
      assert.equal(printIsoTime(ms), new Date(ms).toISOString().replace('.000Z', 'Z'));
    }),
  );
});

test('a printed instant is read back to the microsecond', () => {
  const microseconds = fc.integer({ min: 0, max: 4_102_444_800_000_000 });

  fc.assert(
    fc.property(microseconds, (us) => {
      assert.equal(readIsoTime(printIsoTime(us / 1_000)), us / 1_000);
    }),
  );
});

for (const text of [
  '2023-02-29T00:00:00Z',
  '2023-13-01T00:00:00Z',
  '2023-11-14T24:00:00Z',
  '2023-11-14 22:13:20',
  '2023-11-14T22:13:20',
  'yesterday',
]) {
  test(`"${text}" is no instant`, () => {
    assert.equal(readIsoTime(text), undefined);
  });
}
