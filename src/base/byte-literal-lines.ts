import { readHex } from './byte-encodings';
import { type Literal, parseLiteral } from './byte-literal';
import { suggestion } from './closest-word';
import { refusal, TcpError } from './errors';
import { decodeEscapes } from './quoted-text';

const readers: Readonly<Record<string, (text: string) => Literal>> = {
  text: (text) => textLiteral(text.replace(/\r\n/g, '\n')),
  crlf: (text) => textLiteral(text === '' ? '' : `${text.replace(/\r?\n/g, '\r\n')}\r\n`),
  hex: (text) => ({ kind: 'hex', bytes: Buffer.concat(linesOf(text).map(readHexLine)) }),
};

/**
 * Reads a doc string of bytes.
 *
 * Without a media type, one literal a line, joined; blank lines and lines starting with `#` are
 * skipped. `text` is the text as it stands, its lines ended by LF and the last one not ended; `crlf`
 * the same with CR LF behind every line, the last one too; `hex` hex digits with `#` comments.
 *
 * @throws TcpError `ECONFIG`, field `literal` - begins with `line 3: `, or names an unknown media type
 * @source docs/literals.md#several-lines
 */
export function parseLiteralLines(text: string, mediaType: string = ''): Literal {
  if (mediaType === '') return joinLiterals(linesOf(text));
  const read = Object.hasOwn(readers, mediaType) ? readers[mediaType] : undefined;
  if (read === undefined) {
    const known = Object.keys(readers);
    throw refusal(
      'literal',
      `unknown media type "${mediaType}", expected ${known.join(', ')} or none${suggestion(mediaType, known)}`,
    );
  }
  return read(text);
}

/**
 * Reads a data table with a column `bytes`, one literal a row, joined.
 *
 * @param table - rows of cells; the first row names the columns
 * @throws TcpError `ECONFIG`, field `literal`
 */
export function parseLiteralTable(table: readonly (readonly string[])[]): Literal {
  const [heading = [], ...rows] = table;
  const column = heading.indexOf('bytes');
  if (column < 0 || heading.length > 1) {
    throw refusal(
      'literal',
      `expected a table with one column "bytes", got ${heading.join(', ') || 'none'}`,
    );
  }
  return joinLiterals(
    rows.map((row) => row[column] ?? ''),
    'row',
  );
}

function joinLiterals(lines: readonly string[], unit: string = 'line'): Literal {
  const parts: Literal[] = [];
  lines.forEach((line, index) => {
    const literal = line.trim();
    if (literal === '' || literal.startsWith('#')) return;
    parts.push(numbered(unit, index, () => parseLiteral(literal)));
  });
  const [only] = parts;
  return only !== undefined && parts.length === 1 ? only : { kind: 'joined', parts };
}

function readHexLine(line: string, index: number): Uint8Array {
  const comment = line.indexOf('#');
  return numbered('line', index, () => readHex(line, 0, comment < 0 ? line.length : comment));
}

function numbered<T>(unit: string, index: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!TcpError.is(error)) throw error;
    throw refusal('literal', `${unit} ${index + 1}: ${error.message}`, error);
  }
}

/** Raw text has no escapes; it passes through the same check for halves of surrogate pairs. */
function textLiteral(text: string): Literal {
  return { kind: 'text', bytes: decodeEscapes(text.replaceAll('\\', '\\\\')) };
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/);
}
