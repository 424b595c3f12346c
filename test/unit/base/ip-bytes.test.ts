import assert from 'node:assert/strict';
import { isIPv6 } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { ipBytes, printIp } from '../../../src/base/ip-bytes';

for (const [host, hex] of [
  ['127.0.0.1', '7f000001'],
  ['::', '00'.repeat(16)],
  ['::1', `${'00'.repeat(15)}01`],
  ['fe80::1%eth0', 'fe800000000000000000000000000001'],
  ['2001:db8::a:0:0:1', '20010db800000000000a000000000001'],
] as const) {
  test(`${host} has its bytes in network order`, () => {
    assert.equal(Buffer.from(ipBytes(host) ?? []).toString('hex'), hex);
  });
}

test('an IPv4 address inside IPv6 is the IPv4 address', () => {
  assert.deepEqual(ipBytes('::ffff:10.0.0.2'), Uint8Array.of(10, 0, 0, 2));
});

for (const host of [
  'localhost',
  '',
  '1.2.3',
  '1::2::3',
  ':::',
  '1:2:3:4:5:6:7',
  '12345::',
  '::g',
]) {
  test(`"${host}" is no literal address`, () => {
    assert.equal(ipBytes(host), undefined);
  });
}

test('the bytes of an address print as one that has the same bytes', () => {
  const address = fc.oneof(
    fc.uint8Array({ minLength: 4, maxLength: 4 }),
    // Many zero groups, so that they are shortened.
    fc
      .array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 0xffff })), {
        minLength: 8,
        maxLength: 8,
      })
      .map((groups) => Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]))),
  );

  fc.assert(
    fc.property(address, (bytes) => {
      const text = printIp(bytes);
      const isMapped = Buffer.from(bytes)
        .toString('hex')
        .startsWith(`${'0'.repeat(20)}ffff`);

      assert.deepEqual(ipBytes(text), isMapped ? bytes.subarray(12) : bytes);
      assert.equal(isIPv6(text), bytes.length === 16);
    }),
  );
});

for (const [text, short] of [
  ['2001:0db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['1:0:2:0:3:0:4:0', '1:0:2:0:3:0:4:0'],
  ['1:0:0:0:0:0:0:0', '1::'],
] as const) {
  test(`${text} prints as ${short}`, () => {
    assert.equal(printIp(ipBytes(text) ?? new Uint8Array(0)), short);
  });
}
