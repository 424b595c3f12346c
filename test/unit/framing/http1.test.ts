import assert from 'node:assert/strict';
import { test } from 'node:test';
import { http1 } from '../../../src/framing/http1';
import { problemOf, textFrames } from './text-frames';

const lines = (...parts: readonly string[]) => parts.map((part) => `${part}\r\n`).join('');
const chunked = (...parts: readonly string[]) =>
  lines('POST / HTTP/1.1', 'Transfer-Encoding: chunked', '', ...parts);

const messages: Readonly<Record<string, string>> = {
  'a request without a body': lines('GET /index.html?a=b HTTP/1.1', 'Host: a', ''),
  'a request of any method': lines('M-SEARCH * HTTP/1.1', 'HOST: 239.255.255.250:1900', ''),
  'a request of HTTP/1.0 without fields': lines('GET / HTTP/1.0', ''),
  'a body by Content-Length': `${lines('POST / HTTP/1.1', 'Content-Length: 5', '')}hel\r\n`,
  'an empty body': lines('HTTP/1.1 200 OK', 'Content-Length: 0', ''),
  'a length in another letter case, between blanks': `${lines('HTTP/1.1 200 OK', 'CONTENT-length: \t 2 ', '')}ok`,
  'the same length said twice': `${lines('HTTP/1.1 200 OK', 'Content-Length: 2, 2', 'Content-Length: 2', '')}ok`,
  'a status line without a reason': lines('HTTP/1.1 404', 'Content-Length: 0', ''),
  chunks: chunked('4', 'Wiki', '6', 'pedia ', 'D', 'in \r\n\r\nchunks', '0', ''),
  'chunks with extensions': chunked('2;a=b ;c="d"', 'ok', '0;last', ''),
  'chunks with trailers': chunked('2', 'ok', '0', 'Digest: x', 'Expires: never', ''),
  'chunked behind another coding': lines(
    'HTTP/1.1 200 OK',
    'Transfer-Encoding: gzip',
    'Transfer-Encoding: Chunked',
    '',
    '0',
    '',
  ),
  'a 100 that is followed by the real answer': lines('HTTP/1.1 100 Continue', ''),
  'a 204, whatever its fields say': lines('HTTP/1.1 204 No Content', 'Content-Length: 9', ''),
  'a 304 with the length of what it stands for': lines(
    'HTTP/1.1 304 Not Modified',
    'Content-Length: 9',
    '',
  ),
};

for (const [name, message] of Object.entries(messages)) {
  test(`http1 reads ${name} as one frame`, () => {
    const next = lines('HTTP/1.1 200 OK', 'Content-Length: 0', '');

    assert.deepEqual(textFrames(http1(), `${message}${next}`), [message, next]);
    assert.equal(Buffer.from(http1().encode(Buffer.from(message))).toString(), message);
  });
}

test('http1 leaves empty lines in front of a message out', () => {
  const message = lines('GET / HTTP/1.1', '');

  const { frames, consumed } = http1().decode(Buffer.from(`\r\n\r\n${message}`), false);

  assert.deepEqual(
    frames.map(({ start, end, payload }) => [start, end, Buffer.from(payload).toString()]),
    [[4, 4 + message.length, message]],
  );
  assert.equal(consumed, 4 + message.length);
});

test('an empty line behind the last message is dropped, and is no incomplete message', () => {
  const stream = `${lines('GET / HTTP/1.1', '')}\r\n`;

  assert.equal(http1().decode(Buffer.from(stream), false).consumed, stream.length - 2);
  assert.equal(http1().decode(Buffer.from(stream), true).consumed, stream.length);
  assert.match(problemOf(http1(), stream.slice(0, -1), true), /^incomplete at 18/);
  assert.equal(problemOf(http1(), `${lines('GET / HTTP/1.1', '')}\r\n`, true), 'none');
  assert.match(
    problemOf(http1(), `${lines('GET / HTTP/1.1', '')}\r\nG`, true),
    /^incomplete at 18/,
  );
});

test('a response without a length ends with the stream', () => {
  const message = `${lines('HTTP/1.0 200 OK', '')}all the rest`;
  const identity = `${lines('HTTP/1.1 200 OK', 'Transfer-Encoding: gzip', '')}x`;

  assert.deepEqual(textFrames(http1(), message), []);
  for (const stream of [message, identity]) {
    const { frames, error } = http1().decode(Buffer.from(stream), true);
    assert.equal(error, undefined);
    assert.deepEqual(
      frames.map(({ payload }) => Buffer.from(payload).toString()),
      [stream],
    );
  }
});

