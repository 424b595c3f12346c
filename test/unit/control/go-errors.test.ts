import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TcpError } from '../../../src/base/errors';
import { toApiError } from '../../../src/control/api-errors';
import { badAddressText, goListenText } from '../../../src/control/go-errors';
import { listenFailure } from '../../../src/tcp/system-error';

const rows: readonly (readonly [cause: object, text: string | undefined])[] = [
  [
    { code: 'EADDRINUSE', address: '127.0.0.1', port: 3310 },
    'listen tcp 127.0.0.1:3310: bind: address already in use',
  ],
  [{ code: 'EADDRINUSE' }, 'listen tcp host:80: bind: address already in use'],
  [{ code: 'EACCES', address: '::1', port: 80 }, 'listen tcp [::1]:80: bind: permission denied'],
  [
    { code: 'EADDRNOTAVAIL', address: '203.0.113.1', port: 80 },
    'listen tcp 203.0.113.1:80: bind: cannot assign requested address',
  ],
  [{ code: 'ENOTFOUND', hostname: 'nohost' }, 'listen tcp: lookup nohost: no such host'],
  [{ code: 'EAI_AGAIN' }, 'listen tcp: lookup host: no such host'],
  [{ code: 'EMFILE' }, undefined],
];

for (const [cause, text] of rows) {
  test(`a listen that failed by ${JSON.stringify(cause)} reads as in Go`, () => {
    assert.equal(goListenText(listenFailure(cause, { host: 'host', port: 80 })), text);
  });
}

test('addresses are split as Go splits them', () => {
  const texts = ['host:80', '[::1]:80', ':80', 'host', 'host:', '[::1]', '[::1:80', '::1:80'];
  assert.deepEqual(texts.map(badAddressText), [
    undefined,
    undefined,
    undefined,
    'address host: missing port in address',
    'address host:: missing port in address',
    'address [::1]: missing port in address',
    "address [::1:80: missing ']' in address",
    'address ::1:80: too many colons in address',
  ]);
  assert.equal(badAddressText('host:-1'), 'address -1: invalid port');
  assert.equal(badAddressText('host:http'), 'lookup tcp/http: unknown port');
});

test('what is no refusal of ours is answered with 500', () => {
  const state = new TcpError('proxy a is closed', { code: 'ESTATE', phase: 'config' });

  assert.deepEqual([toApiError(state).status, toApiError(state).message], [500, state.message]);
  assert.equal(toApiError(new RangeError('x')).message, 'internal: RangeError: x');
});
