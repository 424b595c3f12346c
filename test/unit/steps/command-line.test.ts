import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { quoteArgument, splitCommandLine } from '../../../src/steps/command-line';
import { fillTemplate } from '../../../src/steps/interpolation';

/** Splits and puts in `<kind name part>` for every reference. */
const split = (line: string): string[] =>
  splitCommandLine(line).map((word) =>
    fillTemplate(word, ({ kind, name = '', part = '' }) => `<${kind} ${name} ${part}>`),
  );

for (const [line, words] of [
  ['node server.js', ['node', 'server.js']],
  ['  node \t server.js  ', ['node', 'server.js']],
  ['node -e \'a "b" \\ c\'', ['node', '-e', 'a "b" \\ c']],
  ['node -e "it\'s"', ['node', '-e', "it's"]],
  ['"a \\"b\\" \\\\ \\n"', ['a "b" \\ \\n']],
  ['a\\ b \\"c\\" d\\\\e \\x', ['a b', '"c"', 'd\\e', '\\x']],
  ['x \'\' ""', ['x', '', '']],
  ['--name=\'a b\'"c d"e', ['--name=a bc de']],
  ['echo $HOME ~ *.ts a;b|c>d#e', ['echo', '$HOME', '~', '*.ts', 'a;b|c>d#e']],
  ['\\', ['\\']],
  ['a\u00a0b', ['a', 'b']],
] as const) {
  test(`the command line ${JSON.stringify(line)} splits into ${words.length} words`, () => {
    assert.deepEqual(split(line), words);
  });
}

for (const [line, words] of [
  ['x ${mock "mail"}', ['x', '<mock mail >']],
  ['x --at=${mock "my mail" port}/y', ['x', '--at=<mock my mail port>/y']],
  ["x '${mock 'mail'} $1'", ['x', '<mock mail > $1']],
  ['x "${mock "mail"}"', ['x', '<mock mail >']],
  ['x ${port "a"}${port "b"}', ['x', '<port a ><port b >']],
  ['x $${mock}', ['x', '${mock}']],
  ['x \'$${a}\' "$$${a}"', ['x', '${a}', '$${a}']],
  ["x $'{mock}'", ['x', '${mock}']],
] as const) {
  test(`the command line ${JSON.stringify(line)} takes its values after it was split`, () => {
    assert.deepEqual(split(line), words);
  });
}

for (const [line, message] of [
  ['', 'the command line is empty'],
  ['   ', 'the command line is empty'],
  ["node 'a b", "the ' at column 6 of the command line is not closed"],
  ['a "b c\\"', 'the " at column 3 of the command line is not closed'],
  [
    'a ${mock "mail}',
    '"${mock "mail}" is no reference such as ${mock "mail"} or ${env HOME}, at column 3 (write $${ for a literal ${)',
  ],
] as const) {
  test(`the command line ${JSON.stringify(line)} is refused`, () => {
    assert.throws(() => splitCommandLine(line), { message });
  });
}

const argument = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom(...' \t\'"\\$\u0024{}ab') }),
);

test('an argument that was quoted splits into itself', () => {
  fc.assert(
    fc.property(
      fc.array(argument, { minLength: 1 }),
      fc.constantFrom(' ', '  ', '\t'),
      (all, gap) => {
        assert.deepEqual(split(all.map(quoteArgument).join(gap)), all);
      },
    ),
  );
});

test('an argument that needs no quotes is quoted as it is', () => {
  assert.equal(quoteArgument('--port=8080'), '--port=8080');
  assert.equal(quoteArgument('a b'), "'a b'");
  assert.equal(quoteArgument("it's"), '"it\'s"');
  assert.equal(quoteArgument(''), "''");
});

test('a value is one argument, whatever is in it and whatever quotes are around it', () => {
  const around = fc.constantFrom('', "'", '"');
  fc.assert(
    fc.property(argument, argument, around, (before, value, mark) => {
      const line = `x ${quoteArgument(before)}${mark}\${match "v"}${mark} y`;
      const words = splitCommandLine(line).map((word) => fillTemplate(word, () => value));
      assert.deepEqual(words, ['x', before + value, 'y']);
    }),
  );
});
