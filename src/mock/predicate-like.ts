import { type BytePattern, compilePattern, printPattern } from '../base/byte-pattern';
import { Compiling, throwProblems } from './compiling';
import type { Predicate } from './mock-model';
import { describePredicate } from './predicate-words';
import { type CompiledPredicate, compilePredicate } from './predicates';

/** A predicate as code writes it: also a `RegExp`, and what the tag `pattern` makes. */
export type PredicateLike = Predicate | RegExp | BytePattern;

/** A predicate that was read, with its words for messages. */
export interface ReadPredicate {
  readonly definition: Predicate;
  readonly predicate: CompiledPredicate;
  readonly words: string;
}

/**
 * A pattern over bytes, such as `` pattern`02 (seq:2) 10 *` ``.
 *
 * @throws TcpError `ECONFIG` - what is wrong with it
 * @source docs/literals.md#patterns
 */
export function pattern(text: TemplateStringsArray, ...values: readonly string[]): BytePattern {
  return compilePattern(String.raw(text, ...values));
}

/**
 * Bytes in hex, such as `` hex`02 06` ``.
 *
 * @returns what a file writes as `{ hex: … }`
 */
export function hex(
  text: TemplateStringsArray,
  ...values: readonly string[]
): { readonly hex: string } {
  return { hex: String.raw(text, ...values) };
}

/** The data of a predicate, as a file has it. @throws TcpError `ECONFIG` - flags that have no meaning */
export function predicateData(like: PredicateLike): Predicate {
  if (like instanceof RegExp) {
    const { source, flags } = like;
    return flags === '' ? { regex: source } : { regex: source, flags };
  }
  if (typeof like === 'object' && 'elements' in like) return { pattern: printPattern(like) };
  return like;
}

/** @throws TcpError `ECONFIG` */
export function readPredicate(like: PredicateLike): ReadPredicate {
  const definition = predicateData(like);
  const place = new Compiling('predicate', process.cwd());
  const predicate = compilePredicate(definition, place);
  throwProblems(place.problems);
  return { definition, predicate, words: describePredicate(definition) };
}
