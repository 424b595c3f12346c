import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FrameReader } from '../../../src/framing/frame-reader';
import { patternEnd } from '../../../src/framing/pattern-end';
import { problemOf, textFrames } from './text-frames';

test('a frame is the shortest start that the pattern matches', () => {
  assert.deepEqual(textFrames(patternEnd(/.*?\r\n\.\r\n/s), 'a\r\nb\r\n.\r\nc'), [
    'a\r\nb\r\n.\r\n',
  ]);
  assert.deepEqual(textFrames(patternEnd(/[0-9]+/), '123x'), ['1', '2', '3']);
  assert.deepEqual(textFrames(patternEnd(/(ab|abab)c?/), 'ababc'), ['ab', 'ab']);
});

test('greedy and lazy patterns give the same frames', () => {
  const stream = 'one;two;three;';

  assert.deepEqual(textFrames(patternEnd(/.*;/), stream), ['one;', 'two;', 'three;']);
  assert.deepEqual(textFrames(patternEnd(/.*?;/), stream), ['one;', 'two;', 'three;']);
});

test('a frame is the shortest prefix that matches, whatever the pattern', () => {
  const pieces = fc.constantFrom(
    'a',
    'b',
    'ab',
    '(?:a|bb)',
    '[ab]',
    'a*',
    'b+?',
    'a{2,3}',
    '(b|ab)',
  );
  const patterns = fc.array(pieces, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));
  const streams = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 14 });
  fc.assert(
    fc.property(patterns, streams, (source, stream) => {
      const whole = new RegExp(`^(?:${source})$`);
      const lengths = Array.from({ length: stream.length }, (_, index) => index + 1);
      const shortest = whole.test('')
        ? undefined
        : lengths.find((n) => whole.test(stream.slice(0, n)));

      const [first] = textFrames(patternEnd(new RegExp(source)), stream);

      assert.equal(first, shortest === undefined ? undefined : stream.slice(0, shortest));
    }),
    { numRuns: 500 },
  );
});

test('bytes are read as latin-1, and as UTF-8 with the flag u', () => {
  const bytes = Buffer.from('é;');

  assert.equal(patternEnd(/..;/).decode(bytes, false).frames.length, 1);
  assert.equal(patternEnd(/^.;/u).decode(bytes, false).frames.length, 1);
  assert.equal(patternEnd(/\xff/).decode(Uint8Array.of(0xff), false).frames.length, 1);
});

test('half a UTF-8 character is no character yet', () => {
  const reader = new FrameReader(patternEnd(/./u));

  for (const byte of Buffer.from('😀')) {
    assert.equal(reader.ready, 0);
    reader.push(Uint8Array.of(byte));
  }

  assert.equal(Buffer.from(reader.take() ?? []).toString(), '😀');
});

test('a byte that belongs to no UTF-8 character is one replacement character', () => {
  const framer = patternEnd(/\ufffd+;/u);

  const { frames } = framer.decode(Uint8Array.of(0xff, 0xc3, 0x3b, 0x3b), false);

  assert.deepEqual(
    frames.map(({ start, end }) => [start, end]),
    [[0, 3]],
  );
});

test('a frame much longer than the first look is found', () => {
  const stream = `${'x'.repeat(70_000)};${'y'.repeat(1_000)};`;

  assert.deepEqual(
    textFrames(patternEnd(/.*?;/s), stream).map((frame) => frame.length),
    [70_001, 1_001],
  );
});

test('an empty match is refused when it is met', () => {
  assert.equal(
    problemOf(patternEnd(/a*/), 'b'),
    'bad-syntax at 0: expected a match of /a*/, got one of no bytes',
  );
});

test('encode takes exactly one match', () => {
  const framer = patternEnd(/[^;]*;/);

  assert.equal(Buffer.from(framer.encode(Buffer.from('a;'))).toString(), 'a;');
  assert.throws(() => framer.encode(Buffer.from('a')), {
    code: 'EFRAME',
    message: 'encode of a frame of 1 byte: not one match of /[^;]*;/: it is incomplete',
  });
  assert.throws(() => framer.encode(Buffer.from('a;b;')), { code: 'EFRAME' });
});

for (const pattern of [/a$/, /a\b/, /a\B/, /a(?=b)/, /a(?!b)/, /[$]a$/m, /[a\]]$/, /[[a]$/]) {
  test(`${pattern} is refused because it looks behind the frame`, () => {
    assert.throws(() => patternEnd(pattern), {
      code: 'ECONFIG',
      message: /looks at bytes behind the frame, which may still be to come; leave it out$/,
    });
  });
}

for (const pattern of [/[$]a/, /\$a/, /[\b]a/, /(?<=a)b|a/, /(?<!a)b/, /(?:a)(?<n>b)/, /[^[$]a/]) {
  test(`${pattern} is taken`, () => {
    assert.equal(patternEnd(pattern).max, 16 * 1_048_576);
  });
}

test('flags that mean something else here are refused', () => {
  assert.throws(() => patternEnd(/a/g), { code: 'ECONFIG', message: 'flag g has no meaning here' });
  assert.throws(() => patternEnd(/a/y), { code: 'ECONFIG' });
  assert.throws(() => patternEnd(/é/), { code: 'ECONFIG', message: /add the flag u/ });
  assert.throws(() => Reflect.apply(patternEnd, undefined, ['a']), {
    message: 'pattern must be a regular expression, got "a" (string)',
  });
});
