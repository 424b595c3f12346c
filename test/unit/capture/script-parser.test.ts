import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TcpError } from '../../../src/base/errors';
import type { ScriptLine } from '../../../src/capture/script';
import { parseScript } from '../../../src/capture/script-parser';

const only = (text: string): ScriptLine => {
  const [line, ...more] = parseScript(text).lines;
  assert.ok(line !== undefined && more.length === 0);
  return line;
};
const bare = (text: string) => ({ kind: 'bare', text }) as const;
const quoted = (text: string) =>
  ({ kind: 'literal', literal: { kind: 'text', bytes: Buffer.from(text, 'latin1') } }) as const;

test('a script reads the example of the page', () => {
  const script = parseScript(`
    > expect /^EHLO (?<who>\\S+)/ within 2 s
    < 250-mail.test
    < 250 STARTTLS
    ? > NOOP
    > STARTTLS
    +10 ms < 220 go ahead
    * start TLS with "leaf"
    unordered:
      > expect /^MAIL /
      > expect pattern "'RCPT ' *"
    < raw "250 ok\\r"          # a broken line end
    * reset
  `);

  assert.deepEqual(script.lines, [
    {
      kind: 'receive',
      line: 2,
      raw: false,
      expect: {
        kind: 'regex',
        regex: { source: '^EHLO (?<who>\\S+)', flags: '', encoding: 'latin1' },
      },
      withinUs: 2_000_000,
    },
    { kind: 'send', line: 3, raw: false, payload: bare('250-mail.test') },
    { kind: 'send', line: 4, raw: false, payload: bare('250 STARTTLS') },
    { kind: 'receive', line: 5, optional: true, raw: false, expect: bare('NOOP') },
    { kind: 'receive', line: 6, raw: false, expect: bare('STARTTLS') },
    {
      kind: 'send',
      line: 7,
      time: { from: 'previous', us: 10_000 },
      raw: false,
      payload: bare('220 go ahead'),
    },
    { kind: 'event', line: 8, event: { verb: 'start TLS', certificate: 'leaf' } },
    {
      kind: 'unordered',
      line: 9,
      lines: [
        {
          kind: 'receive',
          line: 10,
          raw: false,
          expect: { kind: 'regex', regex: { source: '^MAIL ', flags: '', encoding: 'latin1' } },
        },
        {
          kind: 'receive',
          line: 11,
          raw: false,
          expect: {
            kind: 'pattern',
            pattern: {
              elements: [{ kind: 'text', bytes: Buffer.from('RCPT ') }, { kind: 'run' }],
            },
          },
        },
      ],
    },
    { kind: 'send', line: 12, raw: true, payload: quoted('250 ok\r') },
    { kind: 'event', line: 13, event: { verb: 'reset' } },
  ]);
});

test('a line holds time, connection and the mark of an optional line in this order', () => {
  assert.deepEqual(only('@1.5 s [12] ? > anything within 250us as x'), {
    kind: 'receive',
    line: 1,
    time: { from: 'start', us: 1_500_000 },
    connection: 12,
    optional: true,
    raw: false,
    expect: { kind: 'anything' },
    withinUs: 250,
    as: 'x',
  });
  assert.deepEqual(only('+10ms[1]?<"a"'), {
    kind: 'send',
    line: 1,
    time: { from: 'previous', us: 10_000 },
    connection: 1,
    optional: true,
    raw: false,
    payload: quoted('a'),
  });
});

for (const [text, payload] of [
  ['< 250 ok', bare('250 ok')],
  ['<   250  ok  ', bare('250  ok')],
  ['< 250 ok # said so', bare('250 ok')],
  ['< C#', bare('C#')],
  ["< it's fine", bare("it's fine")],
  ['< say "hi"', bare('say "hi"')],
  ['< a\\r\\n', bare('a\\r\\n')],
  ['< files are here', bare('files are here')],
  ['< rawhide', bare('rawhide')],
  ['< 250', bare('250')],
  ['< 5 Bytes', bare('5 Bytes')],
  ['< ..', bare('..')],
  ['< > x', bare('> x')],
  ['< a within 2 s', bare('a within 2 s')],
  ['< "a # b" # c', quoted('a # b')],
  ["< 'a' #", quoted('a')],
  ['< hex "0d"', { kind: 'literal', literal: { kind: 'hex', bytes: Buffer.of(0x0d) } }],
  ['< line "a"', { kind: 'literal', literal: { kind: 'line', bytes: Buffer.from('a') } }],
  ['< 4 bytes of random data', { kind: 'literal', literal: { kind: 'random', size: 4 } }],
] as const) {
  test(`the line ${text} sends ${JSON.stringify(payload)}`, () => {
    const line = only(text);
    assert.ok(line.kind === 'send');
    assert.deepEqual(line.payload, payload);
  });
}

