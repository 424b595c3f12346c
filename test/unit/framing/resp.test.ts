import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resp } from '../../../src/framing/resp';
import { problemOf, textFrames } from './text-frames';

const lines = (...parts: readonly string[]) => parts.map((part) => `${part}\r\n`).join('');

// One row per type of the protocol specification; each must be one whole frame.
const values: Readonly<Record<string, string>> = {
  'a simple string': lines('+OK'),
  'a simple error': lines('-ERR unknown command'),
  'an integer': lines(':-42'),
  'a bulk string': lines('$5', 'hello'),
  'a bulk string with line ends inside': lines('$6', 'a\r\nb\r\n'),
  'an empty bulk string': lines('$0', ''),
  'a null bulk string': lines('$-1'),
  'an array': lines('*2', '$4', 'LLEN', '$6', 'mylist'),
  'an empty array': lines('*0'),
  'a null array': lines('*-1'),
  'arrays in arrays': lines('*2', '*1', ':1', '*2', '+a', '*0'),
  'a null': lines('_'),
  'a boolean': lines('#t'),
  'a double': lines(',1.5e3'),
  'a big number': lines('(3492890328409238509324850943850943825024385'),
  'a bulk error': lines('!21', 'SYNTAX invalid syntax'),
  'a verbatim string': lines('=15', 'txt:Some string'),
  'a map': lines('%2', '+first', ':1', '+second', ':2'),
  'a set': lines('~2', '+a', '+b'),
  'a push': lines('>3', '+message', '+somechannel', '+this is the message'),
  'an attribute with the value it belongs to': lines('|1', '+ttl', ':3600', '*1', ':1'),
  'an attribute inside an array': lines('*2', ':1', '|1', '+ttl', ':3600', ':2'),
  'two attributes of one value': lines('|1', '+a', ':1', '|1', '+b', ':2', '+OK'),
  'a streamed string': lines('$?', ';4', 'Hell', ';5', 'o wor', ';1', 'd', ';0'),
  'a streamed array': lines('*?', ':1', '*1', ':2', ':3', '.'),
  'a streamed set': lines('~?', '+a', '.'),
  'a streamed map': lines('%?', '+a', ':1', '+b', ':2', '.'),
  'streams in streams': lines('*?', '*?', '.', '$?', ';0', '*2', '%?', '.', ':1', '.'),
};

for (const [name, value] of Object.entries(values)) {
  test(`resp reads ${name} as one frame`, () => {
    assert.deepEqual(textFrames(resp(), `${value}+next\r\n`), [value, '+next\r\n']);
    assert.equal(Buffer.from(resp().encode(Buffer.from(value))).toString(), value);
  });
}

const broken: Readonly<Record<string, readonly [stream: string, problem: RegExp]>> = {
  'a byte that is no type': [
    'PING\r\n',
    /^bad-syntax at 0: expected the type of a Redis value, got 50$/,
  ],
  'a size that is no number': ['$1x', /^bad-length at 1: expected a size behind \$, got "1x"$/],
  'no size': ['*\r\n', /^bad-length at 1: expected a size behind \*, got ""$/],
  'a sign without a number': ['$-\r\n', /^bad-length at 1/],
  'a negative size that is not null': ['$-2', /^bad-length at 1/],
  'a negative map': ['%-1', /^bad-length at 1/],
  'a streamed push, which there is not': ['>?', /^bad-length at 1/],
  'a size of too many digits': ['$123456789012345678901', /^bad-length at 1/],
  'a line end without CR': [
    '+OK\n',
    /^bad-delimiter at 3: expected CR LF \(0d 0a\), got 0a alone$/,
  ],
  'a CR without LF': ['+O\rK', /^bad-delimiter at 3: expected 0a behind 0d, got 4b$/],
  'a bulk string longer than its size': [
    '$3\r\nabcd',
    /^bad-delimiter at 7: expected 0d of CR LF, got 64$/,
  ],
  'a bulk string without its LF': [
    '$3\r\nabc\rd',
    /^bad-delimiter at 8: expected 0a of CR LF, got 64$/,
  ],
  'an end where nothing is streamed': ['*1\r\n.\r\n', /^bad-syntax at 4/],
  'an end behind half a pair': ['%?\r\n+a\r\n.', /^bad-syntax at 8/],
  'an end with text': ['*?\r\n.x\r\n', /^bad-syntax at 5: expected CR LF behind \.$/],
  'a value between parts of a string': [
    '$?\r\n+a',
    /^bad-syntax at 4: expected a part of a string \(;\), got 2b$/,
  ],
  'a part outside of a string': [';1\r\n', /^bad-syntax at 0/],
};

for (const [name, [stream, problem]] of Object.entries(broken)) {
  test(`resp refuses ${name}`, () => {
    assert.match(problemOf(resp(), `+OK\r\n${stream}`.slice(5)), problem);
    assert.equal(textFrames(resp(), `+OK\r\n${stream}`).length, 1);
  });
}

test('resp refuses a count or a size that cannot fit before it is awaited', () => {
  assert.equal(
    problemOf(resp({ max: 1_000 }), '*1000\r\n'),
    'frame-too-large at 0: a frame of at least 3007 bytes is longer than the limit of 1000 bytes',
  );
  assert.match(problemOf(resp(), '$99999999999999999999\r\n'), /^frame-too-large at 0/);
  assert.match(problemOf(resp(), '%9999999999\r\n'), /^frame-too-large at 0/);
});

test('resp nests as deep as the limit allows, without using the stack for it', () => {
  const deep = `${'*1\r\n'.repeat(100_000)}:1\r\n`;

  assert.equal(textFrames(resp(), deep).length, 1);
});

test('resp refuses to encode what is not exactly one value', () => {
  assert.throws(() => resp().encode(Buffer.from('*2\r\n:1\r\n')), {
    code: 'EFRAME',
    phase: 'write',
    message: 'encode of a frame of 8 bytes: not one Redis value: it is incomplete',
  });
  assert.throws(() => resp().encode(Buffer.from(':1\r\n:2\r\n')), {
    message: 'encode of a frame of 8 bytes: not one Redis value alone: 4 bytes around it',
  });
});
