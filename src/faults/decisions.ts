import { type Random, seededRandom } from '../base/random';

/** One thing that chance decided, and what it decided. */
export interface Decision {
  readonly connection: number;
  readonly stream: string;
  readonly toxic: string;
  readonly purpose: string;
  /** The how manieth for this purpose, from 0. */
  readonly n: number;
  /** In [0, 1). */
  readonly value: number;
}

/** Decisions as data: given back to a proxy, they take the place of chance. */
export interface DecisionPlan {
  readonly seed: number;
  readonly values: readonly Decision[];
}

/** Kept for {@link DecisionLog.plan}; later ones still follow from the seed. */
const kept = 100_000;

/**
 * Chance of one proxy, as a pure function of seed, names and numbers.
 *
 * There is no state of a generator: another fault or another connection changes no decision but
 * its own.
 */
export class DecisionLog {
  readonly seed: number;
  readonly #root: Random;
  readonly #given = new Map<string, number>();
  readonly #taken: Decision[] = [];
  readonly #tell: (decision: Decision) => void;

  constructor(
    name: string,
    seed: number,
    given: DecisionPlan | undefined,
    tell: (decision: Decision) => void,
  ) {
    this.seed = seed;
    this.#root = seededRandom(seed).fork(`proxy ${name}`);
    this.#tell = tell;
    for (const decision of given?.values ?? []) this.#given.set(keyOf(decision), decision.value);
  }

  /** Takes a decision, and writes it down. */
  take(about: Omit<Decision, 'value'>): number {
    const key = keyOf(about);
    const value = this.#given.get(key) ?? this.#root.fork(key).u32() / 0x1_0000_0000;
    const decision = { ...about, value };
    if (this.#taken.length < kept) this.#taken.push(decision);
    this.#tell(decision);
    return value;
  }

  /** Everything decided so far, up to 100,000 decisions. */
  plan(): DecisionPlan {
    return { seed: this.seed, values: [...this.#taken] };
  }
}

function keyOf({ connection, stream, toxic, purpose, n }: Omit<Decision, 'value'>): string {
  return JSON.stringify([connection, stream, toxic, purpose, n]);
}
