import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type BytePattern,
  compilePattern,
  type PatternElement,
  parsePattern,
  patternAt,
  printPattern,
  printQuotedPattern,
} from '../../../src/base/byte-pattern';
import { TcpError } from '../../../src/base/errors';
import { numberTypes } from '../../../src/base/number-field';

test('a pattern reads every kind of element', () => {
  assert.deepEqual(
    compilePattern("02 ?? 1? ?F [00-7f 0a] [^00] 'O\\'K\\xff' \"a\" * (seq:2) (len:u16be) (rest:*)")
      .elements,
    [
      { kind: 'byte', value: 0x02, mask: 0xff },
      { kind: 'byte', value: 0x00, mask: 0x00 },
      { kind: 'byte', value: 0x10, mask: 0xf0 },
      { kind: 'byte', value: 0x0f, mask: 0x0f },
      {
        kind: 'set',
        ranges: [
          [0x00, 0x7f],
          [0x0a, 0x0a],
        ],
        negated: false,
      },
      { kind: 'set', ranges: [[0, 0]], negated: true },
      { kind: 'text', bytes: Buffer.from("O'K\xff", 'latin1') },
      { kind: 'text', bytes: Buffer.from('a') },
      { kind: 'run' },
      { kind: 'bytes', name: 'seq', length: 2 },
      { kind: 'number', name: 'len', type: 'u16be' },
      { kind: 'run', name: 'rest' },
    ],
  );
});

for (const [source, message] of [
  ['', 'a pattern needs at least one element'],
  ['  ', 'a pattern needs at least one element'],
  [
    '0',
    "expected a byte such as 0d, 1? or ??, a [set], a (capture), a 'text' or *, got 0, at column 1",
  ],
  [
    '02 xy',
    "expected a byte such as 0d, 1? or ??, a [set], a (capture), a 'text' or *, got xy, at column 4",
  ],
  ['0203', 'expected a blank after 02, at column 3'],
  ["02 'a", 'the quote at column 4 is never closed'],
  ["''", 'an empty text matches nothing, at column 1'],
  ["'\\q'", 'unknown escape \\q at column 2 (write \\\\q for a backslash)'],
  ['[00', 'the set is never closed, at column 1'],
  ['[]', 'the set is empty, at column 1'],
  ['[^]', 'the set is empty, at column 1'],
  ['[7f-00]', 'the range 7f-00 runs backwards, at column 1'],
  ['[0]', 'a set holds bytes such as 0d and ranges such as 00-7f, got 0, at column 1'],
  ['(a)', 'a capture is written (name:2), (name:u16be) or (name:*), at column 1'],
  ['(a:2', 'a capture is written (name:2), (name:u16be) or (name:*), at column 1'],
  ['(1a:2)', 'a capture is written (name:2), (name:u16be) or (name:*), at column 1'],
  ['(a:0)', 'a capture holds 1 to 268435456 bytes, got 0, at column 1'],
  ['(a:u16eb)', 'unknown number type u16eb (did you mean "u16be"?), at column 1'],
  ['(a:1) (a:u8)', 'the name "a" is used twice, at column 7'],
  ['* 00 * 01 * 02 (r:*) 03 *', 'a pattern has at most 4 runs (*), got 5'],
] as const) {
  test(`the pattern ${JSON.stringify(source)} is refused: ${message}`, () => {
    assert.throws(() => compilePattern(source), { name: 'TcpError', code: 'ECONFIG', message });
  });
}

test('a quoted pattern is read with either quote, its texts keeping their escapes', () => {
  assert.deepEqual(parsePattern('pattern "\'a\\"b\' 0d"').elements, [
    { kind: 'text', bytes: Buffer.from('a"b') },
    { kind: 'byte', value: 0x0d, mask: 0xff },
  ]);
  assert.deepEqual(parsePattern('pattern \'"a" *\'').elements.length, 2);
});

test('a quoted pattern inside a longer text says where it ends', () => {
  assert.equal(patternAt('> pattern "0d *" within 2 s', 2).end, 16);
});

for (const text of ['pattern', 'pattern 0d', '"0d"', 'pattern "0d', 'pattern "0d" x']) {
  test(`the text ${text} is no quoted pattern`, () => {
    assert.throws(() => parsePattern(text), { code: 'ECONFIG' });
  });
}

const byte = fc.nat(255);
const name = fc.stringMatching(/^[a-z_][A-Za-z0-9_]{0,8}$/);
const element: fc.Arbitrary<PatternElement> = fc.oneof(
  fc
    .tuple(byte, fc.constantFrom(0, 0x0f, 0xf0, 0xff))
    .map(([value, mask]) => ({ kind: 'byte' as const, value: value & mask, mask })),
  fc.record(
    {
      kind: fc.constant('set' as const),
      ranges: fc.array(
        fc.tuple(byte, byte).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const),
        { minLength: 1, maxLength: 4 },
      ),
      negated: fc.boolean(),
    },
    { noNullPrototype: true },
  ),
  fc
    .uint8Array({ minLength: 1, maxLength: 12 })
    .map((bytes) => ({ kind: 'text' as const, bytes: Buffer.from(bytes) })),
  fc.tuple(name, fc.integer({ min: 1, max: 5000 })).map(([captured, length]) => ({
    kind: 'bytes' as const,
    name: captured,
    length,
  })),
  fc.tuple(name, fc.constantFrom(...numberTypes)).map(([captured, type]) => ({
    kind: 'number' as const,
    name: captured,
    type,
  })),
);
const run: fc.Arbitrary<PatternElement> = fc.oneof(
  fc.constant({ kind: 'run' as const }),
  name.map((captured) => ({ kind: 'run' as const, name: captured })),
);
const patterns: fc.Arbitrary<BytePattern> = fc
  .array(fc.oneof({ weight: 5, arbitrary: element }, { weight: 1, arbitrary: run }), {
    minLength: 1,
    maxLength: 10,
  })
  .map((elements) => ({ elements }))
  .filter(({ elements }) => {
    const names = elements.flatMap((one) => ('name' in one ? [one.name] : []));
    const runs = elements.filter((one) => one.kind === 'run').length;
    return runs <= 4 && new Set(names).size === names.length;
  });

test('every pattern reads back from its text as the same pattern', () => {
  fc.assert(
    fc.property(patterns, (pattern) => {
      assert.deepEqual(compilePattern(printPattern(pattern)), pattern);
      assert.deepEqual(parsePattern(printQuotedPattern(pattern)), pattern);
    }),
  );
});

/** Any UTF-16 units, also halves of surrogate pairs. */
const anyText = fc
  .array(fc.nat(0xffff), { maxLength: 12 })
  .map((units) => String.fromCharCode(...units));

test('any text is a pattern or refused with ECONFIG, nothing else', () => {
  const pieces = fc.constantFrom(...'0af?* []()^-:\'"\\'.split(''), 'x', 'u16be', '\ud800', '\n');
  const texts = fc.array(pieces, { maxLength: 20 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.oneof(texts, anyText), (source) => {
      try {
        compilePattern(source);
      } catch (error) {
        if (!TcpError.is(error) || error.code !== 'ECONFIG') throw error;
      }
    }),
    { numRuns: 1_000 },
  );
});
