import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Redaction, type RedactionRule, redact } from '../../../src/capture/redaction';

function masked(text: string, ...rules: RedactionRule[]): string {
  return Buffer.from(redact(rules)(Buffer.from(text, 'latin1'))).toString('latin1');
}

for (const { name, rule, text, shows } of [
  {
    name: 'a regex hides its match with as many stars',
    rule: { regex: 'PASS \\S+' },
    text: 'USER a\r\nPASS secret\r\n',
    shows: 'USER a\r\n***********\r\n',
  },
  {
    name: 'a group hides only itself',
    rule: { regex: 'PASS (\\S+)', group: 1 },
    text: 'PASS secret\r\nPASS other\r\n',
    shows: 'PASS ******\r\nPASS *****\r\n',
  },
  {
    name: 'a named group hides only itself, with the byte given',
    rule: { regex: '^auth: (?<token>.*)$', flags: 'im', group: 'token', with: '#' },
    text: 'a: b\nAuth: abc\n',
    shows: 'a: b\nAuth: ###\n',
  },
  {
    name: 'a RegExp brings its flags',
    rule: { regex: /pass \S+/gi },
    text: 'PASS x',
    shows: '******',
  },
  {
    name: 'a regex sees bytes as latin-1',
    rule: { regex: '\\xff+', with: 0 },
    text: 'a\xff\xffb',
    shows: 'a\0\0b',
  },
  {
    name: 'a pattern is found anywhere, again and again',
    rule: { pattern: "'K' ??" },
    text: 'aK1bK2',
    shows: 'a**b**',
  },
  {
    name: 'a named run of a pattern hides only itself',
    rule: { pattern: "'key=' (secret:*) ';'", group: 'secret' },
    text: 'a;key=abc;b;key=de;',
    shows: 'a;key=***;b;key=**;',
  },
  {
    name: 'a group that took no part hides nothing',
    rule: { regex: 'a(b)?', group: 1 },
    text: 'a ab',
    shows: 'a a*',
  },
] as const) {
  test(name, () => {
    assert.equal(masked(text, rule), shows);
  });
}

test('a regex in UTF-8 hides bytes, not characters', () => {
  const bytes = redact([{ regex: 'ä+', flags: 'u' }])(Buffer.from('xääy'));

  assert.equal(Buffer.from(bytes).toString(), 'x****y');
});

test('what is masked is a copy', () => {
  const bytes = Buffer.from('PASS x');

  redact([{ regex: 'PASS' }])(bytes);

  assert.equal(bytes.toString(), 'PASS x');
});

for (const [rule, message] of [
  [{ regex: '(' }, /invalid regular expression/],
  [{ regex: 'a', group: 1 }, /redact\[0\]\.group must be a group of the expression, got 1/],
  [{ regex: 'a', group: 'b' }, /redact\[0\]\.group must be a group of the expression/],
  [{ regex: 'a', with: 'ab' }, /redact\[0\]\.with must be one byte, got "ab"/],
  [{ regex: 'a', flag: 'i' }, /unknown key "flag" \(did you mean "flags"\?\)/],
  [{ pattern: '(n:u8)', group: 'n' }, /"n" is a number, not bytes/],
  [{ pattern: "'a'", group: 'n' }, /group must be a name of the pattern/],
  [{}, /redact\[0\] must be a rule with regex or pattern/],
] as const) {
  test(`the rule ${JSON.stringify(rule)} is refused`, () => {
    assert.throws(() => redact([rule as RedactionRule]), { code: 'ECONFIG', message });
  });
}

const rules: readonly RedactionRule[] = [
  { regex: '^PASS (\\S+)', flags: 'm', group: 1 },
  { regex: '(?<=key=)\\w+' },
  { pattern: "'<' (inner:*) '>'", group: 'inner' },
];

/** Text with secrets that are long enough to be cut anywhere. */
const secrets = fc.array(
  fc.oneof(
    fc.constantFrom('\nPASS hunter2\r\n', 'key=hunter2 ', '<hunter2>', 'plain text ', '\n'),
    fc.integer({ min: 1, max: 40_000 }).map((length) => 'x '.repeat(length)),
  ),
  { maxLength: 12 },
);

test('masking does not depend on how the stream was cut', () => {
  fc.assert(
    fc.property(
      secrets.map((parts) => parts.join('')),
      fc.array(fc.nat(), { maxLength: 20 }),
      (text, cuts) => {
        const whole = Buffer.from(redact(rules)(Buffer.from(text)));
        const borders = [...cuts.map((cut) => cut % (text.length + 1)), 0, text.length];
        borders.sort((left, right) => left - right);
        const copy = Buffer.from(text);
        const mask = new Redaction(rules).stream();
        for (let index = 1; index < borders.length; index++) {
          mask.add(copy.subarray(borders[index - 1], borders[index]));
          // What is final stays as it is.
          assert.ok(copy.subarray(0, mask.released).equals(whole.subarray(0, mask.released)));
        }
        mask.end();

        assert.ok(copy.equals(whole));
        assert.ok(!copy.includes('hunter2'));
        assert.equal(mask.released, text.length);
      },
    ),
    { numRuns: 60 },
  );
});

test('a match that is longer than the window is masked as far as it was seen, with a warning', () => {
  const warnings: string[] = [];
  const redaction = new Redaction([{ regex: 'a+' }], { warn: (text) => warnings.push(text) });
  const mask = redaction.stream();
  const bytes = Buffer.alloc(300_000, 'a');

  for (let at = 0; at < bytes.length; at += 1_000) mask.add(bytes.subarray(at, at + 1_000));
  mask.end();

  assert.ok(bytes.equals(Buffer.alloc(300_000, '*')));
  assert.ok(warnings.length > 0);
  assert.match(warnings[0] ?? '', /longer than 64 KiB/);
});

test('a rule that takes too long masks the rest of the direction whole', () => {
  const warnings: string[] = [];
  let nowUs = 0;
  const redaction = new Redaction([{ regex: 'PASS' }], {
    // Every look at the clock is 60 ms later than the one before.
    now: () => {
      nowUs += 60_000;
      return nowUs;
    },
    warn: (text) => warnings.push(text),
  });
  const mask = redaction.stream();
  const [first, second] = [Buffer.from('nothing secret'), Buffer.from('nor here')];

  mask.add(first);
  mask.end();
  mask.add(second);
  mask.end();

  assert.equal(first.toString(), '*'.repeat(14));
  assert.equal(second.toString(), '*'.repeat(8));
  assert.deepEqual(warnings, [
    'a rule took longer than 50 ms: the rest of its direction is masked whole',
  ]);
});
