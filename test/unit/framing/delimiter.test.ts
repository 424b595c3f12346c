import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crlf, delimiter, line } from '../../../src/framing/delimiter';
import { textFrames } from './text-frames';

test('line ends at LF and drops one CR in front of it', () => {
  assert.deepEqual(textFrames(line(), 'a\r\nb\nc\r\r\n\nd'), ['a', 'b', 'c\r', '']);
});

test('line refuses to encode what would not come back', () => {
  assert.equal(Buffer.from(line().encode(Buffer.from('a'))).toString(), 'a\n');
  assert.throws(() => line().encode(Buffer.from('a\nb')), {
    code: 'EFRAME',
    phase: 'write',
    message:
      'encode of a frame of 3 bytes: the delimiter 0a would be found at byte 1 of the payload',
  });
  assert.throws(() => line().encode(Buffer.from('a\r')), {
    code: 'EFRAME',
    message:
      'encode of a frame of 2 bytes: the payload ends with 0d, which would be read as part of the line end',
  });
});

test('crlf ends at CR LF alone: a bare CR or LF is data', () => {
  assert.deepEqual(textFrames(crlf(), 'a\nb\rc\r\n\r\r\n'), ['a\nb\rc', '\r']);
  assert.equal(Buffer.from(crlf().encode(Buffer.from('a\r'))).toString(), 'a\r\r\n');
  assert.throws(() => crlf().encode(Buffer.from('a\r\nb')), { code: 'EFRAME' });
});

test('delimiter refuses a payload that forms the delimiter with the one behind it', () => {
  assert.equal(
    Buffer.from(delimiter(Buffer.from('aab')).encode(Buffer.from('aa'))).toString(),
    'aaaab',
  );
  assert.throws(() => delimiter(Buffer.from('||')).encode(Buffer.from('a|')), {
    code: 'EFRAME',
    message:
      'encode of a frame of 2 bytes: the delimiter 7c 7c would be found at byte 1 of the payload',
  });
});

test('delimiter with keep gives and takes the delimiter with the payload', () => {
  const framer = delimiter(Buffer.from(';'), { keep: true });

  assert.deepEqual(textFrames(framer, 'a;b;c'), ['a;', 'b;']);
  assert.equal(Buffer.from(framer.encode(Buffer.from('a;'))).toString(), 'a;');
  assert.throws(() => framer.encode(Buffer.from('a')), {
    message: 'encode of a frame of 1 byte: the payload does not end with the delimiter 3b',
  });
  assert.throws(() => framer.encode(Buffer.from('a;b;')), { code: 'EFRAME' });
});

test('delimiter does not look again at bytes that a resumed call has seen', () => {
  const framer = delimiter(Buffer.from('\r\n'));
  const first = framer.decode(Buffer.from('abcdef'), false);

  // The hint is trusted: a delimiter that is put where it has looked before stays unseen.
  const second = framer.decode(Buffer.from('a\r\ndefg\r\n'), false, first.resume);

  assert.deepEqual(
    second.frames.map(({ payload }) => Buffer.from(payload).toString()),
    ['a\r\ndefg'],
  );
});

test('delimiter refuses an empty delimiter, text, unknown keys and a limit below it', () => {
  assert.throws(() => delimiter(new Uint8Array()), {
    code: 'ECONFIG',
    message: 'delimiter must be at least 1 byte, got Uint8Array (object)',
  });
  assert.throws(() => Reflect.apply(delimiter, undefined, ['|']), {
    code: 'ECONFIG',
    message:
      /^delimiter must be a Uint8Array or ArrayBuffer \(use Buffer\.from\(text\)\), got "\|"/,
  });
  assert.throws(() => Reflect.apply(delimiter, undefined, [Buffer.from('|'), { kep: true }]), {
    message: 'delimiter: unknown key "kep" (did you mean "keep"?)',
  });
  assert.throws(() => delimiter(Buffer.from('<end>'), { max: 4 }), {
    code: 'ECONFIG',
    message: 'max must be at least 5 bytes here, got 4 bytes',
  });
});

test('delimiter keeps its own copy of the delimiter', () => {
  const mark = Buffer.from('|');
  const framer = delimiter(mark);
  mark.fill(0x41);

  assert.deepEqual(textFrames(framer, 'a|'), ['a']);
});
