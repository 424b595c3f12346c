import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { seededRandom } from '../../../src/base/random';
import {
  compareScript,
  type ScriptComparisonOptions,
  searchScript,
} from '../../../src/capture/script-compare';
import { parseScript } from '../../../src/capture/script-parser';

const compare = (script: string, log: string, options?: ScriptComparisonOptions) =>
  compareScript(parseScript(script), parseScript(log), options);
const reasonOf = (script: string, log: string, options?: ScriptComparisonOptions) => {
  const result = compare(script, log, options);
  return result.same ? 'same' : result.reason;
};

const log = `
  @0 ms [1] * accept
  @1 ms [1] < "220 ready\\r\\n"
  @3 ms [1] > "EHLO me\\r\\n"
  @4 ms [1] < "250 ok\\r\\n"
  @40 ms [1] * peer closes
  @41 ms [1] * close
`;

for (const [title, script] of [
  ['itself', log],
  [
    'its lines without times, numbers and opening',
    '< "220 ready\\r\\n"\n> "EHLO me\\r\\n"\n< "250 ok\\r\\n"\n* peer closes\n* close',
  ],
  [
    'lines cut differently',
    '< "220 "\n< "ready\\r\\n"\n> "EHLO me\\r\\n"\n< line "250 ok"\n* peer closes\n* close',
  ],
  [
    'patterns and expressions',
    '< "220 ready\\r\\n"\n> expect /^EHLO (\\S+)/\n< "250 ok\\r\\n"\n* peer closes\n* close',
  ],
  [
    'a pattern over the whole piece',
    '< "220 ready\\r\\n"\n> pattern "\'EHLO \' (who:*) 0d 0a"\n< "250 ok\\r\\n"\n* peer closes\n* close',
  ],
  ['anything', '< "220 ready\\r\\n"\n> anything\n< "250 ok\\r\\n"\n* peer closes\n* close'],
  ['any bytes', '< "220 ready\\r\\n"\n> ...\n< "250 ok\\r\\n"\n* peer closes\n* close'],
  [
    'any bytes before some',
    '< "220 ready\\r\\n"\n> ...\n> "me\\r\\n"\n< "250 ok\\r\\n"\n* peer closes\n* close',
  ],
  [
    'optional lines that are there and not',
    '< "220 ready\\r\\n"\n? > "NOOP\\r\\n"\n? > "EHLO me\\r\\n"\n? < "x"\n< "250 ok\\r\\n"\n* peer closes\n? * peer resets\n* close',
  ],
  [
    'lines in any order',
    '< "220 ready\\r\\n"\nunordered:\n  < "250 ok\\r\\n"\n  ? > "NOOP"\n  > "EHLO me\\r\\n"\n* peer closes\n* close',
  ],
  [
    'times where they are given',
    '@1 ms < "220 ready\\r\\n"\n+2 ms > "EHLO me\\r\\n"\n< "250 ok\\r\\n"\n@40 ms * peer closes\n* close',
  ],
  [
    'other numbers of the same connections',
    '[7] < "220 ready\\r\\n"\n[7] > "EHLO me\\r\\n"\n< "250 ok\\r\\n"\n* peer closes\n[7] * close',
  ],
] as const) {
  test(`a log is the same as ${title}`, () => {
    assert.deepEqual(compare(script, log), { same: true });
  });
}

test('bytes that arrived in pieces are the same as one line, and the other way round', () => {
  assert.equal(reasonOf('> "abcd"\n> "ef"', '> "ab"\n> "cde"\n> "f"'), 'same');
  assert.equal(reasonOf('> /^a.*d$/\n< "x"', '> "ab"\n> "cd"\n< "x"'), 'same');
  assert.equal(reasonOf("> pattern \"'a' * 'd'\"", '> "ab"\n> "cd"'), 'same');
});

test('repeated lines are expected as often as they are said', () => {
  const script = 'repeat 3 times:\n  > "a"\n  < "b"';

  assert.equal(reasonOf(script, '> "a"\n< "b"\n> "a"\n< "b"\n> "a"\n< "b"'), 'same');
  assert.equal(
    reasonOf(script, '> "a"\n< "b"\n> "a"\n< "b"'),
    'line 2: expected > "a", the log ends',
  );
});

