import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytes } from '../../../src/base/bytes-tag';

test('the tag bytes reads the escapes of literals, so that \\xff is one byte', () => {
  assert.deepEqual(bytes`PING\r\n\xff\u{e9}`, Buffer.from('50494e470d0affc3a9', 'hex'));
});

test('the tag bytes puts in bytes as they are and text as UTF-8 without escapes', () => {
  assert.deepEqual(
    bytes`<${Uint8Array.of(0xff)}|${'\\r\u00e9'}>`,
    Buffer.from('3cff7c5c72c3a93e', 'hex'),
  );
});

test('the tag bytes takes a backtick and a dollar sign behind a backslash', () => {
  assert.equal(Buffer.from(bytes`\`\${a}`).toString(), ['`', '$', '{a}'].join(''));
});

test('the tag bytes refuses an unknown escape', () => {
  assert.throws(() => bytes`a\q`, {
    code: 'ECONFIG',
    message: 'unknown escape \\q at column 2 (write \\\\q for a backslash)',
  });
});

test('the tag bytes refuses a number, which could be a digit or a byte', () => {
  const value = 12 as unknown as string;

  assert.throws(() => bytes`SIZE ${value}`, {
    code: 'ECONFIG',
    message:
      'a value inside bytes`…` must be bytes or text, got 12 (number) (Uint8Array.of(n) is a byte, String(n) its digits)',
  });
});
