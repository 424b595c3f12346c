import { configError } from '../base/errors';

/** How often something is to have happened. */
export interface Times {
  readonly min: number;
  readonly max: number;
}

/** Exactly once. */
export function once(): Times {
  return exactly(1);
}

/** Exactly twice. */
export function twice(): Times {
  return exactly(2);
}

/** Not at all. */
export function never(): Times {
  return exactly(0);
}

/** Exactly so often. @throws TcpError `ECONFIG` - not a whole number from 0 */
export function exactly(count: number): Times {
  return between(count, count);
}

/** So often or more. @throws TcpError `ECONFIG` - not a whole number from 0 */
export function atLeast(count: number): Times {
  return { ...between(count, count), max: Number.POSITIVE_INFINITY };
}

/** So often or less. @throws TcpError `ECONFIG` - not a whole number from 0 */
export function atMost(count: number): Times {
  return between(0, count);
}

/** From one count to another, both included. @throws TcpError `ECONFIG` - not whole numbers in order */
export function between(min: number, max: number): Times {
  for (const count of [min, max]) {
    if (!Number.isSafeInteger(count) || count < 0) {
      throw configError('times', 'a whole number from 0', count);
    }
  }
  if (min > max) throw configError('times', `a range, but ${min} is above ${max}`, max);
  return { min, max };
}

/** `once`, `never`, `exactly 3 times`, `at least 2 times`, `between 1 and 3 times`. */
export function timesInWords({ min, max }: Times): string {
  if (max === 0) return 'never';
  if (min === max) return min === 1 ? 'once' : `exactly ${min} times`;
  if (max === Number.POSITIVE_INFINITY) return `at least ${min === 1 ? 'once' : `${min} times`}`;
  return min === 0
    ? `at most ${max === 1 ? 'once' : `${max} times`}`
    : `between ${min} and ${max} times`;
}
