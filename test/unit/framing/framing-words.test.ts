import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FramingDefinition } from '../../../src/framing/framing-definition';
import { framingInWords } from '../../../src/framing/framing-words';

const rows: readonly (readonly [FramingDefinition, string | undefined])[] = [
  ['none', 'no framing'],
  ['line', 'line framing'],
  ['crlf', 'CRLF line framing'],
  ['varint', 'varint length prefixes'],
  ['resp', 'the "resp" framing'],
  [{ kind: 'none' }, 'no framing'],
  [{ kind: 'preset', name: 'modbus-tcp' }, 'the "modbus-tcp" framing'],
  [{ kind: 'preset', name: 'my "own"' }, 'the "my \\"own\\"" framing'],
  [{ kind: 'delimiter', delimiter: '\\r\\n' }, 'lines ending with "\\r\\n"'],
  [{ kind: 'delimiter', delimiter: '|' }, 'messages delimited by "|"'],
  [{ kind: 'delimiter', delimiter: Uint8Array.of(0, 0xff) }, 'messages delimited by hex "00 ff"'],
  [{ kind: 'delimiter', delimiter: '--------' }, 'messages delimited by "--------"'],
  [{ kind: 'length-prefix', type: 'u8' }, '8-bit big-endian length prefixes'],
  [{ kind: 'length-prefix', type: 'u32le' }, '32-bit little-endian length prefixes'],
  [
    { kind: 'length-prefix', includes: 'prefix', type: 'u24be', offset: 0, keep: false },
    '24-bit big-endian length prefixes that include themselves',
  ],
  [{ kind: 'length-prefix', type: 'varint', includes: 'payload' }, 'varint length prefixes'],
  [{ kind: 'ascii-length', length: 4, radix: 10 }, '4-digit ASCII length prefixes'],
  [{ kind: 'fixed', length: 9 }, 'fixed 9-byte messages'],
  [
    { kind: 'start-end', start: { hex: '02' }, end: '\\x03' },
    'messages between hex "02" and hex "03"',
  ],
  [{ kind: 'start-end', start: '"', end: '>' }, `messages between '"' and ">"`],
  [{ kind: 'delimiter', delimiter: '|', keep: true }, undefined],
  [{ kind: 'delimiter', delimiter: '|', max: 100 }, undefined],
  [{ kind: 'length-prefix', type: 'u16be', offset: 4 }, undefined],
  [{ kind: 'length-prefix', type: 'u16be', includes: 'header' }, undefined],
  [{ kind: 'length-prefix', type: 'varint', includes: 'prefix' }, undefined],
  [{ kind: 'ascii-length', length: 4, radix: 16 }, undefined],
  [{ kind: 'fixed', length: 9, pad: 0 }, undefined],
  [{ kind: 'start-end', start: '<', end: '>', escape: '\\\\' }, undefined],
  [{ kind: 'idle-gap', gap: '20ms' }, undefined],
  [{ kind: 'regex', pattern: 'a' }, undefined],
];

for (const [definition, words] of rows) {
  const shown = JSON.stringify(definition);
  test(`framingInWords says ${words ?? 'nothing'} for ${shown}`, () => {
    assert.equal(framingInWords(definition), words);
  });
}
