import { printBytesShortened } from '../base/byte-literal-printer';
import { formatByteCount } from '../base/size';
import { describeActions } from './action-words';
import type { MockPlan } from './mock-plan';
import { MockState } from './mock-state';
import { chooseRule, nearestRules, type RuleCounts, ruleTitle } from './rule-matching';
import type { RegexLimit, Subject } from './subject';

/** What a mock would do with a frame. */
export interface Explanation {
  /** Name of the rule that takes it, or its number; `undefined` when none does. */
  readonly rule: string | undefined;
  /** What is answered, in words. */
  readonly answer: string;
  /** The other rules, nearest first, each with all its reasons. */
  readonly others: readonly { readonly rule: string; readonly reasons: readonly string[] }[];
  /** All of it for people. */
  readonly text: string;
}

/** Explains a frame for a mock that does not run. */
export function explainPlan(
  plan: MockPlan,
  bytes: Uint8Array,
  options: { readonly state?: string; readonly connection?: number },
): Explanation {
  const { initial, vars } = plan.state;
  const regexLimit = { limitMs: plan.limits.regexMs, exceeded: () => undefined };
  const idle = { plan, counts: new Map(), regexLimit, stateOf: () => new MockState(initial, vars) };
  return explainFrame(idle, bytes, options);
}

/** What an explanation needs of a mock. */
export interface Explained {
  readonly plan: MockPlan;
  readonly counts: RuleCounts;
  readonly regexLimit: RegexLimit;
  stateOf(connection?: number): MockState;
}

/** Explains a frame, without changing anything. */
export function explainFrame(
  runtime: Explained,
  bytes: Uint8Array,
  options: { readonly state?: string; readonly connection?: number },
): Explanation {
  const { plan, counts } = runtime;
  const name = options.state ?? runtime.stateOf(options.connection).name;
  const state = new MockState(name, plan.state.vars);
  const subject = subjectFor(runtime, bytes, name, options.connection ?? 1);
  const match = chooseRule(plan.rules, subject, counts, state);
  const nearest = nearestRules(plan.rules, subject, counts, state).filter(
    ({ rule }) => rule !== match?.rule,
  );
  const definition = match && plan.definition.rules?.[match.rule.index];
  const answer =
    match === undefined
      ? `unmatched: ${describeActions(plan.definition.unmatched)}`
      : describeActions(definition?.then ?? definition?.sequence?.[0]);
  const others = nearest.map(({ rule, reasons }) => ({
    rule: rule.label,
    reasons: reasons.length > 0 ? reasons : ['it matches, too, but comes later'],
  }));
  const width = Math.max(0, ...others.map(({ rule }) => ruleTitle(rule).length)) + 2;
  const lines = [
    `frame: ${printBytesShortened(bytes, 256)} (${formatByteCount(bytes.length)}), state "${name}", mock "${plan.name}"`,
    match === undefined
      ? 'no rule matches; nearest first:'
      : `${ruleTitle(match.rule.label)} takes it; the others, nearest first:`,
    ...others.flatMap(({ rule, reasons }) =>
      reasons.map(
        (reason, index) => `${(index === 0 ? ruleTitle(rule) : '').padEnd(width)}${reason}`,
      ),
    ),
    `answer: ${answer}`,
  ];
  return {
    rule: match?.rule.label,
    answer,
    others,
    text: lines.map((line, index) => (index === 0 ? line : `  ${line}`)).join('\n'),
  };
}

function subjectFor(
  runtime: Explained,
  bytes: Uint8Array,
  state: string,
  connection: number,
): Subject {
  const { plan, regexLimit } = runtime;
  return {
    bytes,
    state,
    connection,
    secured: plan.tls?.mode === 'implicit',
    clientCert: [],
    regexLimit: { ...regexLimit },
    context: (captures) => ({
      bytes,
      text: Buffer.from(bytes).toString('utf8'),
      captures,
      state,
      vars: plan.state.vars,
      connection: { id: '', n: connection, remote: '' },
    }),
  };
}
