import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compileByteRegex, matchByteRegex } from '../../../src/base/byte-regex';
import { hasNestedQuantifier, regexCost } from '../../../src/mock/regex-cost';
import { runRegex } from '../../../src/mock/regex-limit';
import { startMock } from '../../../src/mock/start-mock';
import type { RegexLimit } from '../../../src/mock/subject';
import { simulatedWorld } from '../../../src/simulation/world';
import { Client } from '../../../src/tcp/client';

const evil = 'a'.repeat(65_536);

test('an expression that may take for ever is told by its form', () => {
  for (const source of [
    '(a+)+$',
    '((a+)|b)+',
    '(?:a|aa)*$',
    '(?<x>[a-z]*)+',
    '(a?){2,}',
    '(a*)*',
  ]) {
    assert.equal(hasNestedQuantifier(source), true, source);
  }
  for (const source of [
    '^EHLO (?<host>\\S+)$',
    '(\\(+\\))',
    '[(+]+',
    '(ab)+',
    '(?=a+)b',
    'a{2,}',
  ]) {
    assert.equal(hasNestedQuantifier(source), false, source);
  }
});

test('time grows with the power that quantifiers and a missing anchor make', () => {
  const degree = (source: string, flags?: string) =>
    regexCost(compileByteRegex(source, flags)).degree;

  assert.deepEqual(
    [
      degree('^abc$'),
      degree('abc'),
      degree('^a+b'),
      degree('\\s+$'),
      degree('^a*b*c*$'),
      degree('^a+', 'm'),
    ],
    [1, 1, 1, 2, 3, 2],
  );
});

test('expressions are stopped when the time of their frame is spent', { timeout: 20_000 }, () => {
  const told: string[] = [];
  const limit: RegexLimit = {
    limitMs: 20,
    now: () => Number(process.hrtime.bigint() / 1_000n),
    exceeded: (expression) => told.push(expression),
  };
  const bytes = Buffer.from(evil.concat('!'));

  assert.equal(runRegex(compileByteRegex('(a+)+$'), bytes, limit), undefined);
  assert.equal(runRegex(compileByteRegex('^(a|aa)+$'), bytes, limit), undefined);
  assert.equal(runRegex(compileByteRegex('^a'), bytes, limit)?.end, 1);

  assert.deepEqual(told, ['/(a+)+$/', '/^(a|aa)+$/']);
  assert.ok((limit.spentMs ?? 0) >= 20);
});

test('a watched expression finds what an unwatched one finds', () => {
  const limit: RegexLimit = {
    limitMs: 1_000,
    now: () => 0,
    exceeded: () => assert.fail('stopped'),
  };
  const regex = compileByteRegex('(?<part>(?:[a-c]|\\xff)+)(?<end>\\x00)?');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
      assert.deepEqual(runRegex(regex, bytes, limit), matchByteRegex(regex, bytes));
    }),
    { numRuns: 50 },
  );
});

test('on a virtual clock an expression is stopped when it would hang', { timeout: 30_000 }, () =>
  simulatedWorld({ seed: 1 }).run(async (world) => {
    const server = await startMock(
      {
        name: 'm',
        framing: 'line',
        mode: 'lenient',
        rules: [{ name: 'evil', when: { allOf: [{ regex: '(a+)+$' }] }, then: 'never' }],
        unmatched: { send: 'no' },
      },
      { world },
    );
    const client = await Client.connect(server, { world });
    await client.writeBytes(Buffer.from(`${evil}!\n`));
    assert.equal(String(await client.readBytes(3)), 'no\n');
    await client.close();
    await server.stop();

    assert.deepEqual(server.warnings, [
      '/(a+)+$/ of rule "evil" took longer than 50 ms and counts as not matching',
    ]);
  }),
);
