import { describe, test } from 'node:test';
import fc from 'fast-check';
import { asciiLength } from '../../../src/framing/ascii-length';
import { crlf, delimiter, line } from '../../../src/framing/delimiter';
import { fixedLength } from '../../../src/framing/fixed-length';
import { http1 } from '../../../src/framing/http1';
import { lengthPrefix } from '../../../src/framing/length-prefix';
import { patternEnd } from '../../../src/framing/pattern-end';
import { iso8583, mllp, modbusTcp, stxEtx } from '../../../src/framing/protocols';
import { resp } from '../../../src/framing/resp';
import { startEnd } from '../../../src/framing/start-end';
import { varint } from '../../../src/framing/varint';
import { type FramerSubject, framerContract } from '../../conformance/framer-contract';
import { httpMessages, httpNoise, redisNoise, redisValues } from './protocol-arbitraries';

/** Bytes in which delimiters, escapes and digits come often enough to be met. */
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc
    .array(fc.constantFrom(0x02, 0x03, 0x10, 0x0a, 0x0d, 0x1c, 0x30, 0x7c), { maxLength: 12 })
    .map((list) => Uint8Array.from(list)),
);
const without = (refused: RegExp | string) =>
  bytes.filter((payload) => Buffer.from(payload).toString('latin1').search(refused) < 0);
const long = (limit: number) => Buffer.alloc(limit, 'x');
const text = (value: string) => Buffer.from(value, 'latin1');

const subjects: Record<string, FramerSubject> = {
  line: { make: line, payloads: without(/\n|\r$/), tooLong: long },
  crlf: { make: crlf, payloads: without(/\r\n/), tooLong: long },
  'delimiter of one byte': {
    make: (options) => delimiter(text('|'), options),
    payloads: without(/\|/),
    tooLong: long,
  },
  'delimiter that overlaps itself': {
    make: (options) => delimiter(text('\r\r\n\r\r'), options),
    payloads: without(/\r\r\n\r\r|\r\r\n\r?$/),
    tooLong: long,
  },
  'delimiter that is kept': {
    make: (options) => delimiter(text('||'), { ...options, keep: true }),
    payloads: without(/\|/).map((payload) => Buffer.concat([payload, text('||')])),
    tooLong: (limit) => text(`${'x'.repeat(limit)}||`),
  },
  'length inside a header': {
    make: (options) =>
      lengthPrefix('u16be', { ...options, offset: 3, includes: 'header', adjust: 2 }),
    payloads: bytes.map((payload) => Buffer.concat([text('hdr'), payload])),
    tooLong: long,
  },
  'length prefix that is kept': {
    make: (options) => lengthPrefix('u16le', { ...options, keep: true }),
    payloads: bytes.map((payload) => lengthPrefix('u16le').encode(payload)),
    tooLong: (limit) => lengthPrefix('u16le').encode(long(limit)),
  },
  varint: { make: varint, payloads: bytes, tooLong: long },
  'decimal ascii length': {
    make: (options) => asciiLength(4, options),
    payloads: bytes,
    tooLong: long,
  },
  'hexadecimal ascii length that counts itself': {
    make: (options) => asciiLength(3, { ...options, radix: 16, includes: 'prefix' }),
    payloads: bytes,
    tooLong: long,
  },
  'fixed length': {
    make: (options) => fixedLength(5, options),
    payloads: fc.uint8Array({ minLength: 5, maxLength: 5 }),
  },
  'fixed length that is padded': {
    make: (options) => fixedLength(5, { ...options, pad: 0x20 }),
    payloads: fc.uint8Array({ maxLength: 5 }),
    readsAs: (payload) => text(Buffer.from(payload).toString('latin1').padEnd(5)),
  },
  'stx-etx': { make: stxEtx, payloads: without('\x03'), tooLong: long },
  mllp: { make: mllp, payloads: without('\x1c\r'), tooLong: long },
  'start and end with an escape of its own': {
    make: (options) => startEnd(text('<'), text('>'), { ...options, escape: text('\\') }),
    payloads: fc.oneof(bytes, fc.string({ unit: fc.constantFrom('<', '>', '\\', 'a') }).map(text)),
    tooLong: long,
  },
  'start and end that begin with their escape': {
    make: (options) =>
      startEnd(text('\x10\x02'), text('\x10\x03'), { ...options, escape: text('\x10') }),
    payloads: bytes,
    tooLong: long,
  },
  'end that overlaps itself, with an escape of two bytes': {
    make: (options) => startEnd(text('('), text('))'), { ...options, escape: text('^/') }),
    payloads: fc.string({ unit: fc.constantFrom('(', ')', '^', '/', 'a') }).map(text),
    tooLong: long,
  },
  'start and end that are kept': {
    make: (options) =>
      startEnd(text('<'), text('>'), { ...options, escape: text('\\'), keep: true }),
    payloads: bytes.map((payload) =>
      startEnd(text('<'), text('>'), { escape: text('\\') }).encode(payload),
    ),
    tooLong: (limit) => text(`<${'x'.repeat(limit)}>`),
  },
  'pattern in latin-1': {
    make: (options) => patternEnd(/.*?(?:OK|ERR\d+!)\r\n/s, options),
    payloads: without(/\r\n/).map((payload) => Buffer.concat([payload, text('OK\r\n')])),
    tooLong: (limit) => text(`${'x'.repeat(limit)}OK\r\n`),
    noise: fc.constantFrom('OK', 'OK\r', 'ERR1', 'ERR22!\r\n').map(text),
  },
  'greedy pattern in UTF-8': {
    make: (options) => patternEnd(/(?:[a-zé]|😀|\.)+;/u, options),
    payloads: fc
      .string({ unit: fc.constantFrom('a', 'é', '😀', '.'), minLength: 1 })
      .map((value) => Buffer.from(`${value};`)),
    tooLong: (limit) => text(`${'x'.repeat(limit)};`),
    noise: fc.uint8Array({ min: 0x80, maxLength: 4 }),
  },
  resp: {
    make: resp,
    payloads: redisValues,
    tooLong: (limit) => text(`$${limit}\r\n${'x'.repeat(limit)}\r\n`),
    noise: redisNoise,
  },
  http1: {
    make: http1,
    payloads: httpMessages,
    tooLong: (limit) =>
      text(`POST / HTTP/1.1\r\nContent-Length: ${limit}\r\n\r\n${'x'.repeat(limit)}`),
    noise: httpNoise,
  },
  'modbus-tcp': {
    make: modbusTcp,
    payloads: bytes.map((payload) => Buffer.concat([text('\0\x01\0\0\x11'), payload])),
    tooLong: long,
  },
  iso8583: { make: iso8583, payloads: bytes, tooLong: long },
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
      test(claim, { timeout: 60_000 }, check);
    }
  });
}