test('files and chance of a script come from its sources', () => {
  const random = seededRandom(1);
  const sent = Buffer.from(seededRandom(1).bytes(4)).toString('hex');
  const sources = { random, readFile: () => Buffer.from('xy') };

  assert.equal(
    reasonOf('> 4 bytes of random data\n> file "a"', `> hex "${sent} 7879"`, { sources }),
    'same',
  );
});

for (const [title, script, actual, reason] of [
  [
    'another byte',
    '> "EHLO me"',
    '> "EHLO ma"',
    'line 1: > differs at byte 6: expected 65 "e", got 61 "a"',
  ],
  [
    'another byte in a later piece',
    '> "abcd"',
    '> "ab"\n> "cx"',
    'line 1: > differs at byte 3: expected 64 "d", got 78 "x"',
  ],
  ['another direction', '# c\n> "a"', '< "a"', 'line 2: expected > "a", got < "a"'],
  ['another event', '* close', '* reset', 'line 1: expected * close, got * reset'],
  [
    'an event of other words',
    '* error read timeout',
    '* error write timeout',
    'line 1: expected * error read timeout, got * error write timeout',
  ],
  ['missing bytes', '> "abcd"\n< "x"', '> "ab"\n< "x"', 'line 1: > "cd" is missing, < "x" follows'],
  ['missing bytes at the end', '> "abcd"', '> "ab"', 'line 1: > "cd" is missing, the log ends'],
  ['a missing line', '> "a"\n* close', '> "a"', 'line 2: expected * close, the log ends'],
  ['more lines', '> "a"', '> "a"\n* close', 'the log goes on: * close'],
  ['more bytes', '> "a"', '> "abc"', 'the log goes on: > "bc"'],
  [
    'more bytes before a line',
    '> "a"\n< "x"',
    '> "abc"\n< "x"',
    'line 2: expected < "x", got > "bc"',
  ],
  ['an expression', '> /^b/', '> "ab"', 'line 1: the expression does not match "ab"'],
  [
    'a pattern',
    '> pattern "\'a\' 0d"',
    '> "ab"',
    'line 1: the pattern does not match: element 2 (0d) at byte 1: got 62',
  ],
  [
    'any bytes that never end',
    '> ...\n> "z"',
    '> "ab"\n> "c"\n< "z"',
    'line 2: > differs at byte 0: expected 7a "z", got 61 "a"',
  ],
  [
    'a line missing from any order',
    'unordered:\n  > "a"\n  > "b"',
    '> "b"\n> "c"',
    'line 2: > differs at byte 0: expected 61 "a", got 63 "c"',
  ],
  [
    'another time',
    '@10 ms > "a"',
    '@12 ms > "a"',
    'line 1: expected at 10 ms, was at 12 ms (tolerance 0 ms)',
  ],
  [
    'another time since the line before',
    '> "a"\n+5 ms > "b"',
    '@1 ms > "a"\n@7 ms > "b"',
    'line 2: expected at 6 ms, was at 7 ms (tolerance 0 ms)',
  ],
  ['a time in a log without', '@10 ms > "a"', '> "a"', 'line 1: the log has no times'],
  [
    'another connection',
    '[1] > "a"\n[2] > "b"',
    '[5] > "a"\n[5] > "b"',
    'line 2: expected on connection 2, was on 5',
  ],
  [
    'opening of the other kind',
    '* connect\n> "a"',
    '* accept\n> "a"',
    'line 1: expected * connect, got > "a"',
  ],
] as const) {
  test(`a log with ${title} differs: ${reason}`, () => {
    assert.equal(reasonOf(script, actual), reason);
  });
}

test('times may differ by the tolerance', () => {
  assert.equal(reasonOf('@10 ms > "a"', '@30 ms > "a"', { toleranceMs: 20 }), 'same');
  assert.notEqual(reasonOf('@10 ms > "a"', '@30.001 ms > "a"', { toleranceMs: 20 }), 'same');
});

