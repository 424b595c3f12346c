/**
 * Properties of what talks over TCP.
 *
 * Start here: a property makes cases, says which plan of the network a case is, how it reads as a
 * scenario, and checks one case in one world. `run-case.ts` gives it that world, `campaign.ts` runs
 * many cases, `counterexample.ts` is what comes back.
 */
import type { Arbitrary } from 'fast-check';
import type { World } from '../network/world';
import type { Plan } from '../simulation/plan';
import type { Probe } from './probe';

/**
 * Something that must hold for every case.
 *
 * A case is plain data: numbers, texts, byte arrays, lists and objects of them. It must not hold
 * functions, since it is stored and run again.
 *
 * @source docs/fuzzing.md#a-property-of-your-own
 */
export interface WireProperty<Case> {
  /** `P3`, or a name of your own; part of the replay token. */
  readonly id: string;
  readonly title: string;
  /** What must hold, in one sentence; printed when it does not. */
  readonly statement: string;
  /** Where cases can run; the first is the default. */
  readonly worlds: readonly World['kind'][];
  readonly arbitrary: Arbitrary<Case>;
  /** What chance decides in the network of a case; only on the simulated network. */
  toPlan(example: Case): Plan;
  /**
   * The case as sentences of the step catalogue, one each, with its keyword; the network is not
   * among them. `undefined` where no scenario says the same.
   */
  toScenario(example: Case): readonly string[] | undefined;
  /**
   * Checks one case. What it opens must be of `world`, which is ended afterwards.
   *
   * @throws PropertyViolation, or anything else - the property does not hold
   */
  check(world: World, example: Case, probe: Probe): Promise<void>;
}

/** Declares a property; gives it back, with the type of its cases worked out. */
export function defineProperty<Case>(property: WireProperty<Case>): WireProperty<Case> {
  return property;
}
