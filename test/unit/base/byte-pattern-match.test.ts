import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { literalBytes } from '../../../src/base/byte-literal';
import {
  type BytePattern,
  compilePattern,
  type PatternElement,
} from '../../../src/base/byte-pattern';
import { matchPattern } from '../../../src/base/byte-pattern-match';
import { type NumberType, readNumber } from '../../../src/base/number-field';

const match = (pattern: string, bytes: string, options: { from?: number; whole?: boolean } = {}) =>
  matchPattern(compilePattern(pattern), literalBytes(bytes), options);

for (const [pattern, bytes, matched] of [
  ['02 ?? 10', 'hex "02 ff 10"', true],
  ['02 ?? 10', 'hex "02 ff 11"', false],
  ['1? ?f', 'hex "1a 2f"', true],
  ['1? ?f', 'hex "2a 2f"', false],
  ['1? ?f', 'hex "1a 2e"', false],
  ['[00-7f]', 'hex "7f"', true],
  ['[00-7f]', 'hex "80"', false],
  ['[0a 0d]', 'hex "0d"', true],
  ['[^00]', 'hex "00"', false],
  ['[^00 10-1f]', 'hex "20"', true],
  ["'OK'", '"OK"', true],
  ["'OK'", '"ok"', false],
  ["'OK' *", '"OK"', true],
  ["* 'OK'", '"not OK"', true],
  ["* 'OK'", '"not OK!"', false],
  ["* 'a' * 'a'", '"a"', false],
  ["* 'a' * 'a'", '"aa"', true],
  ["* 'ab' ?? * 'c'", '"ababxyc"', true],
  ['*', '""', true],
  ['* *', '"x"', true],
  ['?? *', '""', false],
  ['(n:varint) 05', 'hex "ac 02 05"', true],
  ['* (n:varint) (m:varint)', 'hex "ac 02 05"', true],
] as const) {
  test(`the pattern ${pattern} ${matched ? 'matches' : 'does not match'} ${bytes}`, () => {
    assert.equal(match(pattern, bytes).matched, matched);
  });
}

test('captures hold bytes by length, numbers by type and runs, shortest first', () => {
  assert.deepEqual(
    match("(seq:2) (len:u16be) (name:*) ',' (rest:*)", 'hex "01 02 00 05 61 2c 62 2c"'),
    {
      matched: true,
      end: 8,
      captures: {
        seq: Buffer.of(1, 2),
        len: 5,
        name: Buffer.from('a'),
        rest: Buffer.from('b,'),
      },
    },
  );
});

test('a capture may be called as a member of every object', () => {
  const result = match('(__proto__:1) (constructor:u8)', 'hex "01 02"');

  assert.ok(result.matched);
  assert.deepEqual(Object.entries(result.captures), [
    ['__proto__', Buffer.of(1)],
    ['constructor', 2],
  ]);
});

test('a pattern on a stream starts at the offset given and leaves what follows', () => {
  assert.deepEqual(match("02 'OK'", 'hex "ff 02 4f 4b 99"', { from: 1, whole: false }), {
    matched: true,
    end: 4,
    captures: {},
  });
});

test('a run at the end takes all that has arrived on a stream', () => {
  const result = match('02 (rest:*)', 'hex "02 03 04"', { whole: false });

  assert.deepEqual(result, { matched: true, end: 3, captures: { rest: Buffer.of(3, 4) } });
});

test('a text behind a run is found at its first place on a stream', () => {
  const result = match("(head:*) 'OK'", '"xOKyOK"', { whole: false });

  assert.deepEqual(result, { matched: true, end: 3, captures: { head: Buffer.from('x') } });
});

for (const [pattern, bytes, element, offset, reason, incomplete] of [
  ['02 03 04', 'hex "02 03 05"', 2, 2, 'element 3 (04) at byte 2: got 05', false],
  ['02 03', 'hex "02"', 1, 1, 'element 2 (03) at byte 1: the bytes end', true],
  ['02', 'hex "02 03 04"', 1, 1, 'the pattern ends at byte 1, 2 more bytes follow', false],
  ['02', 'hex "02 03"', 1, 1, 'the pattern ends at byte 1, 1 more byte follows', false],
  ["00 'LOGIN'", 'hex "00 4c 4f 58"', 1, 3, "element 2 ('LOGIN') at byte 3: got 58", false],
  ["00 'LOGIN'", 'hex "00 4c 4f"', 1, 3, "element 2 ('LOGIN') at byte 3: the bytes end", true],
  ['(n:u32be)', 'hex "00 00"', 0, 2, 'element 1 ((n:u32be)) at byte 2: the bytes end', true],
  ['(n:varint)', '11 bytes of hex "80"', 0, 0, 'element 1 ((n:varint)) at byte 0: got 80', false],
  ["* 'ab' 0d", '"xabyab"', 1, 3, "element 2 ('ab') at byte 3: got 79", true],
  ["* 'zz'", '"abc"', 1, 1, "element 2 ('zz') at byte 1: got 62", true],
] as const) {
  test(`the pattern ${pattern} over ${bytes} stops: ${reason}`, () => {
    assert.deepEqual(match(pattern, bytes), {
      matched: false,
      element,
      offset,
      reason,
      incomplete,
    });
  });
}

test('a text that is not on a stream is said not to occur', () => {
  assert.deepEqual(match("01 * 'zz' 00", 'hex "01 7a 61"', { whole: false }), {
    matched: false,
    element: 2,
    offset: 1,
    reason: "element 3 ('zz') does not occur from byte 1 on",
    incomplete: true,
  });
});

