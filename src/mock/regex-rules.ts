import type { MockPlan } from './mock-plan';
import { ruleTitle } from './rule-matching';

/** The rules that an expression stands in, for a message: ` of rule "list"`; nothing for a script's. */
export function rulesWith({ rules, definition }: MockPlan, expression: string): string {
  const found = rules.filter(({ index }) => holds(definition.rules?.[index]?.when, expression));
  return found.length === 0 ? '' : ` of ${found.map(({ label }) => ruleTitle(label)).join(', ')}`;
}

function holds(value: unknown, expression: string): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { regex, flags = '' } = value as { readonly regex?: unknown; readonly flags?: unknown };
  if (`/${regex}/${flags}` === expression) return true;
  return Object.values(value).some((inner) => holds(inner, expression));
}
