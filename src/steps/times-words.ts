/** How often: both inclusive, `max` may be `Infinity`. */
export interface Times {
  readonly min: number;
  readonly max: number;
}

/**
 * Reads `once`, `twice`, `never`, `5 times`, `at least 2 times`, `between 2 and 4 times`.
 *
 * @throws Error the second number of "between" is below the first
 */
export function readTimes(token: string): Times {
  const words = { never: 0, once: 1, twice: 2 } as Readonly<Record<string, number>>;
  const word = words[token];
  if (word !== undefined) return { min: word, max: word };
  const [first = 0, second] = (token.match(/\d+/g) ?? []).map(Number);
  if (second !== undefined) {
    if (second < first) throw new Error(`"${token}" runs backwards`);
    return { min: first, max: second };
  }
  if (token.startsWith('at least')) return { min: first, max: Number.POSITIVE_INFINITY };
  return { min: token.startsWith('at most') ? 0 : first, max: first };
}

/** Words that {@link readTimes} reads back. */
export function printTimes({ min, max }: Times): string {
  if (min === max) return ['never', 'once', 'twice'][min] ?? `${min} times`;
  if (max === Number.POSITIVE_INFINITY) return `at least ${min} times`;
  return min === 0 ? `at most ${max} times` : `between ${min} and ${max} times`;
}