for (const [text, expect] of [
  ['> ...', { kind: 'skip' }],
  ['> anything # x', { kind: 'anything' }],
  ['> expect anything', { kind: 'anything' }],
  ['> expect "a"', quoted('a')],
  ['> expect EHLO', bare('EHLO')],
  ['> login as bob!', bare('login as bob!')],
] as const) {
  test(`the line ${text} expects ${JSON.stringify(expect)}`, () => {
    const line = only(text);
    assert.ok(line.kind === 'receive');
    assert.deepEqual(line.expect, expect);
  });
}

test('raw bytes are expected with raw, also behind expect', () => {
  for (const text of ['> raw "a"', '> expect raw "a"']) {
    const line = only(text);
    assert.ok(line.kind === 'receive' && line.raw);
    assert.deepEqual(line.expect, quoted('a'));
  }
});

for (const [text, event] of [
  ['* connect', { verb: 'connect' }],
  ['* accept  # c1', { verb: 'accept' }],
  ['* close', { verb: 'close' }],
  ['* half-close', { verb: 'half-close' }],
  ['* reset', { verb: 'reset' }],
  ['* peer closes', { verb: 'peer closes' }],
  ['* peer half-closes', { verb: 'peer half-closes' }],
  ['* peer resets', { verb: 'peer resets' }],
  ['* stop reading', { verb: 'stop reading' }],
  ['* read again', { verb: 'read again' }],
  ['* start TLS', { verb: 'start TLS' }],
  ["* start TLS with 'a b'", { verb: 'start TLS', certificate: 'a b' }],
  ['* wait 50 ms', { verb: 'wait', us: 50_000 }],
  ['* notify ready', { verb: 'notify', name: 'ready' }],
  ['* await ready # x', { verb: 'await', name: 'ready' }],
  ['* goto logged-in', { verb: 'goto', name: 'logged-in' }],
  ['* mark "after # login"', { verb: 'mark', text: 'after # login' }],
  ['* fault "latency 5 ms"', { verb: 'fault', text: 'latency 5 ms' }],
  ['* error read timeout', { verb: 'error', words: 'read timeout' }],
] as const) {
  test(`the line ${text} is the event ${JSON.stringify(event)}`, () => {
    assert.deepEqual(only(text), { kind: 'event', line: 1, event });
  });
}

test('blocks hold lines and blocks, each two spaces further in', () => {
  const script = parseScript(
    [
      'repeat 3 times:  # thrice',
      '  > PING',
      '',
      '# comment at any indent',
      '  unordered:',
      '    < a',
      '    < b',
      '  < c',
      '* close',
    ].join('\r\n'),
  );

  assert.deepEqual(script.lines, [
    {
      kind: 'repeat',
      line: 1,
      times: 3,
      lines: [
        { kind: 'receive', line: 2, raw: false, expect: bare('PING') },
        {
          kind: 'unordered',
          line: 5,
          lines: [
            { kind: 'send', line: 6, raw: false, payload: bare('a') },
            { kind: 'send', line: 7, raw: false, payload: bare('b') },
          ],
        },
        { kind: 'send', line: 8, raw: false, payload: bare('c') },
      ],
    },
    { kind: 'event', line: 9, event: { verb: 'close' } },
  ]);
});

test('a script of blank lines and comments is empty', () => {
  assert.deepEqual(parseScript('\n  # nothing\n\t\n'), { lines: [] });
});

