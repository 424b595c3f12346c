import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  abortError,
  configError,
  describeValue,
  raisedByTime,
  refusal,
  TcpError,
} from '../../../src/base/errors';

const refused = { code: 'ECONNREFUSED', phase: 'connect' } as const;

test('a TcpError is an Error with code, phase and counts of 0', () => {
  const error = new TcpError('connect to 127.0.0.1:1 refused', refused);

  assert.ok(error instanceof Error);
  assert.equal(error.name, 'TcpError');
  assert.equal(String(error), 'TcpError: connect to 127.0.0.1:1 refused');
  assert.deepEqual({ ...error }, { ...refused, bytesRead: 0, bytesFlushed: 0 });
  assert.ok(!('cause' in error));
});

test('a TcpError keeps every fact it is given', () => {
  const facts = {
    field: 'a.b',
    handler: 'onBytes',
    remote: { host: '::1', port: 1, family: 'IPv6' },
    local: { host: '::1', port: 2, family: 'IPv6' },
    connectionId: 'c1',
    bytesRead: 3,
    bytesFlushed: 4,
    partial: Uint8Array.of(1),
    compatMessage: 'x',
  } as const;

  assert.deepEqual({ ...new TcpError('m', { ...refused, ...facts }) }, { ...refused, ...facts });
});

test('a TcpError keeps its cause, also one that is undefined', () => {
  const cause = new Error('raw');

  assert.equal(new TcpError('m', { ...refused, cause }).cause, cause);
  assert.ok('cause' in new TcpError('m', { ...refused, cause: undefined }));
});

test('an aborted call is called AbortError, as Node calls it', () => {
  const reason = new Error('enough');
  const error = abortError('read', 'read', reason, { connectionId: 'c1' });

  assert.equal(error.name, 'AbortError');
  assert.equal(error.message, 'read aborted');
  assert.equal(error.code, 'ABORT_ERR');
  assert.equal(error.cause, reason);
  assert.equal(error.connectionId, 'c1');
  assert.ok(TcpError.is(error));
});

test('TcpError.is knows errors of another copy of the package and nothing else', () => {
  const foreign = Object.assign(new Error('m'), { [Symbol.for('brine.TcpError')]: true });

  assert.ok(TcpError.is(new TcpError('m', refused)));
  assert.ok(TcpError.is(foreign));
  for (const value of [new Error('m'), {}, null, undefined, 'TcpError', 5]) {
    assert.equal(TcpError.is(value), false);
  }
});

test('a refused option says what it must be and what came', () => {
  const error = configError('remotePort', 'a port from 1 to 65535', '80a');

  assert.equal(error.message, 'remotePort must be a port from 1 to 65535, got "80a" (string)');
  assert.deepEqual([error.code, error.phase, error.field], ['ECONFIG', 'config', 'remotePort']);
});

test('a refusal in words of its own keeps field and cause', () => {
  const cause = new Error('raw');

  assert.equal(refusal('literal', 'm', cause).cause, cause);
  assert.equal(refusal('literal', 'm').field, 'literal');
  assert.ok(!('cause' in refusal('literal', 'm')));
});

test('a value in a message shows its text and type', () => {
  class Thing {}
  assert.deepEqual(
    [
      'a"b',
      12,
      5n,
      true,
      null,
      undefined,
      [1, 2],
      {},
      Object.create(null),
      new Thing(),
      Symbol('s'),
      () => {},
    ].map(describeValue),
    [
      '"a\\"b" (string)',
      '12 (number)',
      '5 (bigint)',
      'true (boolean)',
      'null',
      'undefined',
      'an array of 2',
      'Object (object)',
      'an object (object)',
      'Thing (object)',
      'Symbol(s) (symbol)',
      'anonymous (function)',
    ],
  );
});

test('an error that time alone has raised takes no stack, and the next one does', () => {
  const late = raisedByTime(
    () => new TcpError('too late', { code: 'EREADTIMEOUT', phase: 'read' }),
  );

  assert.equal(late.stack, 'TcpError: too late');
  assert.match(new Error('other').stack ?? '', /\n {4}at /);
});
