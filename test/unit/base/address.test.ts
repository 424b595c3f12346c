import assert from 'node:assert/strict';
import { isIPv4 } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { familyOf, formatAddress } from '../../../src/base/address';

test('an address prints with its port, an IPv6 one in brackets', () => {
  assert.equal(formatAddress({ host: '127.0.0.1', port: 80 }), '127.0.0.1:80');
  assert.equal(formatAddress({ host: 'mail.test', port: 0 }), 'mail.test:0');
  assert.equal(formatAddress({ host: '::1', port: 65_535 }), '[::1]:65535');
});

for (const [host, family] of [
  ['127.0.0.1', 'IPv4'],
  ['255.255.255.255', 'IPv4'],
  ['256.0.0.1', undefined],
  ['1.2.3', undefined],
  ['1.2.3.4.5', undefined],
  ['1.2.3.04', undefined],
  ['1.2..4', undefined],
  ['::1', 'IPv6'],
  ['fe80::1%eth0', 'IPv6'],
  ['localhost', undefined],
  ['', undefined],
] as const) {
  test(`the family of "${host}" is ${family ?? 'unknown: a name'}`, () => {
    assert.equal(familyOf(host), family);
  });
}

test('the family of four numbers is IPv4 exactly where Node says so', () => {
  const part = fc.oneof(fc.nat(300).map(String), fc.constantFrom('00', '01', '', 'a', '1e1', ' 1'));
  fc.assert(
    fc.property(fc.array(part, { minLength: 3, maxLength: 5 }), (parts) => {
      const host = parts.join('.');
      assert.equal(familyOf(host) === 'IPv4', isIPv4(host));
    }),
    { numRuns: 500 },
  );
});