test('the place that got furthest is named when a piece is nowhere on a stream', () => {
  const result = match("* 'ab' 0d", '"xabyab"', { whole: false });

  assert.ok(!result.matched);
  assert.equal(result.reason, 'element 3 (0d) at byte 3: got 79');
});

/** Every length of every run is tried, shortest first: slow, and plainly what the page says. */
function tryEverything(
  elements: readonly PatternElement[],
  bytes: Uint8Array,
  at: number,
  whole: boolean,
): number[] | undefined {
  const [first, ...rest] = elements;
  if (first === undefined) return whole && at < bytes.length ? undefined : [];
  const lengths =
    first.kind === 'run' ? runLengths(rest, bytes.length - at, whole) : lengthsOf(first, bytes, at);
  for (const length of lengths) {
    const tail = tryEverything(rest, bytes, at + length, whole);
    if (tail !== undefined) return [length, ...tail];
  }
  return undefined;
}

function runLengths(rest: readonly PatternElement[], left: number, whole: boolean): number[] {
  const all = Array.from({ length: left + 1 }, (_, length) => length);
  return rest.length === 0 && !whole ? [left] : all;
}

function lengthsOf(element: PatternElement, bytes: Uint8Array, at: number): number[] {
  if (element.kind === 'text') {
    const same = Buffer.from(element.bytes).equals(bytes.subarray(at, at + element.bytes.length));
    return same ? [element.bytes.length] : [];
  }
  if (element.kind === 'bytes') return at + element.length <= bytes.length ? [element.length] : [];
  if (element.kind === 'number') {
    const field = readNumber(bytes, at, element.type);
    return typeof field === 'object' ? [field.length] : [];
  }
  const byte = bytes[at];
  if (byte === undefined) return [];
  if (element.kind === 'byte') return (byte & element.mask) === element.value ? [1] : [];
  if (element.kind === 'set') {
    const inside = element.ranges.some(([from, to]) => from <= byte && byte <= to);
    return inside !== element.negated ? [1] : [];
  }
  return [];
}

const letter = fc.constantFrom(0x61, 0x62, 0x80, 0x82);
const elements: fc.Arbitrary<PatternElement> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: 'run' as const, name: 'r' }) },
  letter.map((value) => ({ kind: 'byte' as const, value, mask: 0xff })),
  fc.constant({ kind: 'byte' as const, value: 0x60, mask: 0xf0 }),
  fc.constant({ kind: 'set' as const, ranges: [[0x80, 0x82] as const], negated: true }),
  fc.array(letter, { minLength: 1, maxLength: 3 }).map((bytes) => ({
    kind: 'text' as const,
    bytes: Uint8Array.from(bytes),
  })),
  fc.constant({ kind: 'bytes' as const, name: 'b', length: 2 }),
  fc.constantFrom<NumberType>('varint', 'u8', 'u16be').map((type) => ({
    kind: 'number' as const,
    name: 'n',
    type,
  })),
);
const patterns: fc.Arbitrary<BytePattern> = fc
  .array(elements, { minLength: 1, maxLength: 7 })
  .map((list) =>
    list.map((one, index) => ('name' in one ? { ...one, name: `${one.name}${index}` } : one)),
  )
  .map((list) => ({ elements: list }));

test('a pattern matches exactly what trying every run, shortest first, matches', () => {
  fc.assert(
    fc.property(
      patterns,
      fc.array(letter, { maxLength: 12 }),
      fc.boolean(),
      (pattern, list, whole) => {
        const bytes = Uint8Array.from(list);
        const expected = tryEverything(pattern.elements, bytes, 0, whole);
        const actual = matchPattern(pattern, bytes, { whole });

        assert.equal(actual.matched, expected !== undefined);
        if (!actual.matched || expected === undefined) return;
        assert.equal(
          actual.end,
          expected.reduce((sum, length) => sum + length, 0),
        );
        pattern.elements.forEach((one, index) => {
          if (one.kind !== 'run' || one.name === undefined) return;
          const captured = actual.captures[one.name];
          assert.ok(captured instanceof Uint8Array);
          assert.equal(captured.length, expected[index]);
        });
      },
    ),
    { numRuns: 3_000 },
  );
});

test('a mismatch that more bytes cannot mend is not called incomplete', () => {
  fc.assert(
    fc.property(
      patterns,
      fc.array(letter, { maxLength: 8 }),
      fc.array(letter, { maxLength: 8 }),
      (pattern, list, more) => {
        const early = matchPattern(pattern, Uint8Array.from(list), { whole: false });
        const late = matchPattern(pattern, Uint8Array.from([...list, ...more]), { whole: false });
        if (!early.matched && !early.incomplete) assert.equal(late.matched, false);
      },
    ),
    { numRuns: 2_000 },
  );
});

test('matching looks at each byte a bounded number of times', () => {
  let reads = 0;
  const bytes = new Proxy(new Uint8Array(2_000).fill(0x61), {
    get(target, key) {
      if (typeof key === 'string' && /^\d+$/.test(key)) reads++;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });

  const result = matchPattern(compilePattern('* 6? 61 * 6? 61 * 6? 61 * 6? 62'), bytes);

  assert.equal(result.matched, false);
  assert.ok(reads < 2_000 * 10, `${reads} reads`);
});
