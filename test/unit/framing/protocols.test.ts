import assert from 'node:assert/strict';
import { test } from 'node:test';
import { iso8583, mllp, modbusTcp, stxEtx } from '../../../src/framing/protocols';
import { problemOf, textFrames } from './text-frames';

const wire = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

test('stxEtx frames text between 02 and 03', () => {
  assert.deepEqual(textFrames(stxEtx(), '\x02one\x03\x02\x03'), ['one', '']);
  assert.equal(wire(stxEtx().encode(Buffer.from('one'))), '\x02one\x03');
});

test('mllp frames an HL7 message between VT and FS CR; its own CRs are data', () => {
  const message = 'MSH|^~\\&|A\rPID|1\r';

  assert.equal(wire(mllp().encode(Buffer.from(message))), `\x0b${message}\x1c\r`);
  assert.deepEqual(textFrames(mllp(), `\x0b${message}\x1c\r\x0bMSH\r\x1c\r`), [message, 'MSH\r']);
  assert.match(
    problemOf(mllp(), `\x0b${message}\x1c\r\n`),
    /^bad-delimiter at 20: expected the start 0b/,
  );
});

test('modbusTcp reads the length at offset 4, which counts the unit and what follows', () => {
  // Read holding registers 0x006b to 0x006d of unit 0x11; the length 6 is left out of the payload.
  const request = hex('0001 0000 0006 11 03 006b 0003');
  const payload = hex('0001 0000 11 03 006b 0003');

  const { frames } = modbusTcp().decode(Buffer.concat([request, request]), false);

  assert.equal(frames.length, 2);
  assert.deepEqual(Buffer.from(frames[1]?.payload ?? []), payload);
  assert.deepEqual(Buffer.from(modbusTcp().encode(payload)), request);
});

test('modbusTcp refuses a length that leaves no unit', () => {
  assert.deepEqual(modbusTcp().decode(hex('0001 0000 0000'), false).error, {
    code: 'bad-length',
    message: 'expected a u16be of at least 1, got 0',
    offset: 4,
  });
  assert.throws(() => modbusTcp().encode(hex('0001 0000')), {
    code: 'EFRAME',
    message: 'encode of a frame of 4 bytes: it needs at least 5 bytes',
  });
});

test('iso8583 reads two bytes of length that do not count themselves', () => {
  assert.deepEqual(textFrames(iso8583(), '\0\x040800\0\x040810'), ['0800', '0810']);
  assert.equal(wire(iso8583().encode(Buffer.from('0800'))), '\0\x040800');
});

test('presets take a limit and refuse other options', () => {
  assert.equal(mllp({ max: '1 KiB' }).max, 1_024);
  assert.throws(() => Reflect.apply(mllp, undefined, [{ escape: 1 }]), {
    code: 'ECONFIG',
    message: 'mllp: unknown key "escape"',
  });
});
