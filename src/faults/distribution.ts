/** How far a delay may be off its mean, by name. */
export const distributions = ['uniform', 'normal', 'pareto', 'paretonormal'] as const;

/** The name of a distribution. */
export type Distribution = (typeof distributions)[number];

/**
 * The extra delay in milliseconds, of mean 0 (`uniform`: −0.5) and spread `jitter`. Pure.
 *
 * @param u1 - chance in [0, 1)
 * @param u2 - a second one; `normal` and `paretonormal` only
 * @source docs/proxies.md#distributions
 */
export function extraDelay(name: Distribution, jitter: number, u1: number, u2: number): number {
  switch (name) {
    case 'uniform':
      return Math.floor(u1 * 2 * jitter) - jitter;
    case 'normal':
      return jitter * normal(u1, u2);
    case 'pareto':
      return jitter * pareto(u1);
    case 'paretonormal':
      return jitter * (0.25 * normal(u1, u2) + 0.75 * pareto(u1));
  }
}

/** How many chances a distribution takes. */
export function chancesOf(name: Distribution): number {
  return name === 'normal' || name === 'paretonormal' ? 2 : 1;
}

/**
 * Chance that remembers: the effective value is `correlation` times the last one plus the rest of
 * a fresh one. One per link.
 */
export class CorrelatedChance {
  #previous: number | undefined;

  next(fresh: number, correlation: number): number {
    const previous = this.#previous ?? fresh;
    this.#previous = correlation * previous + (1 - correlation) * fresh;
    return this.#previous;
  }
}

/** Box–Muller, cut at four deviations. */
function normal(u1: number, u2: number): number {
  const value = Math.sqrt(-2 * Math.log(1 - u1)) * Math.cos(2 * Math.PI * u2);
  return Math.max(-4, Math.min(4, value));
}

/** Shape 3, moved to mean 0 and deviation 1, cut at 20. */
function pareto(u: number): number {
  return Math.min(20, ((1 - u) ** (-1 / 3) - 1.5) / Math.sqrt(0.75));
}