test('a response without a length may be as long as the limit', () => {
  const message = Buffer.from(`${lines('HTTP/1.0 200 OK', '')}to the end`);
  const framer = http1({ max: message.length });

  assert.equal(framer.decode(message, false).error, undefined);
  assert.equal(framer.decode(message, true).frames.length, 1);
  const longer = Buffer.concat([message, Buffer.from('.')]);
  assert.equal(framer.decode(longer, false).error?.code, 'frame-too-large');
  assert.equal(framer.decode(longer, true).error?.code, 'frame-too-large');
});

const broken: Readonly<Record<string, readonly [stream: string, problem: RegExp]>> = {
  'a first byte that begins no message, at once': [
    '\x16',
    /^bad-syntax at 0: expected a method or HTTP\/1, got 16$/,
  ],
  'a line that is no start line': [
    lines('220 mail ready'),
    /^bad-syntax at 0: expected a request line or a status line of HTTP\/1, got "220 mail ready"$/,
  ],
  'another version': [lines('GET / HTTP/2.0'), /^bad-syntax at 0/],
  'two blanks in a request line': [lines('GET  / HTTP/1.1'), /^bad-syntax at 0/],
  'a line end without CR': ['GET / HTTP/1.1\n', /^bad-delimiter at 14: .* got 0a alone$/],
  'a bare CR': [
    'GET / HTTP/1.1\r\nA: b\rc',
    /^bad-delimiter at 21: expected 0a behind 0d, got 63$/,
  ],
  'a folded field': [lines('GET / HTTP/1.1', 'A: b', ' c'), /^bad-syntax at 22: expected a field/],
  'a blank in front of a colon': [
    lines('GET / HTTP/1.1', 'Content-Length : 3'),
    /^bad-syntax at 16/,
  ],
  'a field without a colon': [lines('GET / HTTP/1.1', 'Host'), /^bad-syntax at 16/],
  'a length that is no number': [
    lines('GET / HTTP/1.1', 'Content-Length: +3'),
    /^bad-length at 16: expected one Content-Length in digits, got "\+3"$/,
  ],
  'two lengths': [
    lines('GET / HTTP/1.1', 'Content-Length: 3', 'Content-Length: 4'),
    /^bad-length at 35/,
  ],
  'two lengths in one field': [
    lines('GET / HTTP/1.1', 'Content-Length: 3, 4'),
    /^bad-length at 16/,
  ],
  'a length beside chunks': [
    lines('POST / HTTP/1.1', 'Content-Length: 3', 'Transfer-Encoding: chunked', ''),
    /^bad-length at 36: expected Content-Length or Transfer-Encoding, got both$/,
  ],
  'a request whose end nobody can know': [
    lines('POST / HTTP/1.1', 'Transfer-Encoding: chunked, gzip', ''),
    /^bad-length at 17: expected chunked as the last coding of a request, got "chunked, gzip"$/,
  ],
  'a chunk size that is no number': [
    chunked('5x'),
    /^bad-length at 47: expected a chunk size in hexadecimal digits, got "5x"$/,
  ],
  'an empty chunk size': [chunked(''), /^bad-length at 47/],
  'a chunk longer than its size': [
    chunked('2', 'abc'),
    /^bad-delimiter at 52: expected 0d of CR LF, got 63$/,
  ],
  'a trailer that is no field': [chunked('0', 'nonsense'), /^bad-syntax at 50/],
};

for (const [name, [stream, problem]] of Object.entries(broken)) {
  test(`http1 refuses ${name}`, () => {
    assert.match(problemOf(http1(), stream), problem);
  });
}

test('http1 refuses a body that cannot fit before it is awaited', () => {
  const max = 200;

  assert.match(
    problemOf(http1({ max }), lines('POST / HTTP/1.1', 'Content-Length: 1000', '')),
    /^frame-too-large at 0: a frame of at least 1041 bytes/,
  );
  assert.match(problemOf(http1({ max }), chunked('fff')), /^frame-too-large at 0/);
  assert.match(problemOf(http1({ max }), chunked('f'.repeat(60))), /^frame-too-large at 0/);
});

test('http1 refuses to encode what is not exactly one message', () => {
  assert.throws(() => http1().encode(Buffer.from('GET / HTTP/1.1\r\n')), {
    code: 'EFRAME',
    phase: 'write',
    message: 'encode of a frame of 16 bytes: not one HTTP/1 message: it is incomplete',
  });
  assert.throws(() => http1().encode(Buffer.from('hello')), { code: 'EFRAME' });
  assert.throws(() => http1().encode(Buffer.from('\r\nGET / HTTP/1.1\r\n\r\n')), {
    message: 'encode of a frame of 20 bytes: not one HTTP/1 message alone: 2 bytes around it',
  });
  assert.equal(http1().encode(Buffer.from('HTTP/1.0 200 OK\r\n\r\nto the end')).length, 29);
});
