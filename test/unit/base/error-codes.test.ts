import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorCodes } from '../../../src/base/error-codes';

const phases = [
  'config',
  'connect',
  'handshake',
  'read',
  'write',
  'close',
  'accept',
  'handler',
  'deadline',
];

test('the table of error codes is closed: these and no others', () => {
  assert.deepEqual(Object.keys(errorCodes), [
    'ECONFIG',
    'ESTATE',
    'EBUSY',
    'ENOTFOUND',
    'ECONNREFUSED',
    'ECONNECTTIMEOUT',
    'EUNREACHABLE',
    'EADDRNOTAVAIL',
    'EADDRINUSE',
    'EREADTIMEOUT',
    'EWRITETIMEOUT',
    'EPEERCLOSED',
    'ECLOSED',
    'ECONNRESET',
    'EKEEPALIVE',
    'EIDLETIMEOUT',
    'ELIMIT',
    'EFRAME',
    'ETLSCONFIG',
    'ETLSTIMEOUT',
    'ETLSNOTTLS',
    'ETLSCLOSED',
    'ETLSCERT',
    'ETLSHANDSHAKE',
    'ETLSRECORD',
    'EHANDLER',
    'EDEADLINE',
    'ECAPTUREFILE',
    'ECAPTUREFORMAT',
    'EINVALIDFAULT',
    'ETOXICEXISTS',
    'ETOXICNOTFOUND',
    'EPROXYEXISTS',
    'EPROXYNOTFOUND',
    'ABORT_ERR',
    'ESYSTEM',
  ]);
});

for (const [code, { phases: own, when }] of Object.entries(errorCodes)) {
  test(`the error code ${code} has known phases, each once, and a plain meaning`, () => {
    assert.match(code, /^(?:E[A-Z]+|ABORT_ERR)$/);
    assert.ok(own.length > 0);
    assert.equal(new Set(own).size, own.length);
    assert.deepEqual(
      own.filter((phase) => !phases.includes(phase)),
      [],
    );
    assert.match(when, /^[a-zA-Z].*[^.]$/);
  });
}

test('every phase is one in which some code can be raised', () => {
  const used = new Set(Object.values(errorCodes).flatMap((entry) => entry.phases));

  assert.deepEqual([...used].sort(), [...phases].sort());
});