for (const [text, message] of [
  ['= 220', 'line 1: expected <, > or * (got "= 220")'],
  ['\n\n* rest', 'line 3: unknown event "rest" (did you mean "reset"?)'],
  ['* peer close', 'line 1: unknown event "peer close" (did you mean "peer closes"?)'],
  ['* wiat 5 ms', 'line 1: unknown event "wiat 5 ms" (did you mean "wait"?)'],
  ['* close now', 'line 1: unknown event "close now" (did you mean "close"?)'],
  ['*', 'line 1: expected an event after *'],
  ['* wait', 'line 1: expected a duration such as 10 ms, got nothing'],
  [
    '* wait 5 parsecs',
    "line 1: the time must be a duration of 0 or more, such as 250 (ms), '250ms', '2s' or '5 minutes', got \"5 parsecs\" (string)",
  ],
  ['* notify', 'line 1: notify needs a name, got nothing'],
  ['* mark now', 'line 1: mark needs a text in quotes, got "now"'],
  ['* mark "\\xff"', 'line 1: not valid UTF-8 text, at column 9'],
  ['* error', 'line 1: error needs the words of a failure, as in error read timeout'],
  ['* start TLS with leaf', 'line 1: start TLS with needs a text in quotes, got "leaf"'],
  ['<', 'line 1: expected bytes after <'],
  ['> # nothing', 'line 1: expected bytes after >'],
  ['< "a" b', 'line 1: unexpected "b" behind the turn'],
  ['< "a"b', 'line 1: expected a blank behind "a"'],
  ['< "a"# b', 'line 1: expected a blank behind "a"'],
  ['> /a/# b', 'line 1: a comment needs a blank in front of its #'],
  ['< "\\q"', 'line 1: unknown escape \\q at column 4 (write \\\\q for a backslash)'],
  ['> anything else', 'line 1: unexpected "else" behind the turn'],
  ['< anything', 'line 1: "anything" is no literal; bare text that starts so is put in quotes'],
  ['< /a/', 'line 1: "/a/" is no literal; bare text that starts so is put in quotes'],
  ['< ...', 'line 1: "..." is no literal; bare text that starts so is put in quotes'],
  ['< line of text', 'line 1: expected a blank and a quote after line, at column 7'],
  ['< 4 bytes left', 'line 1: expected " of " after 4 bytes, at column 10'],
  [
    '> NOOP within 2 s',
    'line 1: bare text takes the whole line; put it in quotes before "within 2 s"',
  ],
  ['> login as bob', 'line 1: bare text takes the whole line; put it in quotes before "as bob"'],
  [
    '< say "hi" # or not',
    'line 1: put the text in quotes: it holds a quote, and a # that may be a comment',
  ],
  ['> "a" as 1', 'line 1: as needs a name, got "1"'],
  ['> "a" as x within 2 s', 'line 1: unexpected "within 2 s" behind the turn'],
  ['> /a/g', 'line 1: flag g has no meaning here'],
  ['> pattern "0"', /^line 1: expected a byte such as 0d/],
  ['[0] < a', 'line 1: connections are numbered from 1'],
  ['+ < a', 'line 1: expected a duration such as 10 ms, got "< a"'],
  ['unordered:', 'line 1: unordered: has no lines under it, indented by 2 more spaces'],
  ['unordered:\n< a', 'line 1: unordered: has no lines under it, indented by 2 more spaces'],
  ['repeat 0 times:', 'line 1: expected "unordered:" or "repeat 3 times:", got "repeat 0 times:"'],
  ['repeat twice:', 'line 1: expected "unordered:" or "repeat 3 times:", got "repeat twice:"'],
  ['unordered:\n   < a', 'line 2: expected an indent of 2 spaces, got 3'],
  ['< a\n  < b', 'line 2: expected an indent of 0 spaces, got 2'],
  ['  < a\n< b', 'line 2: expected an indent of 2 spaces, got 0'],
  ['< a\n\t< b', 'line 2: indent with spaces, not tabs'],
  ['< \ud800', 'line 1: half a surrogate pair is no character'],
] as const) {
  test(`the script ${JSON.stringify(text)} is refused: ${message}`, () => {
    assert.throws(() => parseScript(text), {
      name: 'TcpError',
      code: 'ECONFIG',
      field: 'script',
      message,
    });
  });
}

test('a mistake in a file names file and line', () => {
  assert.throws(() => parseScript('# a\n\n\n= 220', { file: 'mail.script' }), {
    message: 'mail.script:4: expected <, > or * (got "= 220")',
  });
});

test('all mistakes of a script are told at once, the first 50 of many', () => {
  assert.throws(() => parseScript('= a\n< b\nrepeat 2 times:\n  = c\n* rest'), {
    message: [
      'line 1: expected <, > or * (got "= a")',
      'line 4: expected <, > or * (got "= c")',
      'line 5: unknown event "rest" (did you mean "reset"?)',
    ].join('\n'),
  });
  assert.throws(
    () => parseScript('= a\n'.repeat(60)),
    (error: Error) => /and 10 more mistakes$/.test(error.message),
  );
});

/** Any UTF-16 units, also halves of surrogate pairs. */
const anyText = fc
  .array(fc.nat(0xffff), { maxLength: 12 })
  .map((units) => String.fromCharCode(...units));

test('any text is a script or refused with ECONFIG, nothing else', () => {
  const words = fc.constantFrom(
    ...[
      '<',
      '>',
      '*',
      '?',
      '+',
      '@',
      '[1]',
      '#',
      '"',
      "'",
      '\\',
      '/',
      '...',
      '\n',
      '  ',
      ' ',
      '\t',
    ],
    ...['within', 'as', 'raw', 'expect', 'anything', 'pattern', 'hex', '4 B of', '10 ms', 'x', ':'],
    ...['unordered:', 'repeat 2 times:', 'close', 'wait', 'mark', 'start TLS', 'with', '\ud800'],
  );
  const texts = fc
    .array(fc.tuple(words, fc.constantFrom('', ' ')), { maxLength: 16 })
    .map((parts) => parts.flat().join(''));
  fc.assert(
    fc.property(fc.oneof(texts, anyText), (text) => {
      try {
        parseScript(text);
      } catch (error) {
        if (!TcpError.is(error) || error.code !== 'ECONFIG') throw error;
        assert.match(error.message, /^line \d+: \S/);
      }
    }),
    { numRuns: 2_000 },
  );
});