test('a difference shows what was found, what was expected and what came', () => {
  const script = '< "220 ready\\r\\n"\n> "EHLO me\\r\\n"\n@4 ms < "550 no\\r\\n"\n* close';

  assert.deepEqual(compare(script, log), {
    same: false,
    line: 3,
    reason: 'line 3: < differs at byte 0: expected 35 "5", got 32 "2"',
    difference: [
      '  < "220 ready\\r\\n"',
      '  > "EHLO me\\r\\n"',
      '- @4 ms < "550 no\\r\\n"',
      '+ @4 ms [1] < "250 ok\\r\\n"',
      '+ @40 ms [1] * peer closes',
      '+ @41 ms [1] * close',
    ].join('\n'),
  });
});

test('a difference shows three lines of context and counts the rest', () => {
  const result = compare(
    '> "a"\n> "b"\n> "c"\n> "d"\n< "x"',
    '> "abcdefg"\n< "1"\n* close\n* reset\n* error x',
  );

  assert.ok(!result.same);
  assert.deepEqual(result.difference.split('\n'), [
    '  > "b"',
    '  > "c"',
    '  > "d"',
    '- < "x"',
    '+ > "efg"',
    '+ < "1"',
    '+ * close',
    '  (2 more lines in the log)',
  ]);
});

test('a difference leaves out the opening that a script need not name', () => {
  const result = compare('> "a"', '* accept\n> "b"');

  assert.ok(!result.same);
  assert.deepEqual(result.difference.split('\n'), ['- > "a"', '+ > "b"']);
});

test('a search finds lines in their order, whatever lies between', () => {
  const search = (script: string) => searchScript(parseScript(script), parseScript(log));

  assert.deepEqual(search('> "EHLO me\\r\\n"\n* close'), { same: true });
  assert.deepEqual(search('@3 ms > /EHLO/'), { same: true });
  assert.equal(search('* close\n> "EHLO me\\r\\n"').same, false);
});

test('a search that fails names the first line that is missing and the nearest one', () => {
  const result = searchScript(
    parseScript('< "220 ready\\r\\n"\n> "HELO me\\r\\n"'),
    parseScript(log),
  );

  assert.ok(!result.same);
  assert.equal(result.line, 2);
  assert.equal(
    result.reason,
    'line 2: > "HELO me\\r\\n" is not in the log behind < "220 ready\\r\\n" (nearest: > "EHLO me\\r\\n")',
  );
});

const piece = fc.uint8Array({ minLength: 1, maxLength: 6, min: 97, max: 99 });
const streams = fc.array(fc.tuple(fc.constantFrom('<', '>'), piece), { maxLength: 6 });
const cuts = fc.array(fc.nat(5), { maxLength: 20 });

/** Prints a conversation with its bytes cut into pieces of the lengths given. */
function cutLog(
  conversation: readonly (readonly [string, Uint8Array])[],
  lengths: readonly number[],
): string {
  let next = 0;
  return conversation
    .flatMap(([sign, bytes]) => {
      const lines: string[] = [];
      for (let at = 0; at < bytes.length; ) {
        const length = (lengths[next++ % lengths.length] ?? 0) + 1;
        lines.push(`${sign} hex "${Buffer.from(bytes.subarray(at, at + length)).toString('hex')}"`);
        at += length;
      }
      return lines;
    })
    .join('\n');
}

test('a conversation is the same however the network cut it', () => {
  fc.assert(
    fc.property(streams, cuts, cuts, (conversation, left, right) => {
      assert.equal(reasonOf(cutLog(conversation, left), cutLog(conversation, right)), 'same');
    }),
  );
});

test('a conversation in which one byte is another is never the same', () => {
  fc.assert(
    fc.property(
      streams.filter((conversation) => conversation.length > 0),
      cuts,
      fc.nat(),
      fc.nat(),
      (conversation, lengths, turn, at) => {
        const index = turn % conversation.length;
        const changed = conversation.map(([sign, bytes], number) => {
          const offset = at % bytes.length;
          return [sign, number === index ? bytes.with(offset, 122) : bytes] as const;
        });
        assert.notEqual(reasonOf(cutLog(conversation, lengths), cutLog(changed, [2])), 'same');
      },
    ),
  );
});
