/** Why a frame is not taken, what several files hold together, and what a builder can say. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import {
  close,
  echo,
  fail,
  goto,
  reply,
  reset,
  send,
  sendRaw,
  silence,
  startTls,
  wait,
} from '../../../src/mock/builder-steps';
import { explainPlan } from '../../../src/mock/explanation';
import { mock, mockFromFile } from '../../../src/mock/mock-builder';
import { printProblem, readMockFile, readMockText } from '../../../src/mock/mock-file';
import type { Predicate } from '../../../src/mock/mock-model';
import { planMock } from '../../../src/mock/mock-plan';
import { exactly, never } from '../../../src/mock/times';

const folder = mkdtempSync(join(tmpdir(), 'brine-reasons-'));
after(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, 'more'));

const reasons: readonly (readonly [when: Predicate, frame: string, reason: string])[] = [
  ['LIST', 'LISA', 'bytes differ at byte 3: expected 54 "T", got 41 "A"'],
  ['LIST', 'LIS', 'lengths differ: expected 4, got 3'],
  [
    'LIST',
    'list',
    'bytes differ at byte 0: expected 4c "L", got 6c "l" (equal when case is ignored)',
  ],
  [{ startsWith: 'ab' }, 'ba', 'bytes differ at byte 0: expected 61 "a", got 62 "b"'],
  [{ endsWith: 'ab' }, 'ba', 'at the end, bytes differ at byte 0: expected 61 "a", got 62 "b"'],
  [{ contains: 'ab' }, 'ba', 'does not contain these 2 bytes'],
  [{ regex: '^x$' }, 'y', '/^x$/ does not match'],
  [{ length: { min: 2 } }, 'y', 'length is 1, rule wants 2 to any'],
  [{ length: 2 }, 'y', 'length is 1, rule wants 2'],
  [{ at: { offset: 0, type: 'u8', is: 1 } }, 'a', 'at byte 0: expected 1, got 97'],
  [{ at: { offset: 0, is: { hex: '00 01' } } }, 'ab', 'at byte 0: expected 00 01, got 61 62'],
  [{ at: { offset: 5, is: 1 } }, 'a', 'byte 5 is outside of 1 bytes'],
  [{ json: { path: 'a', is: 1 } }, '{"a":2}', 'a is 2, rule wants 1'],
  [{ json: { subset: { a: 1 } } }, '{"a":2}', 'the JSON differs'],
  [{ json: { subset: {} } }, 'no', 'not JSON'],
  [{ not: 'x' }, 'x', 'what "not" excludes matches'],
  [{ allOf: [{ startsWith: 'x' }, { regex: 'y' }] }, 'xx', '/y/ does not match'],
  [{ anyOf: ['x', 'y'] }, 'z', 'none of 2 alternatives matches'],
  [{ state: 'other' }, 'x', 'state is "start", rule wants "other"'],
  [{ connection: 2 }, 'x', 'connection is 1, rule wants 2'],
  [{ tls: true }, 'x', 'connection is not secured'],
  [{ clientCert: 'me' }, 'x', 'client certificate is none, rule wants me'],
  [{ handler: () => false }, 'x', 'the handler says no'],
];

test('each predicate says why it does not take a frame', () => {
  const found = reasons.map(([when, frame]) => {
    const plan = planMock({ name: 'm', framing: 'line', rules: [{ when, then: 'x' }] });
    return explainPlan(plan, Buffer.from(frame), {}).others[0]?.reasons.join('; ');
  });

  assert.deepEqual(
    found,
    reasons.map(([, , reason]) => reason),
  );
});

test('a key that a predicate or an action does not have is refused with the nearest', () => {
  const wrong = { equls: 'x' } as never;

  assert.throws(() => planMock({ name: 'm', rules: [{ when: wrong, then: 'x' }] }), {
    message: /^m\.rules\[0\]\.when\.equls: unknown key "equls" \(did you mean "equals"\?\)/,
  });
  assert.throws(() => planMock({ name: 'm', onConnect: { sned: 'x' } as never }), {
    message: /^m\.onConnect: unknown property "sned" \(did you mean "send"\?\)/,
  });
});

test('an explanation says what is answered, also when no rule takes the frame', () => {
  const plan = planMock({
    name: 'm',
    rules: [{ when: 'x', then: [{ wait: '5ms' }, { close: 'reset', handler: () => undefined }] }],
    unmatched: { send: 'no' },
  });

  assert.equal(
    explainPlan(plan, Buffer.from('x'), {}).answer,
    'wait "5ms", close "reset", handler of the program',
  );
  assert.equal(explainPlan(plan, Buffer.from('y'), {}).answer, 'unmatched: send "no"');
  assert.match(
    explainPlan(planMock({ name: 'n' }), Buffer.from('y'), {}).text,
    /unmatched: nothing/,
  );
});

/** Writes files and reads the first; what is wrong with it, a line each. */
function problems(files: Readonly<Record<string, string>>): readonly string[] {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const [first = ''] = Object.keys(files);
  return readMockFile(join(folder, first)).problems.map((problem) =>
    printProblem({ ...problem, file: problem.file.replace(/^.*\//, '') }),
  );
}

test('files include others, one also twice, but not in a circle, and names are unique', () => {
  const one = (name: string, include: string): string =>
    `version: 1\ninclude: [${include}]\nmocks: [{ name: ${name} }]\n`;

  assert.deepEqual(
    problems({
      'a.yaml': one('a', 'b.yaml, more/c.yaml'),
      'b.yaml': one('b', 'd.yaml'),
      'more/c.yaml': one('c', '../d.yaml'),
      'd.yaml': one('d', ''),
    }),
    [],
  );
  const { mocks, files } = readMockFile(join(folder, 'a.yaml'));
  assert.deepEqual(mocks.map(({ definition }) => definition.name).sort(), ['a', 'b', 'c', 'd']);
  assert.equal(files.length, 4);

  assert.match(
    problems({ 'e.yaml': one('e', 'f.yaml'), 'f.yaml': one('f', 'e.yaml') }).join(),
    /^f\.yaml:2:\d+ {2}include\[0\]: "e\.yaml" includes this file again$/,
  );
  assert.match(
    problems({ 'g.yaml': one('same', 'h.yaml'), 'h.yaml': one('same', '') }).join(),
    /same/,
  );
  assert.match(problems({ 'i.yaml': one('i', 'none.yaml') }).join(), /there is no such file/);
  assert.match(
    problems({ 'j.yaml': 'version: 1\nversion: 1\nmocks: []\n' }).join(),
    /^j\.yaml:2:1 {2}this key stands here twice/,
  );
});

test('the mock of a file is the only one, or that of a name', () => {
  const file = join(folder, 'two.yaml');
  writeFileSync(file, 'version: 1\nmocks: [{ name: a }, { name: b }]\n');

  assert.equal(mockFromFile(file, 'b').toDefinition().name, 'b');
  assert.throws(() => mockFromFile(file), { message: /has 2 mocks, say which: "a", "b"/ });
  assert.throws(() => mockFromFile(file, 'c'), { message: /has no mock "c", it has "a", "b"/ });
});

test('a builder says everything that a file says', () => {
  const definition = mock('all', { framing: 'line' })
    .onConnect(send('hi', { chunks: 1 }), sendRaw('x'))
    .onClose('bye')
    .every('5ms', ['tick'], 'mock')
    .when('a')
    .times(2)
    .priority(3)
    .reply(wait(1), echo({ truncate: 1 }), goto('b'), close('half'))
    .when('b')
    .inSequence(
      reset(),
      startTls(),
      startTls('leaf'),
      silence(),
      fail(),
      { hex: '00' },
      Buffer.of(1),
    )
    .when('c')
    .silently()
    .unmatched(reply('?').after('2ms').goto('c'))
    .toDefinition();

  assert.deepEqual(definition.onConnect, [{ send: 'hi', chunks: 1 }, { raw: 'x' }]);
  assert.deepEqual(definition.every, [{ interval: '5ms', do: { send: 'tick' }, scope: 'mock' }]);
  assert.deepEqual(
    definition.rules?.map(({ when, times, priority }) => [when, times, priority]),
    [
      ['a', 2, 3],
      ['b', undefined, undefined],
      ['c', undefined, undefined],
    ],
  );
  assert.deepEqual(definition.rules?.[1]?.sequence, [
    { close: 'reset' },
    { startTls: true },
    { startTls: 'leaf' },
    { silence: true },
    { fail: 'this frame must not come' },
    { send: { hex: '00' } },
    { send: Buffer.of(1) },
  ]);
  assert.deepEqual(definition.unmatched, { send: '?', wait: '2ms', goto: 'c' });
});

test('how often something is expected is a whole number', () => {
  assert.deepEqual(
    [exactly(3), never()],
    [
      { min: 3, max: 3 },
      { min: 0, max: 0 },
    ],
  );
  assert.throws(() => exactly(-1), { code: 'ECONFIG' });
  assert.throws(() => exactly(1.5), { code: 'ECONFIG' });
});

test('what is allowed and most likely not meant is a warning with its place', () => {
  const warned = (mock: string): readonly string[] =>
    readMockText(`version: 1\nmocks:\n  - name: m\n${mock}`, 'm.yaml').warnings.map(
      ({ path, message }) => `${path.replace('mocks[0]', 'm')}: ${message}`,
    );

  assert.deepEqual(
    warned('    rules: [{ when: { any: true }, then: x }, { when: { any: true }, then: y }]\n'),
    ['m.rules[1]: never reached: rule 1 takes these frames first'],
  );
  assert.deepEqual(
    warned('    rules: [{ when: a, then: 1x }, { name: two, when: a, then: x }]\n'),
    ['m.rules[1]: never reached: rule 1 takes these frames first'],
  );
  assert.deepEqual(
    warned('    rules: [{ when: { equals: a, state: start }, then: { goto: nowhere } }]\n'),
    ['m.rules[0].then.goto: no rule names the state "nowhere"'],
  );
  assert.deepEqual(warned('    onConnect: [{ await: nobody }]\n'), [
    'm.onConnect[0].await: nothing in this mock says notify: nobody',
  ]);
  assert.match(
    warned('    rules: [{ when: { regex: "(a+)+b" }, then: x }]\n').join(),
    /^m\.rules\[0\]\.when\.regex: /,
  );
  assert.match(warned('    onConnect: "\\xff"\n').join(), /is a character of two bytes/);
  const script = '    script: [{ expect: QUIT }, { close: end }]\n';
  assert.deepEqual(warned(`${script}    rules: [{ when: QUIT, then: x, times: { min: 1 } }]\n`), [
    'm.rules[0].times: the script takes these frames first',
  ]);
  assert.deepEqual(
    warned(`${script}    rules: [{ when: NOOP, then: x, times: { min: 1 } }]\n`),
    [],
  );
});
