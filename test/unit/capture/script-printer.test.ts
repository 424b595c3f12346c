import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isBareText } from '../../../src/capture/bare-text';
import {
  type Expectation,
  isBlock,
  type Payload,
  plainVerbs,
  type Script,
  type ScriptEvent,
  type ScriptLine,
  type TurnHead,
} from '../../../src/capture/script';
import { parseScript } from '../../../src/capture/script-parser';
import { printScript, printTurn } from '../../../src/capture/script-printer';
import { printTime } from '../../../src/capture/script-time';

test('a script prints as it is written by hand', () => {
  const text = [
    '@0 ms [1] * accept',
    '> expect /^EHLO (\\S+)/i within 2 s as hello',
    '+10 ms [2] < 220 go ahead',
    '? > NOOP',
    'repeat 2 times:',
    '  unordered:',
    '    > expect pattern "\'RCPT \' *"',
    '    > ...',
    '< raw "250 ok\\r"',
    '* start TLS with "leaf"',
    '* wait 250 us',
    '',
  ].join('\n');

  assert.equal(printScript(parseScript(text)), text);
});

test('bare text that would read back as something else is printed in quotes', () => {
  const payload = { kind: 'bare', text: 'hex "0d"' } as const;

  assert.equal(printTurn({ kind: 'send', line: 1, raw: false, payload }), '< \'hex "0d"\'');
});

test('joined literals print as the one literal of their bytes', () => {
  const part = { kind: 'text', bytes: Buffer.from('a') } as const;
  const literal = { kind: 'joined', parts: [part, part] } as const;
  const payload = { kind: 'literal', literal } as const;

  assert.equal(printTurn({ kind: 'send', line: 1, raw: false, payload }), '< "aa"');
});

test('times print exactly', () => {
  assert.deepEqual(
    [0, 1, 999, 1_000, 1_500, 999_999, 1_000_000, 1_500_000, 300_000_000, 1_234_567].map(printTime),
    [
      '0 ms',
      '1 us',
      '999 us',
      '1 ms',
      '1.5 ms',
      '999.999 ms',
      '1 s',
      '1.5 s',
      '300 s',
      '1.234567 s',
    ],
  );
});

const us = fc.nat(10_000_000_000);
const bytes = fc.uint8Array({ maxLength: 12 }).map((list) => Buffer.from(list));
const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const name = fc.stringMatching(/^[a-z_][A-Za-z0-9_]{0,6}$/);
const optionally = <T, K extends string>(key: K, value: fc.Arbitrary<T>) =>
  fc
    .option(value, { nil: undefined })
    .map((drawn) => (drawn === undefined ? {} : { [key]: drawn }) as { [P in K]?: T });

const literal: fc.Arbitrary<Payload> = fc.oneof(
  fc.tuple(fc.constantFrom('text', 'hex', 'base64', 'line'), bytes).map(([kind, value]) => ({
    kind: 'literal' as const,
    literal: { kind, bytes: value },
  })),
  fc.nat(5_000).map((size) => ({
    kind: 'literal' as const,
    literal: { kind: 'random' as const, size },
  })),
  fc.tuple(fc.nat(5_000), bytes).map(([size, value]) => ({
    kind: 'literal' as const,
    literal: { kind: 'repeat' as const, size, of: { kind: 'hex' as const, bytes: value } },
  })),
);
const bare = (received: boolean): fc.Arbitrary<Payload> =>
  fc
    .oneof(text, fc.constantFrom('250 ok', "it's", 'a "b"', 'C#', '...x', 'a as b', '5 B', '? x'))
    .filter((value) => isBareText(value, received))
    .map((value) => ({ kind: 'bare' as const, text: value }));
