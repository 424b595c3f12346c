import assert from 'node:assert/strict';
import { constants } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { tlsVersions, versionRange } from '../../../../src/network/tls/version-range';
import type { TlsVersion } from '../../../../src/network/tls-settings';

const all = (): boolean => true;

test('without versions the defaults of Node stay', () => {
  assert.deepEqual(versionRange(undefined, all), { weak: false });
  assert.deepEqual(versionRange([], all), { weak: false });
});

test('a set of versions is its ends, and bits for what lies between and is not in it', () => {
  assert.deepEqual(versionRange(['TLSv1.2', 'TLSv1'], all), {
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.2',
    secureOptions: constants.SSL_OP_NO_TLSv1_1,
    weak: true,
  });
});

test('a set of versions is served exactly, whatever is in it', () => {
  const off: Record<TlsVersion, number> = {
    TLSv1: constants.SSL_OP_NO_TLSv1,
    'TLSv1.1': constants.SSL_OP_NO_TLSv1_1,
    'TLSv1.2': constants.SSL_OP_NO_TLSv1_2,
    'TLSv1.3': constants.SSL_OP_NO_TLSv1_3,
  };
  fc.assert(
    fc.property(fc.subarray([...tlsVersions], { minLength: 1 }), (versions) => {
      const { minVersion, maxVersion, secureOptions = 0, weak } = versionRange(versions, all);
      const from = tlsVersions.indexOf(minVersion ?? 'TLSv1');
      const upTo = tlsVersions.indexOf(maxVersion ?? 'TLSv1.3');
      const served = tlsVersions.filter(
        (version, index) => index >= from && index <= upTo && (secureOptions & off[version]) === 0,
      );
      assert.deepEqual(served, versions);
      assert.equal(
        weak,
        versions.some((version) => version < 'TLSv1.2'),
      );
    }),
  );
});

test('suites of old versions cap the version, and new ones raise it', () => {
  const old = versionRange(undefined, (version) => version !== 'TLSv1.3');
  const fresh = versionRange(undefined, (version) => version === 'TLSv1.3');

  assert.deepEqual([old.minVersion, old.maxVersion], ['TLSv1.2', 'TLSv1.2']);
  assert.deepEqual([fresh.minVersion, fresh.maxVersion], ['TLSv1.3', 'TLSv1.3']);
});

test('an unknown version, and suites that leave none, are refused', () => {
  assert.throws(() => versionRange(['SSLv3' as TlsVersion], all), {
    code: 'ETLSCONFIG',
    message: 'protocol.versions must be of TLSv1, TLSv1.1, TLSv1.2, TLSv1.3, got "SSLv3"',
  });
  assert.throws(() => versionRange(['TLSv1.3'], (version) => version !== 'TLSv1.3'), {
    code: 'ETLSCONFIG',
    message: 'ciphers has no suite that TLSv1.3 could use',
  });
});
