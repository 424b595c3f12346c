import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TcpError } from '../../../src/base/errors';
import { crlf, line } from '../../../src/framing/delimiter';
import { FrameReader } from '../../../src/framing/frame-reader';
import { http1 } from '../../../src/framing/http1';
import { lengthPrefix } from '../../../src/framing/length-prefix';
import { resp } from '../../../src/framing/resp';
import { startEnd } from '../../../src/framing/start-end';

const text = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString('latin1');

test('take gives frames in order, and undefined while there is none', () => {
  const reader = new FrameReader(crlf());

  assert.equal(reader.take(), undefined);
  reader.push(Buffer.from('a\r\nb\r\nc'));

  assert.equal(reader.ready, 2);
  assert.equal(text(reader.take()), 'a');
  assert.equal(text(reader.take()), 'b');
  assert.equal(reader.take(), undefined);
  assert.equal(reader.buffered, 1);
});

test('a loop that is left early leaves the frames behind it', () => {
  const reader = new FrameReader(crlf());
  reader.push(Buffer.from('a\r\nb\r\nc\r\nd'));

  for (const frame of reader.frames()) {
    assert.equal(text(frame), 'a');
    break;
  }

  assert.equal(text(reader.rest()), 'b\r\nc\r\nd');
  assert.deepEqual([...reader.frames()].map(text), ['b', 'c']);
  assert.equal(text(reader.rest()), 'd');
});

test('rest is every byte that was not taken, whatever was', () => {
  const operations = fc.array(fc.oneof(fc.string({ unit: fc.constantFrom('a', '\n') }), fc.nat(3)));
  fc.assert(
    fc.property(operations, (list) => {
      const reader = new FrameReader(line());
      let expected = '';
      for (const operation of list) {
        if (typeof operation === 'string') {
          reader.push(Buffer.from(operation));
          expected += operation;
          continue;
        }
        for (let taken = 0; taken < operation; taken++) {
          const frame = text(reader.take());
          if (frame !== undefined) expected = expected.slice(frame.length + 1);
        }
      }

      assert.equal(text(reader.rest()), expected);
    }),
  );
});

test('frames in front of a malformed one are given, then the error, again and again', () => {
  const reader = new FrameReader(startEnd(Buffer.from('<'), Buffer.from('>')));
  reader.push(Buffer.from('<a><b>oops<c>'));

  const frames: (string | undefined)[] = [];
  const drain = () => {
    for (const frame of reader.frames()) frames.push(text(frame));
  };

  assert.throws(drain, {
    name: 'TcpError',
    code: 'EFRAME',
    phase: 'read',
    message:
      'read of a frame: expected the start 3c, got 6f (bad-delimiter, at byte 6 of the stream)',
  });
  assert.deepEqual(frames, ['a', 'b']);
  assert.throws(() => reader.take(), { code: 'EFRAME' });
  assert.deepEqual(reader.error()?.cause, reader.problem);
  assert.equal(reader.problem?.offset, 6);
});

test('offsets of problems count from the start of the stream', () => {
  const reader = new FrameReader(lengthPrefix('u8', { includes: 'prefix' }));
  for (let turn = 0; turn < 1_000; turn++) {
    reader.push(Uint8Array.of(2, 0x61));
    assert.equal(text(reader.take()), 'a');
  }

  reader.push(Uint8Array.of(0));

  assert.equal(reader.problem?.offset, 2_000);
});

test('bytes behind a problem or an end are dropped', () => {
  const broken = new FrameReader(resp());
  broken.push(Buffer.from('?'));
  broken.push(Buffer.alloc(1_000));
  const ended = new FrameReader(line());
  ended.push(Buffer.from('a'));
  ended.end();
  ended.push(Buffer.from('\n'));
  ended.end();

  assert.equal(broken.buffered, 1);
  assert.equal(ended.ready, 0);
});

test('an end between frames is clean, inside a frame it is an error with what had come', () => {
  const clean = new FrameReader(crlf());
  clean.push(Buffer.from('a\r\n'));
  clean.end();
  const cut = new FrameReader(crlf());
  cut.push(Buffer.from('a\r\nQUI'));
  cut.end();

  assert.deepEqual([...clean.frames()].map(text), ['a']);
  assert.equal(clean.take(), undefined);
  assert.equal(text(cut.take()), 'a');
  assert.throws(
    () => cut.take(),
    (error) => {
      assert.ok(TcpError.is(error));
      assert.equal(error.code, 'EPEERCLOSED');
      assert.equal(
        error.message,
        'read of a frame: incomplete frame at end of stream (3 bytes) (incomplete, at byte 3 of the stream)',
      );
      assert.equal(text(error.partial), 'QUI');
      return true;
    },
  );
});

test('a chunk may be changed by its owner once it was pushed', () => {
  const reader = new FrameReader(line());
  const chunk = Buffer.from('ab');
  reader.push(chunk);
  chunk.fill(0x0a);
  reader.push(Buffer.from('\n'));

  assert.equal(text(reader.take()), 'ab');
  assert.equal(reader.take(), undefined);
});

test('a reader goes on after a chunk much larger than what it keeps room for', () => {
  const reader = new FrameReader(line());
  const sizes: (number | undefined)[] = [];
  for (const size of [300_000, 1, 70_000, 10, 100_000]) {
    reader.push(Buffer.from(`${'x'.repeat(size)}\n`));
    sizes.push(reader.take()?.length);
  }

  assert.deepEqual(sizes, [300_000, 1, 70_000, 10, 100_000]);
});

test('frames that were taken stay as they are while the reader goes on', () => {
  const reader = new FrameReader(line());
  const frames: Uint8Array[] = [];
  for (let turn = 0; turn < 2_000; turn++) {
    reader.push(Buffer.from(`${turn}\n`));
    frames.push(...reader.frames());
  }

  assert.deepEqual(
    frames.map(text),
    Array.from({ length: 2_000 }, (_, turn) => String(turn)),
  );
});

const large = 'x'.repeat(100_000);
const slowStreams = {
  'a long line': [line(), `${large}\n`],
  'a long escaped frame': [
    startEnd(Buffer.from('<'), Buffer.from('>'), { escape: Buffer.from('\\') }),
    `<${large}\\>>`,
  ],
  'a long length-prefixed frame': [lengthPrefix('u32be'), `\0\x01\x86\xa0${large}`],
  'an array of many values': [resp(), `*25000\r\n${'+a\r\n'.repeat(25_000)}`],
  'a message of many chunks': [
    http1(),
    `GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n${'1\r\nx\r\n'.repeat(16_000)}0\r\n\r\n`,
  ],
} as const;

// Looking again at everything with each byte would cost 10^10 steps here and meet the timeout.
for (const [name, [framer, stream]] of Object.entries(slowStreams)) {
  test(`${name} may arrive byte by byte`, { timeout: 20_000 }, () => {
    const reader = new FrameReader(framer);
    const bytes = Buffer.from(stream, 'latin1');

    for (let at = 0; at < bytes.length; at++) reader.push(bytes.subarray(at, at + 1));

    assert.equal(reader.ready, 1);
    assert.equal(reader.buffered, 0);
  });
}

test('many frames may arrive in one chunk', { timeout: 20_000 }, () => {
  const reader = new FrameReader(line());

  reader.push(Buffer.from('a\n'.repeat(200_000)));

  let count = 0;
  for (const _ of reader.frames()) count++;
  assert.equal(count, 200_000);
});
