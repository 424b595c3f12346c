import { describe, test } from 'node:test';
import fc from 'fast-check';
import { crlf, delimiter, line } from '../../../src/framing/delimiter';
import { lengthPrefix } from '../../../src/framing/length-prefix';
import { type FramerSubject, framerContract } from '../../conformance/framer-contract';

/** Bytes in which delimiters, escapes and digits come often enough to be met. */
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc
    .array(fc.constantFrom(0x0a, 0x0d, 0x41, 0x30, 0x7c), { maxLength: 12 })
    .map((list) => Uint8Array.from(list)),
);
const without = (refused: RegExp) =>
  bytes.filter((payload) => !refused.test(Buffer.from(payload).toString('latin1')));
const long = (limit: number) => Buffer.alloc(limit, 'x');

const subjects: Record<string, FramerSubject> = {
  line: { make: line, payloads: without(/\n|\r$/), tooLong: long },
  crlf: { make: crlf, payloads: without(/\r\n/), tooLong: long },
  'delimiter of one byte': {
    make: (options) => delimiter(Buffer.from('|'), options),
    payloads: without(/\|/),
    tooLong: long,
  },
  'delimiter that overlaps itself': {
    make: (options) => delimiter(Buffer.from('\r\r\n\r\r'), options),
    payloads: without(/\r\r\n\r\r|\r\r\n\r?$/),
    tooLong: long,
  },
  'delimiter that is kept': {
    make: (options) => delimiter(Buffer.from('||'), { ...options, keep: true }),
    payloads: without(/\|/).map((payload) => Buffer.concat([payload, Buffer.from('||')])),
    tooLong: (limit) => Buffer.from(`${'x'.repeat(limit)}||`),
  },
  'length inside a header': {
    make: (options) =>
      lengthPrefix('u16be', { ...options, offset: 3, includes: 'header', adjust: 2 }),
    payloads: bytes.map((payload) => Buffer.concat([Buffer.from('hdr'), payload])),
    tooLong: long,
  },
  'length prefix that is kept': {
    make: (options) => lengthPrefix('u16le', { ...options, keep: true }),
    payloads: bytes.map((payload) => lengthPrefix('u16le').encode(payload)),
    tooLong: (limit) => lengthPrefix('u16le').encode(long(limit)),
  },
};
for (const type of ['u8', 'u16be', 'u24le', 'u32le', 'u64be', 'u64le', 'varint'] as const) {
  for (const includes of ['payload', 'prefix', 'header'] as const) {
    subjects[`${type} length prefix that counts the ${includes}`] = {
      make: (options) => lengthPrefix(type, { ...options, includes }),
      payloads: bytes,
      tooLong: long,
    };
  }
}

for (const [name, subject] of Object.entries(subjects)) {
  describe(name, () => {
    for (const { claim, check } of framerContract(subject)) {
      test(claim, { timeout: 20_000 }, check);
    }
  });
}
