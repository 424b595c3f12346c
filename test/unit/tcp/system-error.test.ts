import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  breakageOf,
  brokenCall,
  connectFailure,
  describeConnection,
  listenFailure,
} from '../../../src/tcp/system-error';

const raw = (code: string, message = `connect ${code}`): Error =>
  Object.assign(new Error(message), { code });
const target = { host: 'db', port: 5_432, ip: '10.0.0.7' };
const prefix = 'Unable to connect with remote host: ';

const connectRows: readonly (readonly [string, string, string])[] = [
  ['ECONNREFUSED', 'ECONNREFUSED', `${prefix}Connection refused: db/10.0.0.7:5432`],
  ['ENOTFOUND', 'ENOTFOUND', `${prefix}db`],
  ['EAI_AGAIN', 'ENOTFOUND', `${prefix}db`],
  ['ETIMEDOUT', 'ECONNECTTIMEOUT', `${prefix}connection timed out: db/10.0.0.7:5432`],
  ['EHOSTUNREACH', 'EUNREACHABLE', `${prefix}connect EHOSTUNREACH`],
  ['ENETUNREACH', 'EUNREACHABLE', `${prefix}connect ENETUNREACH`],
  ['EADDRNOTAVAIL', 'EADDRNOTAVAIL', `${prefix}connect EADDRNOTAVAIL`],
  ['EADDRINUSE', 'EADDRINUSE', `${prefix}Address already in use`],
  ['ECONNRESET', 'ECONNRESET', `${prefix}Connection reset by peer`],
  ['EACCES', 'ESYSTEM', `${prefix}connect EACCES`],
];

for (const [cause, code, compatMessage] of connectRows) {
  test(`${cause} of a connect is ${code}, with its text and its cause (C1, C3, D12)`, () => {
    const error = connectFailure(raw(cause), target);

    assert.equal(error.code, code);
    assert.equal(error.phase, 'connect');
    assert.equal(error.compatMessage, compatMessage);
    assert.equal((error.cause as { code: string }).code, cause);
    assert.match(error.message, /^connect to db:5432 /);
  });
}

test('a literal address has no name in the text of the original (C1)', () => {
  const error = connectFailure(raw('ECONNREFUSED'), { host: '::1', port: 7 });

  assert.equal(error.compatMessage, `${prefix}Connection refused: /[::1]:7`);
});

test('a name that was never resolved says so in the text of the original (C4)', () => {
  const error = connectFailure(raw('ETIMEDOUT'), { host: 'db', port: 7 });

  assert.equal(error.compatMessage, `${prefix}connection timed out: db/<unresolved>:7`);
});

const breakageRows: readonly (readonly [string, string, string | undefined, string | undefined])[] =
  [
    [
      'ECONNRESET',
      'ECONNRESET',
      'Connection reset',
      'Failed to write data: Connection reset by peer',
    ],
    ['EPIPE', 'ECONNRESET', 'Connection reset', 'Failed to write data: Broken pipe'],
    ['ETIMEDOUT', 'EKEEPALIVE', undefined, undefined],
    ['EIO', 'ESYSTEM', 'read EIO', 'Failed to write data: read EIO'],
  ];

for (const [cause, code, ofRead, ofWrite] of breakageRows) {
  test(`${cause} of an open connection is ${code} for reads, writes and replies (C9, C11, E8)`, () => {
    const breakage = breakageOf(raw(cause, `read ${cause}`));
    const read = brokenCall(breakage, 'read', {});
    const write = brokenCall(breakage, 'write', {});
    const reply = brokenCall(breakage, 'reply', {});

    assert.deepEqual([read.code, write.code, reply.code], [code, code, code]);
    assert.deepEqual([read.phase, write.phase, reply.phase], ['read', 'write', 'write']);
    assert.equal(read.compatMessage, ofRead);
    assert.equal(write.compatMessage, ofWrite);
    assert.equal(reply.compatMessage, ofWrite === undefined ? undefined : 'Failed to send data.');
  });
}

test('a failed listen keeps the prefix of the original and names the option (DL6)', () => {
  const wanted = { host: '127.0.0.1', port: 80 };

  const taken = listenFailure(raw('EADDRINUSE'), wanted);
  const foreign = listenFailure(raw('EADDRNOTAVAIL', 'listen EADDRNOTAVAIL'), wanted);
  const denied = listenFailure(raw('EACCES', 'listen EACCES'), wanted);

  assert.deepEqual([taken.code, taken.field], ['EADDRINUSE', 'localPort']);
  assert.equal(taken.compatMessage, 'Error initializing the server: Address already in use');
  assert.deepEqual([foreign.code, foreign.field], ['EADDRNOTAVAIL', 'localHost']);
  assert.equal(denied.code, 'ESYSTEM');
  assert.equal(denied.compatMessage, 'Error initializing the server: listen EACCES');
});

test('a connection is described by its id and both its ends', () => {
  const local = { host: '127.0.0.1', port: 1, family: 'IPv4' } as const;
  const remote = { host: '::1', port: 2, family: 'IPv6' } as const;

  assert.equal(
    describeConnection({ connectionId: 'c1', local, remote }),
    'on c1 (127.0.0.1:1 → [::1]:2)',
  );
  assert.equal(describeConnection({ connectionId: 'c1' }), 'on c1');
});
