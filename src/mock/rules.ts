import { type Act, compileActions } from './actions';
import type { Compiling } from './compiling';
import type { CaptureDefinition, RuleDefinition } from './mock-model';
import { type CompiledPredicate, compilePredicate } from './predicates';

/** A compiled rule. */
export interface Rule {
  /** Its name, else `1` for the first. */
  readonly label: string;
  /** Position in the file, from 0. */
  readonly index: number;
  readonly predicate: CompiledPredicate;
  /** One element a match; a single one for `then`. */
  readonly answers: readonly (readonly Act[])[];
  readonly exhausted: 'last' | 'loop' | 'unmatched';
  readonly min: number;
  readonly max: number;
  readonly priority: number;
  /** Whether it names a state. */
  readonly hasState: boolean;
  readonly capture: CaptureDefinition;
}

/** Compiles rules, in the order in which they are tried. Problems are kept in `place.problems`. */
export function compileRules(rules: readonly RuleDefinition[], place: Compiling): readonly Rule[] {
  const compiled = rules.map((rule, index) => compileRule(rule, index, place.at(index)));
  return compiled.sort(
    (left, right) =>
      Number(right.hasState) - Number(left.hasState) ||
      right.priority - left.priority ||
      right.predicate.rank - left.predicate.rank ||
      left.index - right.index,
  );
}

function compileRule(rule: RuleDefinition, index: number, place: Compiling): Rule {
  const { name, when, capture = {}, exhausted = 'last', priority = 0, times } = rule;
  const predicate = compilePredicate(when, place.at('when'));
  const own = place.with([...predicate.names, ...Object.keys(capture)]);
  const { min = 0, max = Number.POSITIVE_INFINITY } =
    typeof times === 'number' ? { min: times, max: times } : (times ?? {});
  const answers =
    rule.sequence === undefined
      ? [compileActions(rule.then, own.at('then'))]
      : rule.sequence.map((actions, at) => compileActions(actions, own.at('sequence').at(at)));
  return {
    label: name ?? String(index + 1),
    index,
    predicate,
    answers,
    exhausted,
    min,
    max,
    priority,
    hasState: predicate.checks.some(({ kind }) => kind === 'state'),
    capture,
  };
}
