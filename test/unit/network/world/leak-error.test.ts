import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TcpError } from '../../../../src/base/errors';
import type { LeakReport } from '../../../../src/network/scope';
import { assertClean, LeakError } from '../../../../src/network/world/leak-error';
import { createScope } from '../../../../src/network/world/scope';

const report: LeakReport = {
  connections: [
    {
      id: 'c1',
      label: 'client alice',
      state: 'established',
      ended: 'none',
      unreadInReceiveBuffer: -1,
      unreadInStream: 3,
      unsent: 12,
      inFlight: -1,
      finSent: false,
      finReceived: false,
    },
  ],
  endpoints: ['mail (127.0.0.1:25)'],
  timers: [
    { label: 'read of client alice', dueUs: 1_204_000 },
    { label: 'for ever', dueUs: Number.POSITIVE_INFINITY },
  ],
  pendingReads: ['readBytes of client alice'],
  pendingWrites: ['write of client bob'],
  others: ['proxy mail'],
  unhandledErrors: [new RangeError('too far')],
  clean: false,
};

test('a leak reads as one line of counts and one line per thing', () => {
  assert.equal(
    new LeakError('scope "scenario 1"', report).message,
    [
      'scope "scenario 1" is not clean: 1 connection, 1 endpoint, 2 timers, 1 pending read, ' +
        '1 pending write, 1 other thing, 1 unhandled error',
      '  connection  c1 client alice: established, 3 bytes unread, 12 bytes unsent',
      '  endpoint    mail (127.0.0.1:25)',
      '  timer       read of client alice, due at 1.204 s',
      '  timer       for ever, due at never',
      '  read        readBytes of client alice',
      '  write       write of client bob',
      '  other       proxy mail',
      '  unhandled   RangeError: too far',
    ].join('\n'),
  );
});

test('a LeakError is a verdict, not a TcpError', () => {
  const error = new LeakError('scope "scenario 1"', report);

  assert.equal(TcpError.is(error), false);
  assert.equal(error.name, 'LeakError');
  assert.equal(error.report, report);
});

test('assertClean passes a clean scope and throws for one that is not', () => {
  const scope = createScope('scenario 1');
  assertClean(scope);

  scope.own({ kind: 'other', dispose: () => undefined }, 'proxy mail');

  assert.throws(
    () => assertClean(scope),
    /^LeakError: scope "scenario 1" is not clean: 1 other thing/,
  );
});
