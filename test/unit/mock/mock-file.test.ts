import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printProblem, readMockText, requireMocks } from '../../../src/mock/mock-file';

const mail = `version: 1
mocks:
  - name: mail
    listen: 127.0.0.1:0
    framing: crlf
    mode: strict
    state: { initial: greeted, scope: connection }
    tls: { mode: starttls, selfSigned: { hosts: [localhost] } }
    onConnect: { send: 220 mail.test ready }
    rules:
      - name: ehlo
        when: { regex: '^EHLO (?<host>\\S+)$', state: greeted }
        then:
          - send: '250-hello \${host}'
          - { send: 250 STARTTLS, goto: ready }
      - name: starttls
        when: STARTTLS
        then: [ { send: 220 go ahead }, { startTls: true } ]
      - name: list
        when: { equals: LIST, state: ready }
        sequence: [ { send: a }, [ { wait: 50ms }, { send: b } ], { close: reset } ]
        exhausted: last
      - name: quit
        when: QUIT
        then: [ { send: 221 bye }, { close: end } ]
        times: { min: 1, max: 1 }
    unmatched: { send: 500 what? }
    limits: { connections: 50, buffered: 1MiB, idle: 30s }
    redact: [ { regex: '^PASS (?<secret>.*)$', group: secret } ]

  - name: meter
    framing: { kind: length-prefix, type: u16be, includes: payload, max: 4KiB }
    rules:
      - name: read-register
        when: { pattern: '02 (seq:2) 10 [00-7f] *' }
        then: { send: { hex: '02 \${seq} 90 00 2a', template: true } }
      - name: dump
        when: { at: { offset: 0, type: u8, is: 0xff } }
        then: [ { send: { repeat: { of: { hex: '00' }, size: 64KiB } }, chunks: 1KiB, every: 10ms } ]

  - name: handshake
    framing: none
    script:
      - { send: 'SSH-2.0-mock\\r\\n' }
      - { expect: { regex: '^SSH-2\\.0-' }, within: 2s, capture: { banner: frame } }
      - unordered: [ { expect: a }, { expect: b } ]
      - { notify: both-seen }
      - { wait: 100ms }
      - { close: reset }
`;

function problemsOf(text: string): readonly string[] {
  return readMockText(text, 'mail.yaml').problems.map(printProblem);
}

test('a file of mocks is read into definitions without a problem', () => {
  const report = readMockText(mail, 'mail.yaml');

  assert.deepEqual(report.problems.map(printProblem), []);
  assert.deepEqual(
    report.mocks.map(({ definition }) => definition.name),
    ['mail', 'meter', 'handshake'],
  );
  assert.deepEqual(report.warnings.map(printProblem), []);
});

const mistakes: readonly [string, string, string, string][] = [
  [
    'a misspelt key',
    'then: [ { send: 221',
    'thne: [ { send: 221',
    'mail.yaml:25:9  mocks[0].rules[3].thne: unknown property (did you mean "then"?)',
  ],
  [
    'a misspelt framing',
    'framing: crlf',
    'framing: crfl',
    'mail.yaml:5:5  mocks[0].framing: unknown framing "crfl" (did you mean "crlf"?)',
  ],
  [
    'a wrong duration',
    'idle: 30s',
    "idle: '30 fortnights'",
    'mail.yaml:28:48  mocks[0].limits.idle: "30 fortnights" (string) is not one: a number is milliseconds; text carries its unit, as in 50ms or 2 minutes',
  ],
  [
    'an unknown name in a template',
    '${host}',
    '${hots}',
    'mail.yaml:14:13  mocks[0].rules[0].then[0].send: unknown name "hots" in a template (did you mean "host"?)',
  ],
  [
    'a broken expression',
    '(?<host>\\S+)$',
    '(?<host>\\S+$',
    'mail.yaml:12:17  mocks[0].rules[0].when.regex: invalid regular expression /^EHLO (?<host>\\S+$/: unterminated group',
  ],
  [
    'a name that stands twice',
    'name: meter',
    'name: mail',
    'mail.yaml:31:1  mocks: mock "mail" already exists (defined at mail.yaml:3)',
  ],
];

for (const [what, from, to, expected] of mistakes) {
  test(`${what} is refused with its line and column`, () => {
    assert.ok(
      problemsOf(mail.replace(from, to)).includes(expected),
      problemsOf(mail.replace(from, to)).join('\n'),
    );
  });
}

test('code in a file is an unknown property', () => {
  const text = mail.replace('when: QUIT', "when: { inject: 'function () { return true; }' }");

  assert.match(
    problemsOf(text).join('\n'),
    /mocks\[0\]\.rules\[3\]\.when\.inject: unknown property/,
  );
});

test('a wrong file is one error with all its problems', () => {
  const text = mail
    .replace('framing: crlf', 'framing: crfl')
    .replace('mode: strict', 'moed: strict');

  assert.throws(() => requireMocks(readMockText(text, 'mail.yaml')), {
    code: 'ECONFIG',
    message:
      /unknown framing "crfl"[\s\S]*mocks\[0\]\.moed: unknown property \(did you mean "mode"\?\)/,
  });
});
