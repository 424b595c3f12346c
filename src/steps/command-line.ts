import { escapeTemplate, readSpecial, type Template, TemplateBuilder } from './interpolation';

/**
 * Splits a command line into arguments, references still in them.
 *
 * Blanks separate. `'…'` takes everything as it is; in `"…"` and bare words a backslash before a
 * blank, a quote or a backslash takes that character. Nothing else is special: no globbing, no
 * `$NAME`, no `~`. Values are put in later, so that one value is always one argument.
 *
 * @throws Error a quote that is not closed, an empty line, a `${` that is no reference
 * @source docs/processes.md#command-lines
 */
export function splitCommandLine(line: string): [Template, ...Template[]] {
  const words: Template[] = [];
  let word: TemplateBuilder | undefined;
  let quote: { readonly mark: string; readonly column: number } | undefined;
  for (let at = 0; at < line.length; ) {
    const piece = readPiece(line, at, quote?.mark);
    if (piece.role === 'blank') {
      if (word !== undefined) words.push(word.template);
      word = undefined;
    } else {
      word ??= new TemplateBuilder();
      if (piece.role === 'text') word.add(piece.part);
      else quote = quote === undefined ? { mark: line.charAt(at), column: at + 1 } : undefined;
    }
    at = piece.end;
  }
  if (quote !== undefined) {
    throw new Error(
      `the ${quote.mark} at column ${quote.column} of the command line is not closed`,
    );
  }
  if (word !== undefined) words.push(word.template);
  const [program, ...rest] = words;
  if (program === undefined) throw new Error('the command line is empty');
  return [program, ...rest];
}

/** Writes an argument so that {@link splitCommandLine} gives it back, as text alone. */
export function quoteArgument(argument: string): string {
  const text = escapeTemplate(argument);
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  return text.includes("'") ? `"${text.replace(/[\\"]/g, '\\$&')}"` : `'${text}'`;
}

/** A piece of the line: text of a word, a quotation mark with meaning, or a blank between words. */
type Piece =
  | { readonly role: 'text'; readonly part: Template[number]; readonly end: number }
  | { readonly role: 'mark' | 'blank'; readonly end: number };

function readPiece(line: string, at: number, mark: string | undefined): Piece {
  const special = readSpecial(line, at);
  if (special !== undefined) return { role: 'text', ...special };
  const character = line.charAt(at);
  if (character === mark) return { role: 'mark', end: at + 1 };
  if (mark !== "'" && character === '\\' && /[ \t"'\\]/.test(line.charAt(at + 1))) {
    return { role: 'text', part: line.charAt(at + 1), end: at + 2 };
  }
  if (mark === undefined) {
    if (character === "'" || character === '"') return { role: 'mark', end: at + 1 };
    if (/\s/.test(character)) return { role: 'blank', end: at + 1 };
  }
  return { role: 'text', part: character, end: at + 1 };
}
