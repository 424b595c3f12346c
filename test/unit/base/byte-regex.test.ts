import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  byteRegexAt,
  compileByteRegex,
  matchByteRegex,
  parseByteRegex,
  printByteRegex,
} from '../../../src/base/byte-regex';

test('a regular expression reads one character per byte, so that \\xff is the byte FF', () => {
  const match = matchByteRegex(
    parseByteRegex('/\\xff(?<rest>.+)/s'),
    Buffer.from('00fff0e9', 'hex'),
  );

  assert.deepEqual(match, {
    start: 1,
    end: 4,
    bytes: Buffer.from('fff0e9', 'hex'),
    groups: [Buffer.from('f0e9', 'hex')],
    captures: { rest: Buffer.from('f0e9', 'hex') },
  });
});

test('with the flag u the bytes are UTF-8 and the offsets still count bytes', () => {
  const match = matchByteRegex(parseByteRegex('/(?<word>é.)b/u'), Buffer.from('aé\u{1f600}b'));

  assert.equal(match?.start, 1);
  assert.equal(match?.end, 8);
  assert.deepEqual(match?.captures, { word: Buffer.from('é\u{1f600}') });
});

test('with the flag v set operations work', () => {
  const match = matchByteRegex(parseByteRegex('/[\\p{L}--[a-z]]/v'), Buffer.from('abÖ'));

  assert.deepEqual([match?.start, match?.end], [2, 4]);
});

test('a stray byte in UTF-8 is one U+FFFD and moves no offset', () => {
  const bytes = Buffer.concat([Buffer.from('é'), Buffer.of(0xff, 0xe2, 0x82), Buffer.from('x')]);

  const match = matchByteRegex(parseByteRegex('/\\ufffd{3}(x)/u'), bytes);

  assert.deepEqual([match?.start, match?.end, match?.groups], [2, 6, [Buffer.from('x')]]);
});

test('a match starts looking at the offset given, and ^ matches there', () => {
  const bytes = Buffer.from('250 a\r\n250 b\r\n');

  const match = matchByteRegex(parseByteRegex('/^250 (\\w)/'), bytes, { from: 7 });

  assert.deepEqual([match?.start, match?.end, match?.groups], [7, 12, [Buffer.from('b')]]);
});

test('a group that took no part is undefined and no capture', () => {
  const match = matchByteRegex(parseByteRegex('/(?<a>a)|(?<b>b)/'), Buffer.from('b'));

  assert.deepEqual(match?.groups, [undefined, Buffer.from('b')]);
  assert.deepEqual(match?.captures, { b: Buffer.from('b') });
});

test('what does not match gives nothing', () => {
  assert.equal(matchByteRegex(parseByteRegex('/z/'), Buffer.from('abc')), undefined);
});

test('a slash in the expression is written with a backslash', () => {
  const regex = parseByteRegex('/a\\/b/i');

  assert.equal(printByteRegex(regex), '/a\\/b/i');
  assert.equal(matchByteRegex(regex, Buffer.from('A/B'))?.end, 3);
});

test('an expression inside a longer text says where it ends', () => {
  assert.equal(byteRegexAt('> /a b/i within 2 s', 2).end, 8);
});

for (const [text, message] of [
  ['/a/g', 'flag g has no meaning here'],
  ['/a/y', 'flag y has no meaning here'],
  ['/a/x', 'unknown flag x, expected some of d i m s u v'],
  ['/a/I', 'unknown flag I, expected some of d i m s u v'],
  ['/a/ii', 'flag i is given twice'],
  ['/a/uv', 'flags u and v exclude each other'],
  ['/(/', 'invalid regular expression /(/: unterminated group'],
  [
    '/(?<a>.)(?<a>.)/i',
    'invalid regular expression /(?<a>.)(?<a>.)/i: duplicate capture group name',
  ],
  ['/é/', '"é" is more than one byte: add the flag u, or write its bytes as \\xHH'],
  ['//', 'a regular expression is written /…/, with \\/ for a slash inside'],
  ['/a', 'a regular expression is written /…/, with \\/ for a slash inside'],
  ['/a/b/', 'unknown flag b, expected some of d i m s u v'],
  ['/a/ b', 'unexpected " b" after the expression'],
] as const) {
  test(`the regular expression ${text} is refused: ${message}`, () => {
    assert.throws(() => parseByteRegex(text), { code: 'ECONFIG', field: 'regex', message });
  });
}

test('an evaluation that took longer than its limit is refused afterwards', () => {
  const readings = [1_000, 51_001];
  const now = () => readings.shift() ?? 0;

  assert.throws(() => matchByteRegex(compileByteRegex('a'), Buffer.alloc(4096, 'b'), { now }), {
    name: 'TcpError',
    code: 'EDEADLINE',
    phase: 'deadline',
    message: 'regular expression took longer than 50 ms on 4096 bytes',
  });
});

test('an evaluation that took exactly its limit is accepted', () => {
  const readings = [1_000, 11_000];
  const now = () => readings.shift() ?? 0;

  const match = matchByteRegex(compileByteRegex('b'), Buffer.from('b'), { now, limitMs: 10 });

  assert.equal(match?.end, 1);
});

test('offsets of a match always cut the matched bytes out of the input', () => {
  const flags = fc.constantFrom('', 'u', 'i', 'su', 'v');
  const sources = fc.constantFrom('.', 'a.', '.$', '[^a]+', '(?<x>.)(?<y>.)', '\\w+');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 30 }), sources, flags, (bytes, source, flag) => {
      const match = matchByteRegex(compileByteRegex(source, flag), bytes);
      if (match === undefined) return;
      assert.deepEqual(
        Buffer.from(match.bytes),
        Buffer.from(bytes.subarray(match.start, match.end)),
      );
      const parts = Object.values(match.captures).filter((value) => value instanceof Uint8Array);
      if (parts.length === 2) assert.deepEqual(Buffer.concat(parts), Buffer.from(match.bytes));
    }),
    { numRuns: 1_000 },
  );
});
