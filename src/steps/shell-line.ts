import { type Resolve, readSpecial } from './interpolation';

/** A line for a shell, and the values it takes as `$1`, `$2`, …. */
export interface ShellLine {
  readonly script: string;
  readonly values: readonly string[];
}

/** Where in the shell's grammar a character stands. */
interface Context {
  quote: 'none' | 'single' | 'double';
  /** Parentheses open inside of a `$(`. */
  depth: number;
}

/**
 * Makes a line for a POSIX shell, in which every value is a quoted parameter.
 *
 * A value never becomes part of the script, so it cannot inject anything, whatever quotes surround
 * its reference.
 *
 * @source docs/processes.md#command-lines
 */
export function shellLine(line: string, resolve: Resolve): ShellLine {
  const values: string[] = [];
  const contexts: [Context, ...Context[]] = [{ quote: 'none', depth: 0 }];
  let script = '';
  for (let at = 0; at < line.length; ) {
    const context = contexts.at(-1) ?? contexts[0];
    const special = readSpecial(line, at);
    if (special === undefined) {
      const piece = readShellPiece(line, at, context.quote);
      script += piece;
      enter(contexts, context, piece);
      at += piece.length;
    } else {
      const { part, end } = special;
      script += typeof part === 'string' ? part : parameter(values.push(resolve(part)), context);
      at = end;
    }
  }
  return { script, values };
}

/** Characters that mean nothing to the shell of Windows, inside or outside quotes. */
const plain = /^[\w.:/\\@+=,-]*$/;

/**
 * Makes a line for the shell of Windows, which has no parameters and no dependable quoting.
 *
 * @throws Error a value that cannot be passed safely
 */
export function windowsShellLine(line: string, resolve: Resolve): string {
  let text = '';
  for (let at = 0; at < line.length; ) {
    const special = readSpecial(line, at);
    const part = special?.part ?? line.charAt(at);
    text += typeof part === 'string' ? part : plainValue(resolve(part), part.source);
    at = special?.end ?? at + 1;
  }
  return text;
}

function plainValue(value: string, source: string): string {
  if (plain.test(value)) return value;
  throw new Error(`the value of ${source} cannot be quoted for the shell of Windows`);
}

/** A backslash takes the next character along, so that it cannot close a quote. */
function readShellPiece(line: string, at: number, quote: Context['quote']): string {
  if (quote !== 'single' && line.startsWith('\\', at)) return line.slice(at, at + 2);
  if (quote !== 'single' && line.startsWith('$(', at)) return '$(';
  return line.charAt(at);
}

/** Follows quotes and command substitutions, which start a quoting of their own. */
function enter(contexts: Context[], context: Context, piece: string): void {
  if (context.quote === 'single') {
    if (piece === "'") context.quote = 'none';
  } else if (piece === '"') {
    context.quote = context.quote === 'double' ? 'none' : 'double';
  } else if (piece === '$(') {
    contexts.push({ quote: 'none', depth: 0 });
  } else if (context.quote === 'none') {
    if (piece === "'") context.quote = 'single';
    else if (piece === '(') context.depth += 1;
    else if (piece === ')' && context.depth > 0) context.depth -= 1;
    else if (piece === ')' && contexts.length > 1) contexts.pop();
  }
}

function parameter(number: number, { quote }: Context): string {
  const parameter = `\${${number}}`;
  if (quote === 'double') return parameter;
  return quote === 'single' ? `'"${parameter}"'` : `"${parameter}"`;
}
