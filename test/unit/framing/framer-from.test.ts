import assert from 'node:assert/strict';
import { test } from 'node:test';
import { line } from '../../../src/framing/delimiter';
import { framerFrom } from '../../../src/framing/framer-from';
import { type FramerName, framerNames } from '../../../src/framing/framer-names';
import type { FramingDefinition } from '../../../src/framing/framing-definition';
import { textFrames } from './text-frames';

const rows: readonly (readonly [FramingDefinition, payload: string, wire: string])[] = [
  ['none', 'a', 'a'],
  ['line', 'a', 'a\n'],
  ['crlf', 'a', 'a\r\n'],
  ['stx-etx', 'a', '\x02a\x03'],
  ['varint', 'a', '\x01a'],
  ['mllp', 'a', '\x0ba\x1c\r'],
  ['resp', '+a\r\n', '+a\r\n'],
  ['http1', 'GET / HTTP/1.1\r\n\r\n', 'GET / HTTP/1.1\r\n\r\n'],
  ['modbus-tcp', '\0\x01\0\0\x11', '\0\x01\0\0\0\x01\x11'],
  ['iso8583', 'a', '\0\x01a'],
  [{ kind: 'none' }, 'a', 'a'],
  [{ kind: 'varint' }, 'a', '\x01a'],
  [{ kind: 'preset', name: 'crlf' }, 'a', 'a\r\n'],
  [{ kind: 'delimiter', delimiter: '\\0' }, 'a', 'a\0'],
  [{ kind: 'delimiter', delimiter: Uint8Array.of(0xff) }, 'a', 'a\xff'],
  [{ kind: 'delimiter', delimiter: { text: '|' }, keep: true }, 'a|', 'a|'],
  [{ kind: 'delimiter', delimiter: { hex: '0d 0a' } }, 'a', 'a\r\n'],
  [{ kind: 'delimiter', delimiter: { base64: 'DQo=' } }, 'a', 'a\r\n'],
  [{ kind: 'delimiter', delimiter: { line: '.' } }, 'a', 'a.\r\n'],
  [{ kind: 'length-prefix', type: 'u16le' }, 'a', '\x01\0a'],
  [{ kind: 'length-prefix', type: 'u8', includes: 'prefix' }, 'a', '\x02a'],
  [{ kind: 'length-prefix', type: 'u8', offset: 1, adjust: -1 }, 'ha', 'h\x02a'],
  [{ kind: 'length-prefix', type: 'u8', keep: true }, '\x01a', '\x01a'],
  [{ kind: 'ascii-length', length: 3 }, 'a', '001a'],
  [{ kind: 'ascii-length', length: 2, radix: 16, includes: 'prefix' }, 'a', '03a'],
  [{ kind: 'fixed', length: 1 }, 'a', 'a'],
  [{ kind: 'fixed', length: 1, pad: 0 }, 'a', 'a'],
  [{ kind: 'start-end', start: '<', end: '>' }, 'a', '<a>'],
  [{ kind: 'start-end', start: '<', end: '>', escape: '\\\\', keep: false }, '>', '<\\>>'],
  [{ kind: 'regex', pattern: 'A+;', flags: 'i' }, 'aa;', 'aa;'],
];

for (const [definition, payload, wire] of rows) {
  test(`framerFrom makes a framer of ${JSON.stringify(definition)}`, () => {
    const framer = framerFrom(definition);

    assert.equal(
      Buffer.from(framer.encode(Buffer.from(payload, 'latin1'))).toString('latin1'),
      wire,
    );
    assert.deepEqual(textFrames(framer, wire), [payload]);
  });
}

test('every name and every kind takes a limit', () => {
  const others: readonly FramingDefinition[] = [
    { kind: 'none', max: 100 },
    { kind: 'idle-gap', gap: '20ms', max: '100 bytes' },
    ...rows.flatMap(([definition]) =>
      typeof definition === 'string' ? [] : [{ ...definition, max: 100 }],
    ),
    ...Object.keys(framerNames).map((name) => ({ kind: 'preset' as const, name, max: 100 })),
  ];

  for (const definition of others) {
    assert.equal(framerFrom(definition).max, 100, JSON.stringify(definition));
  }
  assert.equal(framerFrom('crlf').max, 16 * 1_048_576);
  assert.equal(framerFrom({ kind: 'idle-gap', gap: '20ms' }).gapMs, 20);
});

test('framerFrom returns a framer as it is', () => {
  const framer = line();

  assert.equal(framerFrom(framer), framer);
});

