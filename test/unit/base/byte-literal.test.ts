import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type Literal,
  literalBytes,
  parseLiteral,
  resolveLiteral,
  type SimpleLiteral,
} from '../../../src/base/byte-literal';
import { printLiteral } from '../../../src/base/byte-literal-printer';
import { literalAt } from '../../../src/base/byte-literal-scanner';
import { TcpError } from '../../../src/base/errors';
import { seededRandom } from '../../../src/base/random';

const hexOf = (text: string) => Buffer.from(literalBytes(text)).toString('hex');

for (const [text, hex] of [
  ['"PING\\r\\n"', '50494e470d0a'],
  ["'PING\\r\\n'", '50494e470d0a'],
  ['""', ''],
  ['"it\'s"', '69742773'],
  ["'\"'", '22'],
  ['"caf\u00e9"', '636166c3a9'],
  ['"\u{1f600}"', 'f09f9880'],
  ['"\\r\\n\\t\\0\\e\\b\\f\\v\\\\\\"\\\'"', '0d0a09001b080c0b5c2227'],
  ['"\\01"', '0031'],
  ['"\\xff\\xFF\\x00"', 'ffff00'],
  ['"\\u{e9}\\u{1F600}\\u{000041}"', 'c3a9f09f988041'],
  ['"a\r\n\tb"', '610d0a0962'],
  ['hex "de ad BE\tef\r\n00"', 'deadbeef00'],
  ["hex ''", ''],
  ['base64 "AQID"', '010203'],
  ['base64 "AQI="', '0102'],
  ['base64 "AQI"', '0102'],
  ['base64 "-_8"', 'fbff'],
  ['base64 "+/8="', 'fbff'],
  ['base64 ""', ''],
  ['line "QUIT"', '515549540d0a'],
  ['4 bytes of "ab"', '61626162'],
  ['5 bytes of "ab"', '6162616261'],
  ['1 byte of "ab"', '61'],
  ['4B of hex "00"', '00000000'],
  ['0.5 KiB of "a"', '61'.repeat(512)],
  ['1.0005 kB of "a"', '61'.repeat(1001)],
  ['3 bytes of line "a"', '610d0a'],
  ['4 bytes of base64 "AQ"', '01010101'],
  ['0 bytes of ""', ''],
] as const) {
  test(`a literal ${text.slice(0, 40)} is the bytes ${hex.slice(0, 24) || 'none'}`, () => {
    assert.equal(hexOf(text), hex);
  });
}

for (const [text, message] of [
  ['"\\q"', 'unknown escape \\q at column 2 (write \\\\q for a backslash)'],
  [
    '"a\\\u{1f600}"',
    'unknown escape \\\u{1f600} at column 3 (write \\\\\u{1f600} for a backslash)',
  ],
  ['"\\\n"', 'unknown escape \\ before U+000A at column 2 (write \\\\ for a backslash)'],
  ['"\\x4"', '\\x needs two hex digits, at column 2'],
  ['"ab\\xg0"', '\\x needs two hex digits, at column 4'],
  ['"\\u{}"', '\\u needs a code point in braces, as in \\u{e9}, at column 2'],
  ['"\\u00e9"', '\\u needs a code point in braces, as in \\u{e9}, at column 2'],
  ['"\\u{d800}"', '\\u{d800} is a surrogate, not a character, at column 2'],
  ['"\\u{110000}"', '\\u{110000} is above 10ffff, at column 2'],
  ['"\ud800"', 'half a surrogate pair is no character, at column 2'],
  ['"\u{1f600}\\q"', 'unknown escape \\q at column 3 (write \\\\q for a backslash)'],
  ['hex "abc"', 'odd number of hex digits (3)'],
  ['hex "zz"', '"z" is not a hex digit, at column 6'],
  ['hex "ab\u{1f600}"', '"\u{1f600}" is not a hex digit, at column 8'],
  ['base64 "A*"', '"*" is not a base64 character, at column 10'],
  ['base64 "AQ=D"', '"=" is not a base64 character, at column 11'],
  ['base64 "AQIDA"', 'base64 of 5 characters ends inside a byte'],
  ['base64 "AQ="', 'base64 ends in 1 times "=", 2 would be right'],
  ['"abc', 'the quote at column 1 is never closed'],
  ['hex "ab\\"', 'the quote at column 5 is never closed'],
  ['"a" b', 'unexpected " b" after the literal, at column 4'],
  [
    'hxe "00"',
    'expected "text", hex "…", base64 "…", file "…", line "…" or 4 bytes of "…", got "hxe" at column 1 (did you mean "hex"?)',
  ],
  [
    '',
    'expected "text", hex "…", base64 "…", file "…", line "…" or 4 bytes of "…", got nothing at column 1',
  ],
  [
    '4 bytes of 4 bytes of "a"',
    'expected "text", hex "…", base64 "…", file "…", line "…" or 4 bytes of "…", got "4" at column 12',
  ],
  ['hex  "00"', 'expected a blank and a quote after hex, at column 4'],
  ['line', 'expected a blank and a quote after line, at column 5'],
  ['4 kib of "a"', 'unknown unit "kib" at column 3 (did you mean "KiB"?)'],
  ['4 of "a"', 'unknown unit "of" at column 3'],
  ['4', 'expected a unit such as bytes or KiB, at column 2'],
  ['4 bytes "a"', 'expected " of " after 4 bytes, at column 8'],
  ['300 MiB of "a"', 'a literal of 300 MiB is larger than 256 MiB'],
  ['1 GB of random data', 'a literal of 1 GB is larger than 256 MiB'],
  ['4 bytes of ""', '4 bytes cannot be made of nothing'],
  ['file ""', 'expected the path of a file, at column 6'],
  ['file "\\xff"', 'not valid UTF-8 text, at column 7'],
  ['file "x.bin"', 'file "x.bin" cannot be read here: there is no folder to look in'],
  ['1 KiB of random data', 'random data needs a source of chance, and there is none here'],
] as const) {
  test(`the literal ${JSON.stringify(text)} is refused: ${message}`, () => {
    assert.throws(() => literalBytes(text), {
      name: 'TcpError',
      code: 'ECONFIG',
      phase: 'config',
      field: 'literal',
      message,
    });
  });
}

