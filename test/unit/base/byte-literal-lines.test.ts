import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveLiteral } from '../../../src/base/byte-literal';
import { parseLiteralLines, parseLiteralTable } from '../../../src/base/byte-literal-lines';

const read = (text: string, mediaType?: string) =>
  Buffer.from(resolveLiteral(parseLiteralLines(text, mediaType))).toString('latin1');

test('a doc string holds one literal a line, with blank lines and comments skipped', () => {
  assert.equal(
    read('"EHLO me\\r\\n"\n\n  # greeting\n  hex "0d 0a"\nline "x"'),
    'EHLO me\r\n\r\nx\r\n',
  );
});

test('a doc string of one literal is that literal', () => {
  assert.equal(parseLiteralLines('\n4 bytes of random data\n').kind, 'random');
});

test('an empty doc string is no bytes in every reading', () => {
  for (const mediaType of ['', 'text', 'crlf', 'hex']) assert.equal(read('', mediaType), '');
});

test('the media type text keeps the text as it stands', () => {
  assert.equal(read('a\\r\n  # b\r\n', 'text'), 'a\\r\n  # b\n');
});

test('the media type crlf ends every line with CR LF, the last one too', () => {
  assert.equal(read('GET / HTTP/1.1\nHost: a\r\n', 'crlf'), 'GET / HTTP/1.1\r\nHost: a\r\n\r\n');
});

test('the media type hex takes digits over several lines, with comments', () => {
  assert.equal(read('48 69 # header\n# nothing\n0d0A', 'hex'), 'Hi\r\n');
});

for (const [text, mediaType, message] of [
  ['"a"\n"\\q"', '', 'line 2: unknown escape \\q at column 2 (write \\\\q for a backslash)'],
  ['"a" "b"', '', 'line 1: unexpected " \\"b\\"" after the literal, at column 4'],
  ['48\n4z', 'hex', 'line 2: "z" is not a hex digit, at column 2'],
  ['48 6', 'hex', 'line 1: odd number of hex digits (3)'],
  ['a', 'txt', 'unknown media type "txt", expected text, crlf, hex or none (did you mean "text"?)'],
  ['a', 'toString', 'unknown media type "toString", expected text, crlf, hex or none'],
  ['\ud800', 'text', 'half a surrogate pair is no character, at column 1'],
] as const) {
  test(`a doc string ${JSON.stringify(text)} (${mediaType || 'literals'}) is refused: ${message}`, () => {
    assert.throws(() => parseLiteralLines(text, mediaType), {
      code: 'ECONFIG',
      field: 'literal',
      message,
    });
  });
}

test('a table with a column bytes is the same as lines of literals', () => {
  const literal = parseLiteralTable([['bytes'], ['"a"'], ['hex "0d"']]);

  assert.equal(Buffer.from(resolveLiteral(literal)).toString('latin1'), 'a\r');
});

test('a table without the column bytes is refused', () => {
  assert.throws(() => parseLiteralTable([['data'], ['"a"']]), {
    message: 'expected a table with one column "bytes", got data',
  });
  assert.throws(() => parseLiteralTable([['bytes'], ['"a"'], ['"']]), {
    message: 'row 2: the quote at column 1 is never closed',
  });
});
