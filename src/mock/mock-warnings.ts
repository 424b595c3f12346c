import type { MockDefinition } from './mock-model';
import type { MockPlan } from './mock-plan';
import { hasNestedQuantifier } from './regex-cost';
import { ruleTitle } from './rule-matching';
import type { Rule } from './rules';
import type { DataPath } from './schema-reasons';

/** Something that is allowed and most likely not meant. */
export interface MockWarning {
  /** From the mock. */
  readonly path: DataPath;
  readonly message: string;
}

/** What looks wrong about a mock. */
export function warningsOf(definition: MockDefinition, plan: MockPlan): readonly MockWarning[] {
  return [
    ...hiddenRules(plan),
    ...unknownStates(definition),
    ...nestedQuantifiers(definition),
    ...lonelyBarriers(definition),
    ...preemptedPromises(definition, plan),
  ];
}

/** Rules that never get a frame, since one before takes everything they could. */
function hiddenRules({ rules }: MockPlan): readonly MockWarning[] {
  return rules.flatMap((rule, at) => {
    const hiding = rules.slice(0, at).find((other) => hides(other, rule));
    if (hiding === undefined) return [];
    const message = `never reached: ${ruleTitle(hiding.label)} takes these frames first`;
    return [{ path: ['rules', rule.index], message }];
  });
}

function hides(first: Rule, second: Rule): boolean {
  const endless = first.max === Number.POSITIVE_INFINITY && first.exhausted !== 'unmatched';
  if (!endless || first.predicate.checks.length !== 1) return false;
  const [check] = first.predicate.checks;
  if (check === undefined || check.kind !== 'bytes') return false;
  if (check.rank === 1) return true;
  const wanted = second.predicate.checks.find(({ rank }) => rank === 3)?.wanted;
  return (
    check.rank === 3 &&
    check.wanted !== undefined &&
    wanted !== undefined &&
    Buffer.compare(check.wanted, wanted) === 0
  );
}

/** The states that rules, turns and actions of a mock name, and the initial one if it is given. */
export function statesNamedBy(definition: MockDefinition): readonly string[] {
  const named = new Set(definition.state?.initial === undefined ? [] : [definition.state.initial]);
  walk(definition, [], (key, value, path) => {
    if (key === 'goto' || (key === 'state' && path.includes('when'))) {
      for (const name of [value].flat()) named.add(String(name));
    }
  });
  return [...named];
}

function unknownStates(definition: MockDefinition): readonly MockWarning[] {
  const named = new Set([definition.state?.initial ?? 'start']);
  const targets: { readonly name: string; readonly path: DataPath }[] = [];
  walk(definition, [], (key, value, path) => {
    if (key === 'state' && path.includes('when'))
      for (const name of [value].flat()) named.add(String(name));
    if (key === 'goto') targets.push({ name: String(value), path });
  });
  const asks = (definition.rules ?? []).some(
    ({ when }) => typeof when === 'object' && 'state' in when,
  );
  if (!asks) return [];
  return targets
    .filter(({ name }) => !named.has(name))
    .map(({ name, path }) => ({ path, message: `no rule names the state "${name}"` }));
}

function nestedQuantifiers(definition: MockDefinition): readonly MockWarning[] {
  const found: MockWarning[] = [];
  walk(definition, [], (key, value, path) => {
    if (key !== 'regex' || !hasNestedQuantifier(String(value))) return;
    found.push({ path, message: 'nested quantifiers can take very long on some frames' });
  });
  return found;
}

/** Rules that must match, although a script that ends the connection takes the same frames first. */
function preemptedPromises(
  { script = [] }: MockDefinition,
  { rules, script: turns }: MockPlan,
): readonly MockWarning[] {
  const { close = 'half' } = script.at(-1) ?? {};
  if (close === 'half') return [];
  const wanted = turns.flatMap(({ expect }) =>
    expect?.checks.flatMap((check) => check.wanted ?? []),
  );
  return rules.flatMap(({ min, predicate, index }) => {
    const own = predicate.checks.find(({ rank }) => rank === 3)?.wanted;
    const isTaken = wanted.some((bytes) => bytes && own && Buffer.compare(bytes, own) === 0);
    if (min === 0 || !isTaken) return [];
    return [{ path: ['rules', index, 'times'], message: 'the script takes these frames first' }];
  });
}

function lonelyBarriers(definition: MockDefinition): readonly MockWarning[] {
  const notified = new Set<string>();
  const awaited: { readonly name: string; readonly path: DataPath }[] = [];
  walk(definition, [], (key, value, path) => {
    if (key === 'notify') notified.add(String(value));
    if (key === 'await') awaited.push({ name: String(value), path });
  });
  return awaited
    .filter(({ name }) => !notified.has(name))
    .map(({ name, path }) => ({
      path,
      message: `nothing in this mock says notify: ${name}`,
    }));
}

function walk(
  value: unknown,
  path: DataPath,
  visit: (key: string, value: unknown, path: DataPath) => void,
): void {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  for (const [key, inner] of Object.entries(value)) {
    const at = [...path, Array.isArray(value) ? Number(key) : key];
    visit(key, inner, at);
    walk(inner, at, visit);
  }
}
