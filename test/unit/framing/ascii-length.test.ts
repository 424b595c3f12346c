import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asciiLength } from '../../../src/framing/ascii-length';
import { problemOf, textFrames } from './text-frames';

test('asciiLength reads and writes all digits, with leading zeros', () => {
  assert.deepEqual(textFrames(asciiLength(4), '0005hello0000'), ['hello', '']);
  assert.equal(Buffer.from(asciiLength(4).encode(Buffer.from('hi'))).toString(), '0002hi');
});

test('asciiLength in hexadecimal reads both letter cases and writes lower case', () => {
  const framer = asciiLength(2, { radix: 16 });

  assert.deepEqual(textFrames(framer, '0Aabcdefghij0babcdefghijk'), ['abcdefghij', 'abcdefghijk']);
  assert.equal(Buffer.from(framer.encode(Buffer.from('abcdefghij'))).toString(), '0aabcdefghij');
});

test('asciiLength may count its own digits', () => {
  const framer = asciiLength(3, { includes: 'prefix' });

  assert.deepEqual(textFrames(framer, '005hi'), ['hi']);
  assert.equal(
    problemOf(framer, '002'),
    'bad-length at 0: expected a 3-digit decimal length of at least 3, got 2',
  );
});

test('a byte that is no digit is a bad length before the other digits have come', () => {
  assert.equal(
    problemOf(asciiLength(4), '00 '),
    'bad-length at 2: expected a 4-digit decimal length, got the byte 20',
  );
  assert.match(problemOf(asciiLength(4), '0x1f'), /^bad-length at 1: .* got the byte 78$/);
  assert.equal(problemOf(asciiLength(4), '00'), 'none');
});

test('asciiLength refuses to encode more than its digits can say', () => {
  assert.throws(() => asciiLength(1).encode(Buffer.alloc(10)), {
    code: 'EFRAME',
    message:
      'encode of a frame of 10 bytes: its length would be 10, a 1-digit decimal length holds 0 to 9',
  });
});

test('asciiLength refuses wrong options', () => {
  assert.throws(() => asciiLength(11), {
    code: 'ECONFIG',
    message: /^length must be a number of digits from 1 to 10/,
  });
  assert.throws(() => asciiLength(0), { code: 'ECONFIG' });
  assert.throws(() => Reflect.apply(asciiLength, undefined, [4, { radix: 8 }]), {
    message: 'radix must be 10 or 16, got 8 (number)',
  });
});
