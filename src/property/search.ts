import fc from 'fast-check';
import type { Clock } from '../network/clock';
import type { CaseOutcome } from './run-case';
import { verdictOf } from './verdict';
import type { WireProperty } from './wire-property';

/** A case for which a property does not hold. */
export interface Found<Case> {
  readonly example: Case;
  readonly error: Error;
  /** Cases that were tried to make it smaller and failed as well. */
  readonly shrinks: number;
  /** Where fast-check finds it: with these two it generates the same again. */
  readonly seed: number;
  readonly path: string;
}

/** One batch of cases. */
export interface Search<Case> {
  readonly property: WireProperty<Case>;
  readonly seed: number;
  readonly runs: number;
  readonly clock: Clock;
  /** No case is begun after this, in the clock's microseconds. */
  readonly untilUs: number;
  /** How long a failure may be made smaller, in microseconds. */
  readonly minimizeUs: number;
  run(example: Case): Promise<CaseOutcome>;
  /** Runs a case that may be smaller; where chance remains, more than once. */
  confirm(example: Case): Promise<CaseOutcome>;
  shrunk(steps: number): void;
}

/**
 * Looks for a case that fails, and makes it smaller.
 *
 * fast-check generates and shrinks; each case is kept before it runs, so that nothing it does can
 * lose it. Its own limits are not used: they abandon a case, which then goes on.
 */
export async function search<Case>(batch: Search<Case>): Promise<Found<Case> | undefined> {
  const { property, clock } = batch;
  let smallest: { readonly example: Case; readonly error: Error } | undefined;
  let kind = '';
  let shrinks = 0;
  let minimizedAtUs = Number.POSITIVE_INFINITY;
  const predicate = async (example: Case): Promise<void> => {
    if (clock.now() > (smallest === undefined ? batch.untilUs : minimizedAtUs)) return;
    const { error } = await (smallest === undefined ? batch.run(example) : batch.confirm(example));
    if (error === undefined) return;
    if (smallest === undefined) {
      kind = verdictOf(error);
      minimizedAtUs = clock.now() + batch.minimizeUs;
    } else {
      if (verdictOf(error) !== kind) return;
      batch.shrunk(++shrinks);
    }
    smallest = { example, error };
    throw error;
  };
  const { seed, runs: numRuns } = batch;
  const details = await fc.check(fc.asyncProperty(property.arbitrary, predicate), {
    seed,
    numRuns,
  });
  if (smallest === undefined) return undefined;
  return { ...smallest, shrinks, seed, path: details.counterexamplePath ?? '' };
}
