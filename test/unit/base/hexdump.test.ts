import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hexdump } from '../../../src/base/hexdump';

test('a hexdump shows 16 bytes a line with offset and printable text', () => {
  assert.equal(
    hexdump(Buffer.from('PING\r\nhello, world \x7f\xff', 'latin1')),
    [
      '00000000  50 49 4e 47 0d 0a 68 65  6c 6c 6f 2c 20 77 6f 72  PING..hello, wor',
      '00000010  6c 64 20 7f ff                                    ld ..',
    ].join('\n'),
  );
});

test('a hexdump of nothing is empty', () => {
  assert.equal(hexdump(new Uint8Array()), '');
});

test('a hexdump counts from the offset that is given', () => {
  assert.match(hexdump(Buffer.from('a'), { offset: 0x1_0000_0000 }), /^100000000 {2}61 /);
});

test('a hexdump above its limit keeps whole lines of both ends and says how much is left out', () => {
  const bytes = Buffer.from(Array.from({ length: 301 }, (_, index) => index & 0xff));

  const lines = hexdump(bytes, { limit: 64 }).split('\n');

  assert.deepEqual(
    lines.map((line) => line.slice(0, 13)),
    ['00000000  00 ', '00000010  10 ', '… 240 bytes …', '00000110  10 ', '00000120  20 '],
  );
});

test('a hexdump just above its limit leaves nothing out that fits', () => {
  const lines = hexdump(Buffer.alloc(33), { limit: 32 }).split('\n');

  assert.deepEqual(
    lines.map((line) => line.slice(0, 12)),
    ['00000000  00', '… 16 bytes …', '00000020  00'],
  );
});