test('a literal of exactly 256 MiB is accepted and one byte more is not', () => {
  assert.deepEqual(parseLiteral('256 MiB of "a"'), {
    kind: 'repeat',
    size: 268_435_456,
    of: { kind: 'text', bytes: Buffer.from('a') },
  });
  assert.throws(() => parseLiteral('268435457 bytes of "a"'), { code: 'ECONFIG' });
});

test('a file literal is read when it is resolved, below the base folder', () => {
  const asked: string[] = [];
  const readFile = (path: string) => {
    asked.push(path);
    return Buffer.from('content');
  };
  const literal = parseLiteral('file "frames/login.bin"');

  assert.deepEqual(asked, []);
  const bytes = resolveLiteral(literal, { readFile, baseFolder: '/features' });

  assert.equal(Buffer.from(bytes).toString(), 'content');
  assert.deepEqual(asked, ['/features/frames/login.bin']);
});

test('a repeated file literal repeats the content', () => {
  const bytes = resolveLiteral(parseLiteral('5 bytes of file "/a"'), {
    readFile: () => Buffer.from('xyz'),
    baseFolder: '/elsewhere',
  });

  assert.equal(Buffer.from(bytes).toString(), 'xyzxy');
});

test('a missing file names the folder that was looked in and keeps the cause', () => {
  const cause = Object.assign(new Error('no such file'), { code: 'ENOENT' });
  const readFile = () => {
    throw cause;
  };

  assert.throws(
    () => resolveLiteral(parseLiteral('file "x.bin"'), { readFile, baseFolder: '/features' }),
    { code: 'ECONFIG', message: 'file "x.bin" not found (looked in /features)', cause },
  );
});

test('a file that cannot be read says why', () => {
  const readFile = () => {
    throw Object.assign(new Error('denied'), { code: 'EACCES' });
  };

  assert.throws(() => resolveLiteral(parseLiteral('file "x.bin"'), { readFile }), {
    message: 'file "x.bin" not readable: EACCES',
  });
});

test('random data comes from the source of chance that is given', () => {
  const literal = parseLiteral('1 KiB of random data');

  const bytes = resolveLiteral(literal, { random: seededRandom(42) });

  assert.deepEqual(literal, { kind: 'random', size: 1024 });
  assert.deepEqual(bytes, seededRandom(42).bytes(1024));
});

test('joined literals give their bytes one after the other', () => {
  const parts = [parseLiteral('"a"'), parseLiteral('hex "0d"'), parseLiteral('line "b"')];

  assert.equal(
    Buffer.from(resolveLiteral({ kind: 'joined', parts })).toString('hex'),
    '610d620d0a',
  );
});

test('a literal inside a longer text says where it ends', () => {
  assert.deepEqual(literalAt('> hex "0d" within 2 s', 2), {
    literal: { kind: 'hex', bytes: Buffer.of(0x0d) },
    end: 10,
  });
  assert.throws(() => literalAt('> "a\\q"', 2), /at column 5/);
});

const anyBytes = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
const paths = fc.string({ unit: 'grapheme', minLength: 1 }).filter((path) => !path.includes('\0'));
const sizes = fc.nat(268_435_456);
const simple: fc.Arbitrary<SimpleLiteral> = fc.oneof(
  fc
    .tuple(fc.constantFrom('text', 'hex', 'base64', 'line'), anyBytes)
    .map(([kind, bytes]) => ({ kind, bytes })),
  paths.map((path) => ({ kind: 'file' as const, path })),
);
const literals: fc.Arbitrary<Literal> = fc.oneof(
  simple,
  fc.tuple(sizes, simple).map(([size, of]) => ({ kind: 'repeat' as const, size, of })),
  sizes.map((size) => ({ kind: 'random' as const, size })),
);

test('every literal reads back from its text as the same literal', () => {
  fc.assert(
    fc.property(literals, (literal) => {
      assert.deepEqual(parseLiteral(printLiteral(literal)), literal);
    }),
  );
});

const grammarLike = fc
  .array(
    fc.constantFrom(
      ...'"\'\\ \r\n0123456789abxuq{}*=.'.split(''),
      'hex ',
      'base64 ',
      'line ',
      'file ',
      ' of ',
      'bytes',
      'KiB',
      'random data',
      '\u{1f600}',
      '\ud800',
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

/** Any UTF-16 units, also halves of surrogate pairs. */
const anyText = fc
  .array(fc.nat(0xffff), { maxLength: 12 })
  .map((units) => String.fromCharCode(...units));

test('any text is read or refused with ECONFIG, nothing else', () => {
  fc.assert(
    fc.property(fc.oneof(anyText, grammarLike), (text) => {
      try {
        const { end } = literalAt(text, 0);
        assert.ok(end > 0 && end <= text.length);
      } catch (error) {
        if (!TcpError.is(error) || error.code !== 'ECONFIG') throw error;
        assert.match(error.message, /\S/);
      }
    }),
    { numRuns: 2_000 },
  );
});
