import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LengthType } from '../../../src/framing/length-field';
import { lengthPrefix } from '../../../src/framing/length-prefix';
import { varint } from '../../../src/framing/varint';

const hex = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('hex');
const bytes = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

for (const [type, wire] of Object.entries({
  u8: '03 616263',
  u16be: '0003 616263',
  u16le: '0300 616263',
  u24be: '000003 616263',
  u24le: '030000 616263',
  u32be: '00000003 616263',
  u32le: '03000000 616263',
  u64be: '0000000000000003 616263',
  u64le: '0300000000000000 616263',
  varint: '03 616263',
})) {
  test(`lengthPrefix writes and reads ${type}`, () => {
    const framer = lengthPrefix(type as LengthType);

    assert.equal(hex(framer.encode(Buffer.from('abc'))), hex(bytes(wire)));
    assert.equal(hex(framer.decode(bytes(wire), false).frames[0]?.payload), '616263');
  });
}

// The messages are those that Netty's documentation of LengthFieldBasedFrameDecoder explains.
test('lengthPrefix expresses every layout of a length-field decoder', () => {
  const hello = hex(Buffer.from('HELLO, WORLD'));
  const layouts = [
    { options: {}, type: 'u16be', wire: `000c ${hello}`, payload: hello },
    { options: { keep: true }, type: 'u16be', wire: `000c ${hello}`, payload: `000c${hello}` },
    { options: { includes: 'prefix' }, type: 'u16be', wire: `000e ${hello}`, payload: hello },
    { options: { adjust: -2 }, type: 'u16be', wire: `000e ${hello}`, payload: hello },
    {
      options: { offset: 2 },
      type: 'u24be',
      wire: `cafe 00000c ${hello}`,
      payload: `cafe${hello}`,
    },
    {
      options: { adjust: 2 },
      type: 'u24be',
      wire: `00000c cafe ${hello}`,
      payload: `cafe${hello}`,
    },
    {
      options: { offset: 1, adjust: 1 },
      type: 'u16be',
      wire: `ca 000c fe ${hello}`,
      payload: `cafe${hello}`,
    },
    {
      options: { offset: 1, includes: 'header' },
      type: 'u16be',
      wire: `ca 0010 fe ${hello}`,
      payload: `cafe${hello}`,
    },
  ] as const;

  for (const { type, options, wire, payload } of layouts) {
    const framer = lengthPrefix(type, options);
    assert.equal(hex(framer.decode(bytes(wire), false).frames[0]?.payload), payload, wire);
    assert.equal(hex(framer.encode(bytes(payload))), hex(bytes(wire)), wire);
  }
});

test('a length above the limit is refused before the body has come', () => {
  const framer = lengthPrefix('u32be', { max: '1KiB' });

  assert.deepEqual(framer.decode(bytes('00 01 00 00'), false).error, {
    code: 'frame-too-large',
    message: 'a frame of at least 65540 bytes is longer than the limit of 1024 bytes',
    offset: 0,
  });
  assert.equal(framer.decode(bytes('00 00 03 fc'), false).error, undefined);
  assert.equal(framer.decode(bytes('00 00 03 fd'), false).error?.code, 'frame-too-large');
});

test('a length of 64 bits is refused, not rounded', () => {
  const { error } = lengthPrefix('u64be').decode(bytes('ff ff ff ff ff ff ff ff'), false);

  assert.equal(error?.code, 'frame-too-large');
});

test('a length that does not even cover what it counts is a bad length', () => {
  const itself = lengthPrefix('u16be', { includes: 'prefix' });
  const all = lengthPrefix('u8', { offset: 2, includes: 'header' });
  const adjusted = lengthPrefix('u8', { adjust: -4 });

  assert.deepEqual(itself.decode(bytes('00 01'), false).error, {
    code: 'bad-length',
    message: 'expected a u16be of at least 2, got 1',
    offset: 0,
  });
  assert.deepEqual(all.decode(bytes('ca fe 02'), false).error, {
    code: 'bad-length',
    message: 'expected a u8 of at least 3, got 2',
    offset: 2,
  });
  assert.equal(adjusted.decode(bytes('03'), false).error?.code, 'bad-length');
  assert.equal(adjusted.decode(bytes('04'), false).frames.length, 1);
});

