import { randomInt } from 'node:crypto';

/** A fresh seed: a whole number below 2⁴⁷. It is not secret; `world.random.seed` tells it. */
export function freshSeed(): number {
  return randomInt(2 ** 47);
}
