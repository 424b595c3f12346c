/** Which rule takes a frame, and why the others do not. */
import type { Captures } from '../base/byte-pattern-result';
import { editDistance } from '../base/closest-word';
import type { MockState } from './mock-state';
import { commonPrefix } from './predicates';
import type { Rule } from './rules';
import type { Subject } from './subject';

/** A rule that takes a frame. */
export interface RuleMatch {
  readonly rule: Rule;
  readonly captures: Captures;
}

/** How often rules matched, by label. */
export type RuleCounts = ReadonlyMap<string, number>;

/** The first rule, in their order, that takes a frame. */
export function chooseRule(
  rules: readonly Rule[],
  subject: Subject,
  counts: RuleCounts,
  state: MockState,
): RuleMatch | undefined {
  for (const rule of rules) {
    const captures = rule.predicate.match(subject);
    if (captures === undefined || whyUsedUp(rule, counts, state) !== undefined) continue;
    return { rule, captures };
  }
  return undefined;
}

/** Why a rule did not take a frame. */
export interface RuleReason {
  readonly rule: Rule;
  /** Those of bytes first. */
  readonly reasons: readonly string[];
  /** Only the state is wrong. */
  readonly stateOnly: boolean;
}

/** Every rule with its reasons, nearest first. */
export function nearestRules(
  rules: readonly Rule[],
  subject: Subject,
  counts: RuleCounts,
  state: MockState,
): readonly RuleReason[] {
  const found = rules.map((rule) => {
    const reasons = rule.predicate.reasons(subject);
    const used = whyUsedUp(rule, counts, state);
    return {
      rule,
      reasons: [...reasons.map(({ text }) => text), ...(used === undefined ? [] : [used])],
      stateOnly:
        used === undefined && reasons.length > 0 && reasons.every(({ kind }) => kind === 'state'),
      prefix: prefixOf(rule, subject),
      distance: distanceOf(rule, subject),
    };
  });
  return found.sort(
    (left, right) =>
      Number(right.stateOnly) - Number(left.stateOnly) ||
      right.prefix - left.prefix ||
      compareDistances(left.distance, right.distance) ||
      left.rule.index - right.rule.index,
  );
}

/** `rule "ehlo"`, or `rule 2` for one without a name. */
export function ruleTitle(label: string): string {
  return /^\d+$/.test(label) ? `rule ${label}` : `rule "${label}"`;
}

function whyUsedUp(rule: Rule, counts: RuleCounts, state: MockState): string | undefined {
  const matched = counts.get(rule.label) ?? 0;
  if (matched >= rule.max) return `it has matched ${rule.max} times, which is its most`;
  const answered = state.answers(rule.label);
  if (rule.exhausted === 'unmatched' && answered >= rule.answers.length) {
    return `all ${rule.answers.length} of its answers are given`;
  }
  return undefined;
}

/** Only the first bytes count for nearness: longer ones cost time and say nothing more. */
const compared = 64;

function wantedOf(rule: Rule): Uint8Array | undefined {
  return rule.predicate.checks.find(({ wanted }) => wanted !== undefined)?.wanted;
}

function prefixOf(rule: Rule, { bytes }: Subject): number {
  const wanted = wantedOf(rule);
  return wanted === undefined ? 0 : commonPrefix(wanted, bytes);
}

function distanceOf(rule: Rule, { bytes }: Subject): number {
  const wanted = wantedOf(rule);
  if (wanted === undefined) return Number.POSITIVE_INFINITY;
  const text = (part: Uint8Array): string =>
    Buffer.from(part.subarray(0, compared)).toString('latin1').toLowerCase();
  return editDistance(text(wanted), text(bytes));
}

/** The difference of two infinities is no number. */
function compareDistances(left: number, right: number): number {
  return left === right ? 0 : left - right;
}
