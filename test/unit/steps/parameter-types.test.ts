import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { TokenSources } from '../../../src/steps/parameter-type';
import { parameterTypeByName } from '../../../src/steps/parameter-types';

const sources: TokenSources = {
  literalSources: {},
  freePort(name) {
    if (name === 'web') return 40_001;
    throw new Error(`there is no free port "${name}"`);
  },
};

function read(type: string, token: string): unknown {
  const found = parameterTypeByName.get(type);
  assert.ok(found, type);
  return found.read(token, sources);
}

function print(type: string, value: unknown): string {
  return parameterTypeByName.get(type)?.print(value) ?? '';
}

const readings: readonly (readonly [type: string, token: string, value: unknown])[] = [
  ['bytes', 'line "QUIT"', Buffer.from('QUIT\r\n')],
  ['bytes', '4 bytes of "ab"', Buffer.from('abab')],
  ['duration', '1.5 seconds', 1_500],
  ['duration', '250us', 0.25],
  ['size', '1.5 KiB', 1_536],
  ['times', 'never', { min: 0, max: 0 }],
  ['times', 'twice', { min: 2, max: 2 }],
  ['times', '1 time', { min: 1, max: 1 }],
  ['times', 'exactly 3 times', { min: 3, max: 3 }],
  ['times', 'at least 2 times', { min: 2, max: Number.POSITIVE_INFINITY }],
  ['times', 'at most 2 times', { min: 0, max: 2 }],
  ['times', 'between 2 and 4 times', { min: 2, max: 4 }],
  ['endpoint', '[::1]:80', { host: '::1', port: 80 }],
  ['endpoint', 'the free port "web"', { host: '127.0.0.1', port: 40_001 }],
  ['port', 'any free port', 0],
  ['port', 'port 7000', 7_000],
  ['port', "the free port 'web'", 40_001],
  ['client', 'client', { kind: 'client' }],
  ['client', 'client "al\\"ice"', { kind: 'client', name: 'al"ice' }],
  ['server', 'mock "mail"', { kind: 'mock', name: 'mail' }],
  ['server', 'listener', { kind: 'listener' }],
  ['percentage', '2.5 %', 0.025],
  ['commandline', '`node x.js`', 'node x.js'],
  ['channel', 'output', 'output'],
  ['string', '"a\\"b"', 'a"b'],
];

for (const [type, token, value] of readings) {
  test(`{${type}} reads ${token}`, () => {
    const got = read(type, token);

    assert.deepEqual(got instanceof Uint8Array ? Buffer.from(got) : got, value);
  });
}

const refusals: readonly (readonly [type: string, token: string, message: RegExp])[] = [
  ['bytes', '"\\q"', /^unknown escape \\q at column 2 \(write \\\\q for a backslash\)$/],
  ['bytes', 'hex "abc"', /^odd number of hex digits \(3\)/],
  ['regex', '/a/g', /^flag g has no meaning here$/],
  ['endpoint', '127.0.0.1:70000', /port/],
  ['port', 'port 70000', /port/],
  ['port', 'the free port "wbe"', /^there is no free port "wbe"$/],
  ['percentage', '101%', /^101% is more than everything, expected at most 100%$/],
  ['times', 'between 4 and 2 times', /runs backwards/],
];

for (const [type, token, message] of refusals) {
  test(`{${type}} refuses ${token} in words of its own`, () => {
    assert.throws(
      () => read(type, token),
      (error: Error) => message.test(error.message),
    );
  });
}

const framings: readonly (readonly [words: string, data: unknown])[] = [
  ['no framing', { kind: 'none' }],
  ['CRLF line framing', { kind: 'preset', name: 'crlf' }],
  ['lines ending with "\\r"', { kind: 'delimiter', delimiter: '\r' }],
  ['messages delimited by hex "03"', { kind: 'delimiter', delimiter: '\x03' }],
  ['16-bit big-endian length prefixes', { kind: 'length-prefix', type: 'u16be' }],
  [
    '8-bit little-endian length prefixes that include themselves',
    { kind: 'length-prefix', type: 'u8', includes: 'prefix' },
  ],
  ['4-digit ASCII length prefixes', { kind: 'ascii-length', length: 4 }],
  ['varint length prefixes', { kind: 'varint' }],
  ['fixed 12-byte messages', { kind: 'fixed', length: 12 }],
  ['messages between hex "02" and " and "', { kind: 'start-end', start: '\x02', end: ' and ' }],
  ['the "mllp" framing', { kind: 'preset', name: 'mllp' }],
];

for (const [words, data] of framings) {
  test(`{framing} reads ${words}, and back what it printed`, () => {
    const framing = read('framing', words) as object;
    const plain = Object.entries(framing).map(([key, value]) => [
      key,
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
    ]);

    assert.deepEqual(Object.fromEntries(plain), data);
    assert.deepEqual(read('framing', print('framing', framing)), framing);
  });
}

const text = fc.string({ unit: 'grapheme', maxLength: 12 });

const values: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  bytes: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  duration: fc.oneof(
    fc.integer({ min: 0, max: 10_000_000 }),
    fc.integer({ min: 1, max: 10_000_000 }).map((us) => us / 1_000),
  ),
  size: fc.integer({ min: 0, max: 2 ** 40 }),
  times: fc
    .tuple(fc.nat(50), fc.oneof(fc.nat(50), fc.constant(Number.POSITIVE_INFINITY)))
    .map(([min, more]) => ({ min, max: min + more })),
  endpoint: fc
    .tuple(fc.constantFrom('127.0.0.1', '::1', 'mail.test'), fc.nat(65_535))
    .map(([host, port]) => ({ host, port })),
  port: fc.nat(65_535),
  client: fc.oneof(
    fc.constant({ kind: 'client' }),
    text.map((name) => ({ kind: 'client', name })),
  ),
  percentage: fc.nat(100_000).map((thousandths) => thousandths / 1_000 / 100),
  server: fc
    .tuple(fc.constantFrom('listener', 'mock'), text)
    .map(([kind, name]) => ({ kind, name })),
  channel: fc.constantFrom('stdout', 'stderr', 'output'),
  int: fc.integer(),
};

for (const [type, arbitrary] of Object.entries(values)) {
  test(`{${type}} reads back what it printed, and a sentence can hold it`, () => {
    const found = parameterTypeByName.get(type);
    const whole = new RegExp(`^(?:${found?.regexps.map(({ source }) => source).join('|')})$`, 's');

    fc.assert(
      fc.property(arbitrary, (value) => {
        const token = print(type, value);
        const back = read(type, token);
        assert.match(token, whole);
        assert.deepEqual(back instanceof Uint8Array ? Buffer.from(back) : back, value);
      }),
    );
  });
}

test('{string} reads back what it printed when it has no quote of both kinds', () => {
  fc.assert(
    fc.property(text, (value) => {
      fc.pre(!/["'\\]/.test(value));
      assert.equal(read('string', print('string', value)), value);
    }),
  );
});
