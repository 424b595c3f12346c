import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { numberTypes, readNumber, widthOf } from '../../../src/base/number-field';

for (const [type, hex, value] of [
  ['u8', 'ff', 255],
  ['i8', 'ff', -1],
  ['u16be', '0102', 0x0102],
  ['u16le', '0102', 0x0201],
  ['i16be', 'fffe', -2],
  ['i16le', 'feff', -2],
  ['u24be', '010203', 0x010203],
  ['u24le', '010203', 0x030201],
  ['u32be', 'ffffffff', 4_294_967_295],
  ['u32le', '01000000', 1],
  ['i32be', 'ffffffff', -1],
  ['i32le', 'feffffff', -2],
  ['u64be', '001fffffffffffff', Number.MAX_SAFE_INTEGER],
  ['u64be', '0020000000000000', 0x20_0000_0000_0000n],
  ['u64le', 'ffffffffffffffff', 0xffff_ffff_ffff_ffffn],
  ['f32be', '3fc00000', 1.5],
  ['f32le', '0000c03f', 1.5],
  ['f64be', '3ff8000000000000', 1.5],
  ['f64le', '000000000000f83f', 1.5],
  ['varint', '7f', 127],
  ['varint', 'ac02', 300],
  ['varint', '8000', 0],
  ['varint', 'ffffffffffffffffff01', 0xffff_ffff_ffff_ffffn],
] as const) {
  test(`${hex} read as ${type} is ${value}`, () => {
    const bytes = Buffer.from(`aa${hex}bb`, 'hex');

    assert.deepEqual(readNumber(bytes, 1, type), { value, length: hex.length / 2 });
  });
}

test('a number whose bytes are cut off is short, in every form', () => {
  for (const type of numberTypes) {
    const bytes = Buffer.alloc(widthOf(type) - 1 || 1, 0x80);
    const offset = widthOf(type) === 1 ? 1 : 0;
    assert.equal(readNumber(bytes, offset, type), 'short', type);
  }
});

test('a varint of more than 10 bytes or 64 bits is too long', () => {
  assert.equal(readNumber(Buffer.alloc(20, 0x80), 0, 'varint'), 'long');
  assert.equal(readNumber(Buffer.from('ffffffffffffffffff02', 'hex'), 0, 'varint'), 'long');
});

test('every 64-bit value survives as a varint', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn }), (value) => {
      const bytes: number[] = [];
      let rest = value;
      do {
        bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
        rest >>= 7n;
      } while (rest > 0n);
      const field = readNumber(Uint8Array.from(bytes), 0, 'varint');
      assert.ok(typeof field === 'object');
      assert.equal(BigInt(field.value), value);
      assert.equal(field.length, bytes.length);
    }),
  );
});
