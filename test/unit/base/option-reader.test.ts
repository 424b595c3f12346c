import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  readBytesLike,
  readCount,
  readFlag,
  readHost,
  readHostPort,
  readObject,
  readOneOf,
  readPort,
  readSignal,
  readText,
  refuseUnknownKeys,
} from '../../../src/base/option-reader';

const refusedWith = (message: string | RegExp) => ({
  name: 'TcpError',
  code: 'ECONFIG',
  phase: 'config',
  message,
});

test('an unknown key is refused with the nearest known one', () => {
  const known = ['localHost', 'timeout'];

  assert.doesNotThrow(() => refuseUnknownKeys('Options', { timeout: 1 }, known));
  assert.throws(
    () => refuseUnknownKeys('Options', { timeot: 1 }, known),
    refusedWith('Options: unknown key "timeot" (did you mean "timeout"?)'),
  );
  assert.throws(
    () => refuseUnknownKeys('Options', { zzz: 1 }, known),
    refusedWith('Options: unknown key "zzz"'),
  );
});

test('an object of options is taken, an array or null is not', () => {
  const options = { a: 1 };

  assert.equal(readObject('options', options), options);
  for (const value of [null, [], 'a', 5, undefined]) {
    assert.throws(() => readObject('options', value), refusedWith(/^options must be an object/));
  }
});

test('a port is a whole number from 1, or from 0 where that is allowed, to 65535', () => {
  assert.equal(readPort('port', 1), 1);
  assert.equal(readPort('port', 65_535), 65_535);
  assert.equal(readPort('port', 0, 0), 0);
  for (const value of [0, -1, 65_536, 1.5, Number.NaN, '80', null]) {
    assert.throws(
      () => readPort('port', value),
      refusedWith(/^port must be a port from 1 to 65535, got /),
    );
  }
});

test('a host is text without blanks', () => {
  assert.equal(readHost('host', 'mail.test'), 'mail.test');
  for (const value of ['', 'a b', 'a\n', 5, undefined]) {
    assert.throws(() => readHost('host', value), refusedWith(/^host must be a host name or an IP/));
  }
});

test('a count is a whole number of at least its least, Infinity only where allowed', () => {
  assert.equal(readCount('n', 0), 0);
  assert.equal(readCount('n', 3, 3), 3);
  assert.equal(readCount('n', Number.POSITIVE_INFINITY, 0, true), Number.POSITIVE_INFINITY);
  for (const value of [-1, 0.5, 2 ** 53, Number.POSITIVE_INFINITY, Number.NaN, '1']) {
    assert.throws(
      () => readCount('n', value),
      refusedWith(/^n must be a whole number of 0 or more/),
    );
  }
  assert.throws(() => readCount('n', 2, 3), refusedWith(/of 3 or more, got 2 \(number\)$/));
});

test('flags, texts and words are taken as they are or refused', () => {
  assert.equal(readFlag('f', false), false);
  assert.equal(readText('t', ''), '');
  assert.equal(readOneOf('w', 'b', ['a', 'b'] as const), 'b');
  assert.throws(() => readFlag('f', 0), refusedWith('f must be true or false, got 0 (number)'));
  assert.throws(() => readText('t', 5), refusedWith('t must be text, got 5 (number)'));
  assert.throws(
    () => readOneOf('w', 'c', ['a', 'b']),
    refusedWith('w must be one of "a", "b", got "c" (string)'),
  );
});

test('a signal is an AbortSignal', () => {
  const { signal } = new AbortController();

  assert.equal(readSignal('signal', signal), signal);
  assert.throws(() => readSignal('signal', {}), refusedWith(/^signal must be an AbortSignal/));
});

test('bytes are taken without a copy, and text is refused with what to write instead', () => {
  const bytes = Uint8Array.of(1, 2);

  assert.equal(readBytesLike('data', bytes), bytes);
  assert.deepEqual(readBytesLike('data', bytes.buffer), bytes);
  assert.throws(
    () => readBytesLike('data', 'PING'),
    refusedWith(
      'data must be a Uint8Array or ArrayBuffer (use Buffer.from(text)), got "PING" (string)',
    ),
  );
});

for (const [text, host, port] of [
  ['127.0.0.1:80', '127.0.0.1', 80],
  ['mail.test:0', 'mail.test', 0],
  ['[::1]:65535', '::1', 65_535],
  ['[::ffff:1.2.3.4]:1', '::ffff:1.2.3.4', 1],
] as const) {
  test(`the address ${text} is host ${host} and port ${port}`, () => {
    assert.deepEqual(readHostPort('to', text), { host, port });
  });
}

for (const text of [
  '',
  'mail',
  'mail:',
  ':80',
  'mail:65536',
  'mail:-1',
  '::1:80',
  '[abc]:80',
  'a b:80',
  '[::1]80',
]) {
  test(`the address "${text}" is refused`, () => {
    assert.throws(() => readHostPort('to', text), refusedWith(/^to must be host:port with a port/));
  });
}
