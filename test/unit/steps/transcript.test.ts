import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Transcript } from '../../../src/steps/transcript';

function transcriptOf(...chunks: readonly string[]): Transcript {
  const transcript = new Transcript();
  chunks.forEach((chunk, index) => {
    transcript.append(Buffer.from(chunk), (index + 1) * 1_000);
  });
  return transcript;
}

test('a finder finds bytes that are cut over several arrivals', () => {
  const transcript = transcriptOf();
  const find = transcript.finder(Buffer.from('PONG'));

  const found = ['..P', 'O', 'N', 'G!'].map((chunk) => {
    transcript.append(Buffer.from(chunk), 0);
    return find();
  });

  assert.deepEqual(found, [undefined, undefined, undefined, 2]);
});

test('a finder finds what indexOf finds, however the bytes were cut', () => {
  const bytes = fc.uint8Array({ max: 2, maxLength: 30 });
  fc.assert(
    fc.property(
      fc.array(bytes, { maxLength: 8 }),
      fc.uint8Array({ max: 2, minLength: 1, maxLength: 4 }),
      (chunks, wanted) => {
        const transcript = new Transcript();
        const find = transcript.finder(wanted);
        let seen = Buffer.alloc(0);
        for (const chunk of chunks) {
          transcript.append(chunk, 0);
          seen = Buffer.concat([seen, chunk]);
          const at = seen.indexOf(wanted);
          assert.equal(find(), at < 0 ? undefined : at);
          if (at >= 0) return;
        }
      },
    ),
  );
});

test('consuming a match moves the cursor behind it and keeps what was skipped', () => {
  const transcript = transcriptOf('220 ready\r\n250 ok\r\n');

  transcript.consume(11, 17, 'client receives "250 ok"');

  assert.equal(transcript.unread.toString(), '\r\n');
  assert.deepEqual(transcript.skipped, [{ from: 0, to: 11, step: 'client receives "250 ok"' }]);
});

test('a finder starts at the cursor', () => {
  const transcript = transcriptOf('abab');
  transcript.consume(0, 2, '');

  assert.equal(transcript.finder(Buffer.from('ab'))(), 2);
});

test('the time of a byte is that of the arrival that brought it', () => {
  const transcript = transcriptOf('ab', 'cd');

  assert.deepEqual(
    [0, 1, 2, 3, 4].map((offset) => transcript.arrivedAtUs(offset)),
    [1_000, 1_000, 2_000, 2_000, undefined],
  );
});

test('everything received stays in order while the transcript grows', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 3_000 }), { maxLength: 12 }), (chunks) => {
      const transcript = new Transcript();
      for (const chunk of chunks) transcript.append(chunk, 0);
      assert.deepEqual(transcript.all, Buffer.concat(chunks));
    }),
  );
});