const expectation: fc.Arbitrary<Expectation> = fc.oneof(
  literal,
  bare(true),
  fc.constantFrom({ kind: 'anything' as const }, { kind: 'skip' as const }),
  fc.constantFrom('a', '^\\/x', '(?<y>.) # ', '"').map((source) => ({
    kind: 'regex' as const,
    regex: { source, flags: 'i', encoding: 'latin1' as const },
  })),
  bytes
    .filter((value) => value.length > 0)
    .map((value) => ({
      kind: 'pattern' as const,
      pattern: { elements: [{ kind: 'text' as const, bytes: value }, { kind: 'run' as const }] },
    })),
);
const event: fc.Arbitrary<ScriptEvent> = fc.oneof(
  fc.constantFrom(...plainVerbs).map((verb) => ({ verb })),
  fc.constant({ verb: 'start TLS' as const }),
  text.map((certificate) => ({ verb: 'start TLS' as const, certificate })),
  us.map((value) => ({ verb: 'wait' as const, us: value })),
  fc
    .tuple(fc.constantFrom('notify' as const, 'await' as const, 'goto' as const), name)
    .map(([verb, value]) => ({ verb, name: value })),
  fc
    .tuple(fc.constantFrom('mark' as const, 'fault' as const), text)
    .map(([verb, value]) => ({ verb, text: value })),
  fc.constantFrom('read timeout', 'ECONNRESET').map((words) => ({ verb: 'error' as const, words })),
);
const head: fc.Arbitrary<TurnHead> = fc
  .tuple(
    optionally(
      'time',
      fc
        .tuple(fc.constantFrom('previous', 'start'), us)
        .map(([from, value]) => ({ from, us: value })),
    ),
    optionally('connection', fc.integer({ min: 1, max: 99 })),
    optionally('optional', fc.constant(true as const)),
  )
  .map(([time, connection, optional]) => ({ line: 0, ...time, ...connection, ...optional }));
const turn: fc.Arbitrary<ScriptLine> = fc.oneof(
  fc
    .tuple(head, fc.boolean(), fc.oneof(literal, bare(false)))
    .map(([first, raw, payload]) => ({ ...first, kind: 'send' as const, raw, payload })),
  fc
    .tuple(head, expectation, optionally('withinUs', us), optionally('as', name), fc.boolean())
    .map(([first, expect, within, as, raw]) => ({
      ...first,
      kind: 'receive' as const,
      raw: raw && (expect.kind === 'literal' || expect.kind === 'bare'),
      expect,
      ...(expect.kind === 'bare' ? {} : within),
      ...(expect.kind === 'bare' ? {} : as),
    })),
  fc
    .tuple(head, event)
    .map(([first, value]) => ({ ...first, kind: 'event' as const, event: value })),
);
const { line } = fc.letrec<{ line: ScriptLine; lines: ScriptLine[] }>((tie) => ({
  line: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    turn,
    tie('lines').map((lines) => ({ kind: 'unordered' as const, line: 0, lines })),
    fc.tuple(fc.integer({ min: 1, max: 9 }), tie('lines')).map(([times, lines]) => ({
      kind: 'repeat' as const,
      line: 0,
      times,
      lines,
    })),
  ),
  lines: fc.array(tie('line'), { minLength: 1, maxLength: 4 }),
}));
const scripts: fc.Arbitrary<Script> = fc.array(line, { maxLength: 8 }).map((lines) => ({ lines }));

/** Numbers of lines follow from the text. */
function withoutNumbers(lines: readonly ScriptLine[]): ScriptLine[] {
  return lines.map((one) =>
    isBlock(one) ? { ...one, line: 0, lines: withoutNumbers(one.lines) } : { ...one, line: 0 },
  );
}

test('every script reads back from its text as the same script', () => {
  fc.assert(
    fc.property(scripts, (script) => {
      assert.deepEqual(withoutNumbers(parseScript(printScript(script)).lines), script.lines);
    }),
    { numRuns: 1_000 },
  );
});

test('every script prints again as the same text, with its lines counted', () => {
  fc.assert(
    fc.property(scripts, (script) => {
      const printed = printScript(script);
      const again = parseScript(printed);
      assert.equal(printScript(again), printed);
      const numbers = (lines: readonly ScriptLine[]): number[] =>
        lines.flatMap((one) => [one.line, ...(isBlock(one) ? numbers(one.lines) : [])]);
      assert.deepEqual(
        numbers(again.lines),
        printed
          .split('\n')
          .slice(0, -1)
          .map((_, index) => index + 1),
      );
    }),
  );
});
