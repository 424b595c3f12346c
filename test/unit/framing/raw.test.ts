import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FrameReader } from '../../../src/framing/frame-reader';
import { raw } from '../../../src/framing/raw';
import { textFrames } from './text-frames';

test('raw gives each chunk as a frame', () => {
  const reader = new FrameReader(raw());

  reader.push(Buffer.from('ab'));
  reader.push(Buffer.from('c'));
  reader.end();

  assert.deepEqual(
    [...reader.frames()].map((frame) => Buffer.from(frame).toString()),
    ['ab', 'c'],
  );
});

test('raw loses no byte and changes none', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 20 })), (chunks) => {
      const reader = new FrameReader(raw());
      for (const chunk of chunks) reader.push(chunk);
      reader.end();

      const frames = [...reader.frames()];

      assert.deepEqual(Buffer.concat(frames), Buffer.concat(chunks));
    }),
  );
});

test('raw cuts what is longer than the limit instead of refusing it', () => {
  assert.deepEqual(textFrames(raw({ max: 4 }), 'abcdefghi'), ['abcd', 'efgh', 'i']);
});

test('raw encodes a payload as it is', () => {
  assert.deepEqual(raw().encode(Buffer.from('a')), Uint8Array.of(0x61));
  assert.equal(raw().encode(new Uint8Array()).length, 0);
  assert.throws(() => Reflect.apply(raw().encode, undefined, ['text']), {
    code: 'ECONFIG',
    message: /^frame must be a Uint8Array or ArrayBuffer/,
  });
});
