import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixedLength } from '../../../src/framing/fixed-length';
import { problemOf, textFrames } from './text-frames';

test('fixedLength cuts a stream into pieces of one length', () => {
  assert.deepEqual(textFrames(fixedLength(3), 'abcdefgh'), ['abc', 'def']);
  assert.equal(
    problemOf(fixedLength(3), 'abcd', true),
    'incomplete at 3: incomplete frame at end of stream (1 byte)',
  );
});

test('fixedLength pads a short payload, and does not remove what was padded', () => {
  const framer = fixedLength(4, { pad: 0x2e });

  assert.equal(Buffer.from(framer.encode(Buffer.from('ab'))).toString(), 'ab..');
  assert.deepEqual(textFrames(framer, 'ab..'), ['ab..']);
});

test('fixedLength refuses a payload of another length', () => {
  assert.throws(() => fixedLength(4).encode(Buffer.from('abc')), {
    code: 'EFRAME',
    phase: 'write',
    message: 'encode of a frame of 3 bytes: frames have 4 bytes, and no pad is given',
  });
  assert.throws(() => fixedLength(4, { pad: 0 }).encode(Buffer.from('abcde')), {
    message: 'encode of a frame of 5 bytes: frames have 4 bytes',
  });
});

test('fixedLength refuses wrong options', () => {
  assert.throws(() => fixedLength(0), { code: 'ECONFIG', message: /^length must be/ });
  assert.throws(() => fixedLength(4, { pad: 256 }), {
    message: 'pad must be a byte from 0 to 255, got 256 (number)',
  });
  assert.throws(() => fixedLength(8, { max: 7 }), {
    message: /^max must be at least 8 bytes here/,
  });
});
