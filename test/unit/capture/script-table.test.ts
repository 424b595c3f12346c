import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseScript } from '../../../src/capture/script-parser';
import { printScript } from '../../../src/capture/script-printer';
import { readScriptTable } from '../../../src/capture/script-table';

test('a table of directions and bytes is the same as a script of lines', () => {
  const script = readScriptTable([
    ['direction', 'bytes', 'after', 'within', 'raw'],
    ['>', '/^EHLO/', '', '2 s', ''],
    ['<', '250 ok', '10 ms', '', ''],
    ['<', '"250 ok\r"', '', '', 'yes'],
    ['>', 'pattern "02 *"', '', '', ''],
    ['*', 'peer closes', '', '', ''],
  ]);

  assert.deepEqual(
    script,
    parseScript(
      [
        '# the heading is row 1',
        '> /^EHLO/ within 2 s',
        '+10 ms < 250 ok',
        '< raw "250 ok\\r"',
        '> pattern "02 *"',
        '* peer closes',
      ].join('\n'),
    ),
  );
});

test('a cell may hold real line ends inside quotes, as the reader of tables makes them', () => {
  const script = readScriptTable([
    ['bytes', 'direction'],
    ['"PI\r\nNG"', '<'],
  ]);

  assert.equal(printScript(script), '< "PI\\r\\nNG"\n');
});

for (const [table, message] of [
  [[], 'a script needs one column "direction", got 0'],
  [[['direction', 'bytes', 'bytes']], 'a script needs one column "bytes", got 2'],
  [[['direction', 'byte']], 'unknown column "byte" (did you mean "bytes"?)'],
  [
    [
      ['direction', 'bytes'],
      ['=', '"a"'],
      ['<', '"a'],
    ],
    'row 2: direction must be <, > or *, got "="\nrow 3: the quote at column 3 is never closed',
  ],
  [
    [
      ['direction', 'bytes', 'raw'],
      ['<', '"a"', 'no'],
    ],
    'row 2: raw must be yes or empty, got "no"',
  ],
  [
    [
      ['direction', 'bytes', 'raw'],
      ['*', 'close', 'yes'],
    ],
    'row 2: raw goes with bytes, not with events',
  ],
  [
    [
      ['direction', 'bytes', 'within'],
      ['<', '"a"', '2 s'],
    ],
    'row 2: within goes with the direction > only',
  ],
  [
    [
      ['direction', 'bytes'],
      ['<', 'C # x'],
    ],
    'row 2: a cell holds no comment; put text with a # in quotes',
  ],
] as const) {
  test(`the table ${JSON.stringify(table)} is refused: ${message}`, () => {
    assert.throws(() => readScriptTable(table), { code: 'ECONFIG', field: 'script', message });
  });
}
