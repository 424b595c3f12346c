/** Makes scripts and sheets short without making them other ones: what only serves their writers goes. */

/**
 * A script without comments and without white space that separates nothing.
 *
 * Strings, templates and regular expressions stay as they are. Every statement must end with a
 * semicolon or a block, as our formatter has it: line breaks end none here.
 */
export function closeScript(source: string): string {
  const constants = new Constants();
  let out = '';
  for (let at = 0; at < source.length; ) {
    const end = endOfToken(source, at, out.slice(-8));
    const token = source.slice(at, end);
    at = end;
    if (token.startsWith('//') || token.startsWith('/*')) continue;
    if (/^\s/.test(token)) {
      out += spaceBetween(out.slice(-2), source, end, token);
      continue;
    }
    if (constants.goesOn(token)) {
      out = `${out.slice(0, -1)},`;
      continue;
    }
    // Each statement of ours ends with a semicolon, which none needs in front of a brace.
    if (token === '}' && out.endsWith(';')) out = out.slice(0, -1);
    out += token;
  }
  return out.trim();
}

/** Finds constants that follow each other: one word can declare them all. */
class Constants {
  /** How many brackets are open. */
  #depth = 0;
  /** Of the declarations that are open, from the outside in: their depths. */
  readonly #open: number[] = [];
  #isBehind = false;

  /** Takes a token; tells whether it declares what could have stood behind the last semicolon. */
  goesOn(token: string): boolean {
    const follows = this.#isBehind && token === 'const';
    this.#isBehind = false;
    if (token === 'const') this.#open.push(this.#depth);
    if (/^[\w$'"`/]/.test(token)) return follows;
    for (const sign of token) {
      if ('([{'.includes(sign)) this.#depth++;
      if (')]}'.includes(sign)) this.#depth--;
      while ((this.#open.at(-1) ?? -1) > this.#depth) this.#open.pop();
      const ends = sign === ';' && this.#open.at(-1) === this.#depth;
      if (ends) this.#open.pop();
      this.#isBehind = ends;
    }
    return false;
  }
}

/** A sheet without comments and without white space that separates nothing. */
export function closeSheet(sheet: string): string {
  return sheet
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,]) ?/g, '$1')
    .replace(/: (?=[^{}]*[;}])/g, ':')
    .replace(/;\}/g, '}')
    .trim();
}

/** What of white space stays between the end of what was written and what follows. */
function spaceBetween(before: string, source: string, end: number, space: string): string {
  const from = matchEnd(source, end, /(?:\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)+/y);
  const next = source.slice(from, from + 2);
  const [last, first] = [before.at(-1) ?? '', next.charAt(0)];
  if (space.includes('\n')) {
    const goesOn = /[([{},;=?:&|+]$|=>$/.test(before) || /^[)\].?:]|^(?:&&|\|\|)/.test(next);
    return goesOn || last === '\n' || last === '' ? '' : '\n';
  }
  const isWord = /[\w$]/.test(last) && /[\w$]/.test(first);
  const isTwice = /[+-]/.test(last) && first === last;
  return isWord || isTwice ? ' ' : '';
}

/** Most of a script: words, and signs that begin nothing longer. */
const common = /[\w$]+|[{}]|[^\s\w$'"`/{}]+/y;
const white = /\s+/y;
const text = /(['"])(?:\\.|(?!\1).)*\1/y;
const remark = /\/\/[^\n]*|\/\*[\s\S]*?\*\//y;
const expression = /\/(?:\\.|\[(?:\\.|[^\]\n])*\]|[^/\\[\n])+\/[a-z]*/y;
/** What a division follows; everything else in front of a slash begins an expression. */
const value = /(?<![^\w$]return)(?<=[\w$)\]])$/;

function endOfToken(source: string, at: number, before: string): number {
  const plain = matchEnd(source, at, common);
  if (plain > at) return plain;
  switch (source[at]) {
    case '`':
      return endOfTemplate(source, at + 1);
    case "'":
    case '"':
      return Math.max(at + 1, matchEnd(source, at, text));
    case '/': {
      const behind = matchEnd(source, at, remark);
      if (behind > at || value.test(before)) return Math.max(at + 1, behind);
      return Math.max(at + 1, matchEnd(source, at, expression));
    }
    default:
      return matchEnd(source, at, white);
  }
}

function endOfTemplate(source: string, from: number): number {
  for (let at = from; at < source.length; at++) {
    const character = source[at];
    if (character === '`') return at + 1;
    if (character === '\\') at++;
    else if (character === '$' && source[at + 1] === '{') at = endOfBraces(source, at + 2) - 1;
  }
  return source.length;
}

/** Behind the brace that ends an expression within a template. */
function endOfBraces(source: string, from: number): number {
  for (let at = from, depth = 1; at < source.length; ) {
    const character = source[at];
    if (character === '{') depth++;
    if (character === '}' && --depth === 0) return at + 1;
    at = endOfToken(source, at, source.slice(Math.max(from, at - 8), at).trimEnd());
  }
  return source.length;
}

function matchEnd(source: string, at: number, pattern: RegExp): number {
  pattern.lastIndex = at;
  return pattern.test(source) ? pattern.lastIndex : at;
}
