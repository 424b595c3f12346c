import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  alertNumber,
  type FailureFacts,
  failureOf,
} from '../../../../src/network/tls/tls-error-kind';

function told(code: string, message = '', more: Partial<FailureFacts> = {}): string {
  const {
    kind,
    code: ours,
    alert,
  } = failureOf({
    error: Object.assign(new Error(message), { code }),
    secured: false,
    foreign: false,
    recordsReceived: 1,
    ended: false,
    alert: undefined,
    ...more,
  });
  return [ours, kind, ...(alert === undefined ? [] : [alert.name])].join(' ');
}

test('an alert is read from its number, whose form differs between Node lines', () => {
  const old = 'C0A:error:0A000410:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure';
  assert.equal(alertNumber(new Error(`${old}:../ssl/record.c:1600:SSL alert number 40`)), 40);
  assert.equal(alertNumber(new Error(old)), 40);
  assert.equal(alertNumber(new Error('error:0A0000C1:SSL routines::no shared cipher')), undefined);
  assert.equal(alertNumber('no error'), undefined);
});

test('an alert that Node names in two ways is one kind', () => {
  const message = 'SSL alert number 40';
  const expected = 'ETLSHANDSHAKE alert-received handshake_failure';

  assert.equal(told('ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', message), expected);
  assert.equal(told('ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', message), expected);
});

test('every failure has one kind and one code', () => {
  const rows: readonly [string, string, Partial<FailureFacts>, string][] = [
    ['ECONNRESET', '', { ended: true }, 'ETLSCLOSED closed-in-handshake'],
    ['ECONNRESET', '', {}, 'ETLSCLOSED reset-in-handshake'],
    ['EPIPE', '', {}, 'ETLSCLOSED reset-in-handshake'],
    ['ECONNRESET', '', { foreign: true, ended: true }, 'ETLSNOTTLS not-tls'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', '', { recordsReceived: 0 }, 'ETLSNOTTLS not-tls'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', '', {}, 'ETLSHANDSHAKE bad-record'],
    ['ERR_SSL_BAD_RECORD_TYPE', '', { secured: true }, 'ETLSRECORD bad-record'],
    ['ERR_SSL_NO_SHARED_CIPHER', '', {}, 'ETLSHANDSHAKE no-shared-cipher'],
    ['ERR_SSL_UNEXPECTED_MESSAGE', '', {}, 'ETLSHANDSHAKE bad-message'],
    ['CERT_HAS_EXPIRED', '', {}, 'ETLSCERT cert-expired'],
    ['UNSPECIFIED', 'EE certificate key too weak', {}, 'ETLSCERT cert-weak'],
    [
      'UNSPECIFIED',
      'key usage does not include certificate signing',
      {},
      'ETLSCERT cert-chain-invalid',
    ],
    ['ECONNRESET', '', { authorizationError: 'INVALID_PURPOSE' }, 'ETLSCERT cert-wrong-usage'],
    ['ERR_SSL_X', 'SSL alert number 70', {}, 'ETLSHANDSHAKE version-mismatch protocol_version'],
    [
      'ERR_SSL_X',
      'SSL alert number 116',
      { secured: true },
      'ETLSCERT client-cert-missing certificate_required',
    ],
    [
      'ERR_SSL_X',
      'SSL alert number 20',
      { secured: true },
      'ETLSRECORD alert-received bad_record_mac',
    ],
    ['ERR_SSL_X', 'SSL alert number 250', {}, 'ETLSHANDSHAKE alert-received alert 250'],
    ['ERR_TLS_RENEGOTIATION_DISABLED', '', { secured: true }, 'ETLSRECORD renegotiation-refused'],
    ['ERR_TLS_HANDSHAKE_TIMEOUT', '', {}, 'ETLSTIMEOUT handshake-timeout'],
    ['ERR_NEW', '', {}, 'ETLSHANDSHAKE tls-other'],
    ['ERR_NEW', '', { secured: true }, 'ETLSRECORD tls-other'],
  ];
  for (const [code, message, more, expected] of rows) {
    assert.equal(told(code, message, more), expected, `${code} ${message}`);
  }
});