test('frames in front of a bad length are delivered', () => {
  const framer = lengthPrefix('u8', { includes: 'prefix' });

  const { frames, consumed, error } = framer.decode(bytes('02 61 02 62 00'), false);

  assert.deepEqual(
    frames.map(({ payload }) => hex(payload)),
    ['61', '62'],
  );
  assert.equal(consumed, 4);
  assert.equal(error?.offset, 4);
});

test('encode refuses what the field cannot count', () => {
  assert.throws(() => lengthPrefix('u8').encode(Buffer.alloc(256)), {
    code: 'EFRAME',
    phase: 'write',
    message: 'encode of a frame of 256 bytes: its length would be 256, a u8 holds 0 to 255',
  });
  assert.equal(lengthPrefix('u8').encode(Buffer.alloc(255)).length, 256);
  assert.throws(() => lengthPrefix('u8', { includes: 'prefix' }).encode(Buffer.alloc(255)), {
    code: 'EFRAME',
  });
  assert.throws(() => lengthPrefix('u8', { adjust: 2 }).encode(Buffer.alloc(1)), {
    message: 'encode of a frame of 1 byte: its length would be -1, a u8 holds 0 to 255',
  });
  assert.throws(() => lengthPrefix('u16be', { offset: 4 }).encode(Buffer.alloc(3)), {
    message: 'encode of a frame of 3 bytes: it needs at least 4 bytes',
  });
});

test('encode of a kept prefix takes exactly one frame whose length is right', () => {
  const framer = lengthPrefix('u8', { keep: true });

  assert.equal(hex(framer.encode(bytes('02 61 62'))), '026162');
  assert.throws(() => framer.encode(bytes('03 61 62')), {
    message: 'encode of a frame of 3 bytes: not one frame with a u8 length: it is incomplete',
  });
  assert.throws(() => framer.encode(bytes('01 61 62')), {
    message: 'encode of a frame of 3 bytes: not one frame with a u8 length alone: 1 byte around it',
  });
});

test('varint reads seven bits a byte, lowest first, and longer forms than needed', () => {
  const payload = Buffer.alloc(300, 'x');

  assert.equal(hex(varint().encode(payload).subarray(0, 2)), 'ac02');
  assert.equal(
    hex(varint().decode(bytes('83 80 00 61 62 63'), false).frames[0]?.payload),
    '616263',
  );
});

test('varint of more than 64 bits is a bad length as soon as it shows', () => {
  const longest = bytes('ff ff ff ff ff ff ff ff ff 01');

  assert.equal(varint().decode(longest, false).error?.code, 'frame-too-large');
  assert.deepEqual(varint().decode(bytes('ff ff ff ff ff ff ff ff ff 02'), false).error, {
    code: 'bad-length',
    message: 'expected a varint of at most 64 bits, got one that goes on',
    offset: 9,
  });
  assert.equal(varint().decode(longest.subarray(0, 9), false).error, undefined);
});

test('varint that counts itself is as long as its own value asks for', () => {
  const framer = lengthPrefix('varint', { includes: 'prefix' });

  for (const length of [0, 126, 127, 128, 16_381, 16_382, 16_383]) {
    const wire = framer.encode(Buffer.alloc(length));
    assert.equal(framer.decode(wire, false).frames[0]?.payload.length, length);
  }
});

test('lengthPrefix refuses wrong options and names what is right', () => {
  const make = (...words: readonly unknown[]) => Reflect.apply(lengthPrefix, undefined, words);

  assert.throws(() => make('u16'), {
    code: 'ECONFIG',
    message: /^type must be one of "u8", "u16be"/,
  });
  assert.throws(() => make('u8', { offset: -1 }), {
    message: /^offset must be a whole number of 0/,
  });
  assert.throws(() => make('u8', { adjust: 0.5 }), {
    message: /^adjust must be a whole number, got/,
  });
  assert.throws(() => make('u8', { includes: 'all' }), { message: /^includes must be one of/ });
  assert.throws(() => make('u8', { ofset: 1 }), {
    message: /unknown key "ofset" \(did you mean "offset"/,
  });
  assert.throws(() => make('u8', { max: '4 kilo' }), {
    code: 'ECONFIG',
    message: /^max must be a size/,
  });
  assert.throws(() => make('u32be', { offset: 4, max: 7 }), { message: /at least 8 bytes/ });
});
