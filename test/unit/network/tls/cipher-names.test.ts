import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { getCiphers } from 'node:tls';
import { cipherNames, opensslName, readCipherList } from '../../../../src/network/tls/cipher-names';

test('the table of cipher names has every suite that Node knows, and no other', () => {
  const known = cipherNames().map((name) => opensslName(name));

  assert.deepEqual(
    [...known].sort(),
    getCiphers()
      .map((name) => name.toUpperCase())
      .sort(),
  );
});

test('the table of cipher names says what OpenSSL says', () => {
  const list = 'ALL:COMPLEMENTOFALL:@SECLEVEL=0';
  const { stdout, status } = spawnSync('openssl', ['ciphers', '-stdname', list], {
    encoding: 'utf8',
  });
  // Where there is no openssl the test above is all there is.
  if (status !== 0) return;
  const told = new Map(
    stdout.split('\n').map((line) => {
      const [iana = '', , name = ''] = line.trim().split(/\s+/);
      return [iana, name] as const;
    }),
  );

  for (const name of cipherNames()) {
    const expected = told.get(name);
    if (expected !== undefined) assert.equal(opensslName(name), expected);
  }
  assert.ok(cipherNames().filter((name) => told.has(name)).length >= 60);
});

test('a list of suites is translated, and tells which versions it serves', () => {
  const both = readCipherList(['TLS_AES_128_GCM_SHA256', 'TLS_RSA_WITH_AES_128_CBC_SHA']);

  assert.equal(both.ciphers, 'TLS_AES_128_GCM_SHA256:AES128-SHA');
  assert.deepEqual([both.serves('TLSv1.3'), both.serves('TLSv1.2')], [true, true]);
  const old = readCipherList(['TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256']);
  assert.equal(old.ciphers, 'ECDHE-RSA-CHACHA20-POLY1305');
  assert.deepEqual([old.serves('TLSv1.3'), old.serves('TLSv1.1')], [false, true]);
});

test('without a wish, and with a text for OpenSSL, nothing is translated', () => {
  assert.equal(readCipherList(undefined).ciphers, undefined);
  assert.equal(readCipherList([]).ciphers, undefined);
  assert.equal(readCipherList({ openssl: 'ALL:@SECLEVEL=0' }).ciphers, 'ALL:@SECLEVEL=0');
});

test('unknown suites are refused, all of them by name', () => {
  assert.throws(() => readCipherList(['AES128-SHA', 'TLS_AES_128_GCM_SHA256', 'x']), {
    code: 'ETLSCONFIG',
    field: 'secureSocket.ciphers',
    message: 'ciphers: no cipher suite is called "AES128-SHA", "x"',
  });
});

test('of a list that may have strangers those are taken that are known, unless none is', () => {
  const known = readCipherList({ anyOf: ['x', 'TLS_RSA_WITH_AES_128_CBC_SHA', 'y'] });
  assert.equal(known.ciphers, 'AES128-SHA');
  assert.deepEqual([known.serves('TLSv1.3'), known.serves('TLSv1.2')], [false, true]);

  assert.equal(readCipherList({ anyOf: [] }).ciphers, undefined);
  assert.throws(() => readCipherList({ anyOf: ['x', 'y'] }), {
    message: 'ciphers: no cipher suite is called "x", "y"',
  });
});

test('suites of a shared secret are known, and refused with the reason', () => {
  const names = cipherNames().filter((name) => /PSK|SRP/.test(name));

  assert.ok(names.length >= 20);
  for (const name of names) {
    assert.throws(() => readCipherList(['TLS_AES_128_GCM_SHA256', name]), {
      code: 'ETLSCONFIG',
      message: `ciphers: "${name}" needs a secret that both ends know beforehand (PSK or SRP), which is not supported`,
    });
  }
  const [psk = ''] = names;
  assert.equal(
    readCipherList({ anyOf: [psk, 'TLS_RSA_WITH_AES_128_CBC_SHA'] }).ciphers,
    'AES128-SHA',
  );
  assert.throws(() => readCipherList({ anyOf: [psk] }), { message: /needs a secret/ });
});
