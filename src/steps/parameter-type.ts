import type { LiteralSources } from '../base/byte-literal';
import type { ParameterValues } from './parameter-values';

/** Where the words of a step take what they do not hold themselves. A StepWorld is one. */
export interface TokenSources {
  readonly literalSources: LiteralSources;
  /** @throws Error there is no free port of that name */
  freePort(name: string): number;
}

/** One placeholder. */
export interface ParameterType<Value = unknown> {
  readonly name: string;
  /** Whole tokens, without capture groups. */
  readonly regexps: readonly RegExp[];
  /** Tokens that it matches. */
  readonly examples: readonly string[];
  readonly description: string;
  /** Whether the runners know it themselves and must not be told again. */
  readonly builtIn?: true;
  /** The value of a token. @throws TcpError `ECONFIG` - a token of the right form and wrong content */
  read(token: string, sources: TokenSources): Value;
  /** A token that {@link read} gives the value back from. */
  print(value: Value): string;
}

/** A placeholder as it is declared: its name is the key, its expressions are sources. */
export type ParameterRow<Name extends keyof ParameterValues> = Omit<
  ParameterType<ParameterValues[Name]>,
  'name' | 'regexps'
> & { readonly regexps: readonly string[] };

/** Placeholders by name. */
export type ParameterRows<Name extends keyof ParameterValues> = {
  readonly [Key in Name]: ParameterRow<Key>;
};

/** The word of a closed list that a token is. */
export function wordOf<Word extends string>(words: readonly Word[], token: string): Word {
  return known(words.find((word) => word === token));
}

/** What a token means, which an expression has matched before. */
export function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a token that no expression matches');
  return value;
}
