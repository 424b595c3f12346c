/**
 * Patterns over bytes: `02 ?? (seq:2) 10 [00-7f] 'OK' *`.
 *
 * This file holds what a pattern is, reads it and prints it; `byte-pattern-match.ts` matches.
 *
 * @source docs/literals.md#patterns
 */
import type { PatternElement } from './byte-pattern-element';
import { elementAt, printElement, wrongPattern } from './byte-pattern-text';
import { refusal } from './errors';
import { isQuote, quotedEnd } from './quoted-text';

export type { PatternElement };

/** A compiled pattern; plain data. */
export interface BytePattern {
  readonly elements: readonly PatternElement[];
}

/** A pattern may hold this many runs, so that matching stays linear in practice and readable. */
const mostRuns = 4;

/**
 * Reads the inside of a pattern, as it stands between the quotes of `pattern "…"`.
 *
 * @throws TcpError `ECONFIG`, field `pattern` - an unknown element with its column, more than 4
 * runs, a name used twice, no element at all
 */
export function compilePattern(source: string): BytePattern {
  const elements: PatternElement[] = [];
  const names = new Set<string>();
  let at = skipBlanks(source, 0);
  while (at < source.length) {
    const { element, end } = elementAt(source, at);
    const name = 'name' in element ? element.name : undefined;
    if (name !== undefined && names.has(name)) {
      throw wrongPattern(source, at, `the name "${name}" is used twice`);
    }
    if (name !== undefined) names.add(name);
    if (end < source.length && !isBlank(source[end])) {
      throw wrongPattern(source, end, `expected a blank after ${source.slice(at, end)}`);
    }
    elements.push(element);
    at = skipBlanks(source, end);
  }
  if (elements.length === 0) throw refusal('pattern', 'a pattern needs at least one element');
  const runs = elements.filter((element) => element.kind === 'run').length;
  if (runs > mostRuns) {
    throw refusal('pattern', `a pattern has at most ${mostRuns} runs (*), got ${runs}`);
  }
  return { elements };
}

/**
 * Reads `pattern "…"`, the form of steps and scripts; escapes are read inside the texts of the
 * pattern only.
 *
 * @throws TcpError `ECONFIG`, field `pattern` or `literal`
 */
export function parsePattern(text: string): BytePattern {
  const { pattern, end } = patternAt(text, 0);
  if (end < text.length) throw wrongPattern(text, end, 'unexpected text after the pattern');
  return pattern;
}

/** Reads the `pattern "…"` that starts at an index and says where it ends. */
export function patternAt(text: string, start: number): { pattern: BytePattern; end: number } {
  const quote = start + 'pattern '.length;
  if (!text.startsWith('pattern ', start) || !isQuote(text[quote])) {
    throw wrongPattern(text, start, 'expected pattern "…"');
  }
  const end = quotedEnd(text, quote);
  return { pattern: compilePattern(text.slice(quote + 1, end - 1)), end };
}

/** The inside of a pattern; {@link compilePattern} reads it back as the same pattern. */
export function printPattern(pattern: BytePattern): string {
  return pattern.elements.map(printElement).join(' ');
}

/** `pattern "…"`, as a step or a script holds it. */
export function printQuotedPattern(pattern: BytePattern): string {
  return `pattern "${printPattern(pattern)}"`;
}

function skipBlanks(source: string, from: number): number {
  let at = from;
  while (at < source.length && isBlank(source[at])) at++;
  return at;
}

function isBlank(character: string | undefined): boolean {
  return character !== undefined && /\s/.test(character);
}
