import { printBytesShortened } from '../base/byte-literal-printer';
import type { CaptureValue } from '../base/byte-pattern-result';
import type { Moment } from './action-runner';
import type { Act } from './actions';
import { takeCaptures } from './captures';
import type { MockHost } from './mock-host';
import type { MockState } from './mock-state';
import { chooseRule, type RuleMatch } from './rule-matching';
import type { ScriptPlayer } from './script-player';
import type { Subject } from './subject';

/** The connection on which rules answer. */
export interface Answering {
  readonly number: number;
  readonly host: MockHost;
  readonly state: MockState;
  readonly player: ScriptPlayer;
  subject(bytes: Uint8Array): Subject;
  moment(frame: Uint8Array, captures: Readonly<Record<string, CaptureValue>>): Moment;
  noteMatched(bytes: Uint8Array, rule: string): void;
  perform(acts: readonly Act[], moment: Moment): Promise<void>;
}

/** Answers a frame by the first rule that takes it, else by `unmatched`. */
export async function answerByRules(on: Answering, bytes: Uint8Array): Promise<void> {
  const { plan, counts, journal } = on.host;
  const match = chooseRule(plan.rules, on.subject(bytes), counts, on.state);
  if (match !== undefined) return await answer(on, match, bytes);
  const { current } = on.player;
  const got = printBytesShortened(bytes, 64);
  const reason =
    current === undefined
      ? {}
      : { reason: `script stopped at turn ${current.number} (${current.words}): got ${got}` };
  const state = on.state.name;
  const facts = { connection: on.number, direction: 'in', bytes, state } as const;
  journal.add({ ...facts, kind: 'unmatched', ...reason });
  on.host.changed();
  await on.perform(plan.unmatched ?? [], on.moment(bytes, {}));
}

async function answer(
  on: Answering,
  { rule, captures }: RuleMatch,
  bytes: Uint8Array,
): Promise<void> {
  const { counts } = on.host;
  counts.set(rule.label, (counts.get(rule.label) ?? 0) + 1);
  const before = on.state.answers(rule.label);
  on.state.countAnswer(rule.label);
  on.noteMatched(bytes, rule.label);
  const last = rule.answers.length - 1;
  const index = rule.exhausted === 'loop' ? before % rule.answers.length : Math.min(before, last);
  const all = { ...captures, ...takeCaptures(rule.capture, bytes) };
  await on.perform(rule.answers[index] ?? [], on.moment(bytes, all));
}
