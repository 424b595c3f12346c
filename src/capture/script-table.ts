import { suggestion } from '../base/closest-word';
import { refusal, TcpError } from '../base/errors';
import { startsLikeSomethingElse } from './bare-text';
import type { Script, Turn } from './script';
import { readTurn } from './script-turn-parser';

const columns = ['direction', 'bytes', 'after', 'within', 'raw'] as const;

type Row = Partial<Record<(typeof columns)[number], string>>;

/**
 * Reads a script from a data table with the columns `direction` (`<`, `>` or `*`), `bytes` (literal,
 * pattern, regular expression or verb) and optionally `after` and `within` (durations) and `raw`
 * (`yes`). The number of a turn's line is that of its row, the row of names being 1.
 *
 * @param table - rows of cells; the first row names the columns
 * @throws TcpError `ECONFIG`, field `script` - every mistake with its row, one a line
 * @source docs/scripts.md#tables
 */
export function readScriptTable(table: readonly (readonly string[])[]): Script {
  const [heading = [], ...rows] = table;
  checkColumns(heading);
  const mistakes: string[] = [];
  const lines = rows.flatMap((cells, index) => {
    try {
      const row: Row = Object.fromEntries(
        heading.map((name, at) => [name, (cells[at] ?? '').trim()]),
      );
      return [readRow(row, index + 2)];
    } catch (error) {
      if (!TcpError.is(error)) throw error;
      mistakes.push(`row ${index + 2}: ${error.message}`);
      return [];
    }
  });
  if (mistakes.length > 0) throw refusal('script', mistakes.join('\n'));
  return { lines };
}

function checkColumns(heading: readonly string[]): void {
  const unknown = heading.find((name) => !columns.some((column) => column === name));
  if (unknown !== undefined) {
    throw refusal('script', `unknown column "${unknown}"${suggestion(unknown, columns)}`);
  }
  for (const name of ['direction', 'bytes']) {
    const count = heading.filter((column) => column === name).length;
    if (count !== 1) throw refusal('script', `a script needs one column "${name}", got ${count}`);
  }
}

/** A row says the same as a line, so it is put together to one; a cell holds no comment. */
function readRow(row: Row, line: number): Turn {
  const { direction = '', bytes = '', after = '', within = '', raw = '' } = row;
  if (!/^\??\s?[<>*]$/.test(direction)) {
    throw refusal('script', `direction must be <, > or *, got ${JSON.stringify(direction)}`);
  }
  if (raw !== '' && raw !== 'yes') {
    throw refusal('script', `raw must be yes or empty, got ${JSON.stringify(raw)}`);
  }
  if (raw !== '' && direction.endsWith('*')) {
    throw refusal('script', 'raw goes with bytes, not with events');
  }
  if (within !== '' && !direction.endsWith('>')) {
    throw refusal('script', 'within goes with the direction > only');
  }
  // Bare text would silently end in front of it.
  if (/\s#/.test(bytes) && !startsLikeSomethingElse(bytes)) {
    throw refusal('script', 'a cell holds no comment; put text with a # in quotes');
  }
  const words = [
    after === '' ? '' : `+${after} `,
    direction,
    raw === '' ? ' ' : ' raw ',
    bytes,
    within === '' ? '' : ` within ${within}`,
  ];
  return readTurn(words.join(''), line);
}
