import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  durationPattern,
  formatDuration,
  readDuration,
  readTimeLimit,
  toMicroseconds,
} from '../../../src/base/duration';

for (const [value, ms] of [
  [0, 0],
  [250, 250],
  [0.5, 0.5],
  [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  ['250ms', 250],
  ['250 ms', 250],
  [' 2s ', 2_000],
  ['1.5 s', 1_500],
  ['1 second', 1_000],
  ['2 seconds', 2_000],
  ['5 minutes', 300_000],
  ['1 minute', 60_000],
  ['1min', 60_000],
  ['1 h', 3_600_000],
  ['2 hours', 7_200_000],
  ['500us', 0.5],
  ['1 microsecond', 0.001],
  ['10 milliseconds', 10],
] as const) {
  test(`the duration ${JSON.stringify(value)} is ${ms} ms`, () => {
    assert.equal(readDuration('timeout', value), ms);
  });
}

for (const value of [
  -1,
  Number.NaN,
  '',
  '5',
  'ms',
  '-1 ms',
  '1e3 ms',
  '.5 s',
  '1  s',
  '1 S',
  '1 fortnight',
  '5 constructor',
  null,
  undefined,
  {},
  5n,
]) {
  test(`the duration ${typeof value === 'string' ? JSON.stringify(value) : String(value)} is refused`, () => {
    assert.throws(() => readDuration('timeout', value), {
      name: 'TcpError',
      code: 'ECONFIG',
      phase: 'config',
      field: 'timeout',
      message: /^timeout must be a duration of 0 or more, such as .*, got /,
    });
  });
}

test('a time limit of 0 or Infinity is no limit', () => {
  assert.equal(readTimeLimit('timeout', 0), Number.POSITIVE_INFINITY);
  assert.equal(readTimeLimit('timeout', '0 s'), Number.POSITIVE_INFINITY);
  assert.equal(readTimeLimit('timeout', Number.POSITIVE_INFINITY), Number.POSITIVE_INFINITY);
  assert.equal(readTimeLimit('timeout', '1 s'), 1_000);
  assert.throws(() => readTimeLimit('timeout', -1), { code: 'ECONFIG' });
});

test('microseconds are rounded half up, and a positive length never becomes 0', () => {
  assert.deepEqual(
    [0, -3, 1, 0.0005, 0.0004, 0.0000001, 1.0005, 1.0004].map(toMicroseconds),
    [0, 0, 1_000, 1, 1, 1, 1_001, 1_000],
  );
});

test('a duration for people names the unit that suits it', () => {
  assert.deepEqual(
    [0, 0.25, 1, 250, 999, 1_000, 1_500, 60_000, 61_000, 90_000, 300_000, 3_600_000].map(
      formatDuration,
    ),
    [
      '0 ms',
      '250 us',
      '1 ms',
      '250 ms',
      '999 ms',
      '1 s',
      '1.5 s',
      '1 min',
      '61 s',
      '90 s',
      '5 min',
      '1 h',
    ],
  );
  assert.equal(formatDuration(Number.POSITIVE_INFINITY), 'no limit');
});

test('every whole number of milliseconds reads back from its text, to the microsecond', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000_000), (ms) => {
      assert.equal(toMicroseconds(readDuration('t', formatDuration(ms))), ms * 1_000);
    }),
  );
});

test('every length below a second reads back from its text, to the microsecond', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 999_999 }), (us) => {
      assert.equal(toMicroseconds(readDuration('t', formatDuration(us / 1_000))), us);
    }),
  );
});

test('the pattern of durations takes the text that is a duration, and no other', () => {
  const pieces = [
    '1',
    '2.5',
    '.5',
    '-',
    ' ',
    '  ',
    'ms',
    'us',
    's',
    'minutes',
    'hour',
    'e3',
    'x',
    '\n',
  ];
  const pattern = new RegExp(durationPattern, 'u');

  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 4 }), (words) => {
      const text = words.join('');
      const read = (): number => readDuration('timeout', text);

      if (pattern.test(text)) assert.ok(read() >= 0);
      else assert.throws(read, { code: 'ECONFIG' });
    }),
    { numRuns: 500 },
  );
});
