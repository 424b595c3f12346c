import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FrameReader } from '../../../src/framing/frame-reader';
import { idleGap } from '../../../src/framing/idle-gap';
import { textFrames } from './text-frames';

test('a frame ends when its reader is told that the line was silent', () => {
  const reader = new FrameReader(idleGap('20ms'));

  reader.push(Buffer.from('ab'));
  reader.push(Buffer.from('c'));
  assert.equal(reader.ready, 0);
  reader.silence();
  reader.silence();
  reader.push(Buffer.from('d'));
  reader.end();

  assert.deepEqual(
    [...reader.frames()].map((frame) => Buffer.from(frame).toString()),
    ['abc', 'd'],
  );
});

test('the framer has no clock: it only says how long the silence must be', () => {
  assert.equal(idleGap('20ms').gapMs, 20);
  assert.equal(idleGap(1.75).gapMs, 1.75);
  assert.deepEqual(textFrames(idleGap(5), 'abc'), []);
});

test('silence means nothing to a framer without a gap', () => {
  const { decode, encode, max } = idleGap(5);
  const reader = new FrameReader({ decode, encode, max });

  reader.push(Buffer.from('a'));
  reader.silence();

  assert.equal(reader.ready, 0);
});

test('a line that is never silent meets the limit', () => {
  const reader = new FrameReader(idleGap(5, { max: 4 }));

  reader.push(Buffer.from('abcd'));
  assert.equal(reader.problem, undefined);
  reader.push(Buffer.from('e'));

  assert.throws(() => reader.take(), {
    code: 'ELIMIT',
    message:
      'read of a frame: a frame is longer than the limit of 4 bytes (frame-too-large, at byte 0 of the stream)',
  });
});

test('a frame may be as long as the limit, and is not cut where it is longer', () => {
  const framer = idleGap(5, { max: 4 });

  assert.equal(framer.decode(Buffer.from('abcd'), true).frames.length, 1);
  assert.equal(framer.decode(Buffer.from('abcde'), true).frames.length, 0);
  assert.equal(framer.decode(Buffer.from('abcde'), true).error?.code, 'frame-too-large');
});

test('encode refuses to send nothing, which is no frame', () => {
  assert.equal(idleGap(5).encode(Buffer.from('a')).length, 1);
  assert.throws(() => idleGap(5).encode(new Uint8Array()), {
    code: 'EFRAME',
    message: 'encode of a frame of 0 bytes: silence alone is no frame',
  });
});

test('idleGap refuses no gap at all', () => {
  for (const gap of [0, '0ms', Number.POSITIVE_INFINITY]) {
    assert.throws(() => idleGap(gap), {
      code: 'ECONFIG',
      message: /^gap must be a duration above 0/,
    });
  }
  assert.throws(() => idleGap('soon'), { code: 'ECONFIG', message: /^gap must be a duration/ });
});
