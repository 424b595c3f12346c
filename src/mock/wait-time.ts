import { readDuration } from '../base/duration';
import type { Random } from '../base/random';
import type { WaitDefinition } from './mock-model';

/** Milliseconds of one wait. */
export type WaitTime = (random: Random) => number;

/** Reads a time, or how chance chooses one. @throws TcpError `ECONFIG` */
export function readWait(wait: WaitDefinition, path: string): WaitTime {
  if (typeof wait !== 'object') {
    const ms = readDuration(path, wait);
    return () => ms;
  }
  if ('uniform' in wait) {
    const from = readDuration(path, wait.uniform[0]);
    const to = readDuration(path, wait.uniform[1]);
    return (random) => from + fraction(random) * (to - from);
  }
  const { median, sigma, max } = wait.lognormal;
  const middle = readDuration(path, median);
  const most = max === undefined ? Number.POSITIVE_INFINITY : readDuration(path, max);
  return (random) => Math.min(most, middle * Math.exp(sigma * normal(random)));
}

/** In [0, 1). */
function fraction(random: Random): number {
  return random.u32() / 0x1_0000_0000;
}

/** Standard normal, by Box and Muller. */
function normal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - fraction(random)));
  return radius * Math.cos(2 * Math.PI * fraction(random));
}
