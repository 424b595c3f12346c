import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { linkOptionKeys } from '../../../src/simulation/link-settings';
import { actionTypes } from '../../../src/simulation/plan-fault-reader';
import { parsePlan, printPlan, readPlan } from '../../../src/simulation/plan-reader';
import { planSchema } from '../../../src/simulation/plan-schema';
import { planFromSeed } from '../../../src/simulation/seed-plan';
import { problemsOf } from '../capture/matches-schema';
import { anyPlan } from './plan-arbitraries';

test('every plan that a seed chooses is one of the schema', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.constantFrom('calm', 'rough'), (seed, profile) => {
      const printed = JSON.parse(printPlan(planFromSeed(seed, profile)));

      assert.deepEqual(problemsOf(planSchema, printed), []);
    }),
    { numRuns: 50 },
  );
});

test('the schema and the reader take the same plans', () => {
  fc.assert(
    fc.property(anyPlan, (plan) => {
      assert.deepEqual(problemsOf(planSchema, plan), []);
      assert.deepEqual(parsePlan(JSON.stringify(plan)), plan);
    }),
    { numRuns: 300 },
  );
});

test('the schema and the reader refuse the same plans', () => {
  fc.assert(
    fc.property(anyPlan, fc.nat(), fc.constantFrom(...damages), (plan, place, damage) => {
      const damaged = damageAt(plan, place, damage);
      if (damaged === undefined) return;

      const refused = isRefused(damaged);
      assert.equal(problemsOf(planSchema, damaged).length > 0, refused, JSON.stringify(damaged));
    }),
    { numRuns: 2_000 },
  );
});

test('the schema knows every action and every setting of a link', () => {
  const text = JSON.stringify(planSchema);

  for (const type of actionTypes) assert.ok(text.includes(`{"const":"${type}"}`), type);
  for (const key of linkOptionKeys) assert.ok(text.includes(`"${key}":`), key);
});

function isRefused(plan: unknown): boolean {
  try {
    readPlan(plan);
    return false;
  } catch {
    return true;
  }
}

type Container = Record<string, unknown> | unknown[];
type Damage = (container: Container, key: string) => void;

/** What is done to one member of a plan. */
const damages: readonly Damage[] = [
  (container, key) => Reflect.deleteProperty(container, key),
  (container, key) => Reflect.set(container, key, null),
  (container, key) => Reflect.set(container, key, -1),
  (container, key) => Reflect.set(container, key, 0.5),
  (container, key) => Reflect.set(container, key, 'soon'),
  (container, key) => Reflect.set(container, key, {}),
  (container, key) => Reflect.set(container, key, [7]),
  (container) => Reflect.set(container, 'unknown', 1),
];

/** A copy with one of its members damaged; `undefined` when there is none to damage. */
function damageAt(plan: object, place: number, damage: Damage): object | undefined {
  const copy = structuredClone(plan);
  const members = membersOf(copy);
  const [container, key] = members[place % members.length] ?? [];
  if (container === undefined || key === undefined) return undefined;
  // A hole in an array is no JSON.
  if (Array.isArray(container)) return undefined;
  damage(container, key);
  return copy;
}

function membersOf(value: unknown): readonly (readonly [Container, string])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => [
    [value as Container, key] as const,
    ...membersOf(part),
  ]);
}
