/** Cucumber expressions of the catalogue as plain text: what they match, and the other way round. */

/** A parameter type, as far as matching goes. */
export interface MatchableType {
  readonly name: string;
  readonly regexps: readonly RegExp[];
}

const placeholder = /\{([a-z]*)\}/g;

/** The names of the placeholders, in their order. */
export function placeholders(expression: string): readonly string[] {
  return [...expression.matchAll(placeholder)].map((match) => match[1] ?? '');
}

/**
 * A regular expression for the whole sentence, with one capture group per placeholder.
 *
 * It knows the part of Cucumber expressions that the catalogue uses: optional text in parentheses,
 * alternatives of single words, placeholders. A placeholder of a type that is not known here, such
 * as one of a user's own, matches any text.
 */
export function expressionPattern(
  expression: string,
  types: ReadonlyMap<string, MatchableType>,
): RegExp {
  let source = '';
  let at = 0;
  for (const match of expression.matchAll(placeholder)) {
    source += literalSource(expression.slice(at, match.index));
    const regexps = types.get(match[1] ?? '')?.regexps ?? [/.+/];
    source += `(${regexps.map((regexp) => `(?:${regexp.source})`).join('|')})`;
    at = match.index + match[0].length;
  }
  return new RegExp(`^${source}${literalSource(expression.slice(at))}$`);
}

/** Every reading of the optional texts and alternatives of an expression, placeholders kept. */
export function expressionVariants(expression: string): readonly string[] {
  const optional = /^(.*?)\(([^)]*)\)(.*)$/s.exec(expression);
  if (optional !== null) {
    const [, before = '', inside = '', after = ''] = optional;
    return [`${before}${inside}${after}`, `${before}${after}`].flatMap(expressionVariants);
  }
  const alternatives = /^(|.*?\s)([^\s/]+(?:\/[^\s/]+)+)(.*)$/s.exec(expression);
  if (alternatives === null) return [expression];
  const [, before = '', words = '', after = ''] = alternatives;
  return words.split('/').flatMap((word) => expressionVariants(`${before}${word}${after}`));
}

/**
 * The sentence of an expression with its placeholders filled: the first of alternatives, no
 * optional text, and plural or singular as the number before it asks for.
 */
export function fillExpression(expression: string, tokens: readonly string[]): string {
  const texts = expression.split(/\{[a-z]*\}/);
  return texts
    .map((text, index) => plainText(text, tokens[index - 1] ?? '') + (tokens[index] ?? ''))
    .join('');
}

function plainText(text: string, before: string): string {
  const one = /^1(?: |$)/.test(before);
  return text
    .replace('(s)', one ? '' : 's')
    .replace('(es)', one ? 'es' : '')
    .replace(/\([^)]*\)/g, '')
    .replace(/[^\s/]+(?:\/[^\s/]+)+/g, (words) => words.split('/')[0] ?? '');
}

function literalSource(text: string): string {
  return text
    .replace(/[.*+?^${}|[\]\\]/g, '\\$&')
    .replace(/\(([^)]*)\)/g, '(?:$1)?')
    .replace(/[^\s/]+(?:\/[^\s/]+)+/g, (words) => `(?:${words.split('/').join('|')})`);
}