const refusals: readonly (readonly [definition: unknown, message: string])[] = [
  ['crfl', 'framing: unknown framing "crfl" (did you mean "crlf"?)'],
  ['toString', 'framing: unknown framing "toString"'],
  [{ kind: 'preset', name: 'mlp' }, 'framing.name: unknown framing "mlp" (did you mean "mllp"?)'],
  [
    { kind: 'delimeter' },
    'framing.kind: unknown kind of framing "delimeter" (did you mean "delimiter"?)',
  ],
  [{}, 'framing.kind must be text, got undefined'],
  [42, 'framing must be an object of options, got 42 (number)'],
  [{ kind: 'length-prefix', type: 'u16be', delimiter: '|' }, 'framing: unknown key "delimiter"'],
  [{ kind: 'fixed', lenght: 4 }, 'framing: unknown key "lenght" (did you mean "length"?)'],
  [{ kind: 'fixed' }, 'framing.length must be a whole number of 1 or more, got undefined'],
  [
    { kind: 'delimiter' },
    "framing.delimiter must be bytes: text, or an object with one of 'text', 'line', 'hex', 'base64'",
  ],
  [
    { kind: 'delimiter', delimiter: { hex: '0a', text: 'a' } },
    "framing.delimiter must be bytes: text, or an object with one of 'text', 'line', 'hex', 'base64'",
  ],
  [
    { kind: 'delimiter', delimiter: '\\q' },
    'framing.delimiter: unknown escape \\q at column 1 (write \\\\q for a backslash)',
  ],
  [
    { kind: 'delimiter', delimiter: '' },
    'framing.delimiter must be at least 1 byte, got Buffer (object)',
  ],
  [
    { kind: 'start-end', start: '<', end: { hex: '3' } },
    'framing.end: odd number of hex digits (1)',
  ],
  [
    { kind: 'ascii-length', length: 40 },
    'framing.length must be a number of digits from 1 to 10, got 40 (number)',
  ],
  [
    { kind: 'fixed', length: 8, max: '4 bytes' },
    'framing.max must be at least 8 bytes here, got 4 bytes',
  ],
  [{ kind: 'regex', pattern: '(' }, 'framing: invalid regular expression /(/: unterminated group'],
  [{ kind: 'regex', pattern: 'a', flags: 'g' }, 'framing: flag g has no meaning here'],
  [
    { kind: 'regex', pattern: 'a$' },
    'framing.pattern /a$/: $ looks at bytes behind the frame, which may still be to come; leave it out',
  ],
  [{ kind: 'idle-gap', gap: 0 }, 'framing.gap must be a duration above 0, got 0 (number)'],
  [{ kind: 'custom', module: './f.js#make' }, 'framing.module ./f.js#make cannot be loaded here'],
];

for (const [definition, message] of refusals) {
  test(`framerFrom refuses ${JSON.stringify(definition)}`, () => {
    assert.throws(() => framerFrom(definition), { name: 'TcpError', code: 'ECONFIG', message });
  });
}

test('refusals name the path of the definition', () => {
  const field = 'mocks[0].framing';

  assert.throws(() => framerFrom('crfl', { field }), {
    field,
    message: 'mocks[0].framing: unknown framing "crfl" (did you mean "crlf"?)',
  });
  assert.throws(() => framerFrom({ kind: 'fixed', length: 0 }, { field }), {
    field: 'mocks[0].framing.length',
    message: 'mocks[0].framing.length must be a whole number of 1 or more, got 0 (number)',
  });
});

test('framings of the user are found by name, in front of presets', () => {
  const named = { semicolon: () => framerFrom({ kind: 'delimiter', delimiter: ';' }), crlf: line };

  assert.deepEqual(textFrames(framerFrom('semicolon', { named }), 'a;b;'), ['a', 'b']);
  assert.deepEqual(textFrames(framerFrom({ kind: 'preset', name: 'crlf' }, { named }), 'a\nb\n'), [
    'a',
    'b',
  ]);
  assert.throws(() => framerFrom('semicolom', { named }), { message: /did you mean "semicolon"/ });
});

test('a custom framing comes from a function of a module that is loaded for it', () => {
  const loaded: string[] = [];
  const loadModule = (path: string) => {
    loaded.push(path);
    return { make: (options: object) => ({ ...line(), options }), other: 1 };
  };
  const definition: FramingDefinition = { kind: 'custom', module: './f.js#make', max: 100 };

  const framer = framerFrom(definition, { loadModule });

  assert.deepEqual(loaded, ['./f.js']);
  assert.equal(framer.max, 100);
  assert.deepEqual(textFrames(framer, 'a\nb\n'), ['a', 'b']);
  const refused = (module: unknown, message: string | RegExp) =>
    assert.throws(() => framerFrom({ kind: 'custom', module }, { loadModule }), {
      code: 'ECONFIG',
      message,
    });
  refused('./f.js#mak', 'framing.module ./f.js exports no function "mak" (did you mean "make"?)');
  refused('./f.js#other', /exports no function "other"/);
  refused('./f.js', /^framing\.module must be a file and a name, such as/);
});

test('every preset name is a key of the table', () => {
  const names: readonly FramerName[] = [
    'none',
    'line',
    'crlf',
    'stx-etx',
    'varint',
    'mllp',
    'resp',
    'http1',
    'modbus-tcp',
    'iso8583',
  ];

  assert.deepEqual(Object.keys(framerNames), names);
});
