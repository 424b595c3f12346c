import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startEnd } from '../../../src/framing/start-end';
import { problemOf, textFrames } from './text-frames';

const text = (value: string) => Buffer.from(value, 'latin1');
const wire = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

test('startEnd gives what is between the marks', () => {
  assert.deepEqual(textFrames(startEnd(text('<'), text('>')), '<a><><b'), ['a', '']);
});

test('bytes in front of a start are a bad delimiter, also when the start is incomplete', () => {
  const framer = startEnd(text('STX'), text('ETX'));

  assert.equal(
    problemOf(framer, 'STXaETX\r\n'),
    'bad-delimiter at 7: expected the start 53 54 58, got 0d',
  );
  assert.equal(problemOf(framer, 'SO'), 'bad-delimiter at 1: expected the start 53 54 58, got 4f');
  assert.equal(problemOf(framer, 'ST'), 'none');
});

test('without an escape a payload that holds the end is refused', () => {
  const framer = startEnd(text('<'), text('>'));

  assert.equal(wire(framer.encode(text('a<b'))), '<a<b>');
  assert.throws(() => framer.encode(text('a>b')), {
    code: 'EFRAME',
    phase: 'write',
    message: 'encode of a frame of 3 bytes: the end 3e would be found too early',
  });
});

test('an escape stands in front of every byte where a mark begins', () => {
  const framer = startEnd(text('<'), text('>'), { escape: text('\\') });

  assert.equal(wire(framer.encode(text('a<b>c\\'))), '<a\\<b\\>c\\\\>');
  assert.deepEqual(textFrames(framer, '<a\\<b\\>c\\\\>'), ['a<b>c\\']);
});

test('DLE may be the escape of DLE STX … DLE ETX: data DLE is doubled', () => {
  const framer = startEnd(text('\x10\x02'), text('\x10\x03'), { escape: text('\x10') });

  assert.equal(wire(framer.encode(text('a\x10\x03'))), '\x10\x02a\x10\x10\x03\x10\x03');
  assert.deepEqual(textFrames(framer, '\x10\x02\x10\x10\x10\x03'), ['\x10']);
});

test('an escape in front of any other byte is a bad escape', () => {
  const framer = startEnd(text('<'), text('>'), { escape: text('\\') });

  assert.equal(
    problemOf(framer, '<a\\nb>'),
    'bad-escape at 3: expected the first byte of a mark behind the escape 5c, got 6e',
  );
  assert.equal(problemOf(framer, '<a\\'), 'none');
});

test('startEnd with keep gives and takes the frame as it is on the wire', () => {
  const framer = startEnd(text('<'), text('>'), { escape: text('\\'), keep: true });

  assert.deepEqual(textFrames(framer, '<a\\>>'), ['<a\\>>']);
  assert.equal(wire(framer.encode(text('<a\\>>'))), '<a\\>>');
  assert.throws(() => framer.encode(text('a')), {
    code: 'EFRAME',
    message:
      'encode of a frame of 1 byte: not one frame between its marks: expected the start 3c, got 61 (at byte 0)',
  });
});

test('startEnd refuses empty marks and unknown keys', () => {
  assert.throws(() => startEnd(text(''), text('>')), { message: /^start must be at least 1 byte/ });
  assert.throws(() => startEnd(text('<'), text('')), { message: /^end must be at least 1 byte/ });
  assert.throws(() => startEnd(text('<'), text('>'), { escape: text('') }), { code: 'ECONFIG' });
  assert.throws(() => Reflect.apply(startEnd, undefined, [text('<'), text('>'), { esc: 1 }]), {
    message: /unknown key "esc"/,
  });
});
