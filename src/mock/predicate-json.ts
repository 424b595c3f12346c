import { refusal } from '../base/errors';
import type { PredicateKeys } from './mock-model';
import type { Check } from './subject';

type JsonKeys = NonNullable<PredicateKeys['json']>;

/**
 * Compiles a look into a JSON text. A frame that is none does not match.
 *
 * @throws TcpError `ECONFIG`
 */
export function compileJson({ subset, equals, path, is }: JsonKeys): Check {
  const steps = path === undefined ? undefined : stepsOf(path);
  const holds = (value: unknown): boolean => {
    if (subset !== undefined && !isSubset(subset, value)) return false;
    if (equals !== undefined && !isEqual(equals, value)) return false;
    return steps === undefined || isEqual(is, valueAt(value, steps));
  };
  return {
    kind: 'bytes',
    rank: 2,
    holds({ bytes }) {
      const parsed = parse(bytes);
      return parsed !== undefined && holds(parsed.value);
    },
    reason({ bytes }) {
      const parsed = parse(bytes);
      if (parsed === undefined) return 'not JSON';
      if (steps === undefined) return 'the JSON differs';
      const value = JSON.stringify(valueAt(parsed.value, steps));
      return `${path} is ${value}, rule wants ${JSON.stringify(is)}`;
    },
  };
}

function parse(bytes: Uint8Array): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(Buffer.from(bytes).toString('utf8')) };
  } catch {
    return undefined;
  }
}

/** `a.b[0]` → a, b, 0. */
function stepsOf(path: string): readonly (string | number)[] {
  const steps: (string | number)[] = [];
  const form = /(?:^|\.)([^.[\]]+)|\[(\d+)\]/y;
  while (form.lastIndex < path.length) {
    const match = form.exec(path);
    if (match === null) throw refusal('path', `json path "${path}" is not like a.b[0]`);
    steps.push(match[1] ?? Number(match[2]));
  }
  return steps;
}

function valueAt(value: unknown, steps: readonly (string | number)[]): unknown {
  let current = value;
  for (const step of steps) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) {
      return undefined;
    }
    current = (current as Record<string | number, unknown>)[step];
  }
  return current;
}

function isEqual(left: unknown, right: unknown): boolean {
  return isSubset(left, right) && isSubset(right, left);
}

/** Whether everything in `part` is in `whole`; lists must have the same length. */
function isSubset(part: unknown, whole: unknown): boolean {
  if (typeof part !== 'object' || part === null) return Object.is(part, whole);
  if (typeof whole !== 'object' || whole === null) return false;
  if (Array.isArray(part) !== Array.isArray(whole)) return false;
  if (Array.isArray(part) && Array.isArray(whole) && part.length !== whole.length) return false;
  return Object.entries(part).every(
    ([key, value]) =>
      Object.hasOwn(whole, key) && isSubset(value, (whole as Record<string, unknown>)[key]),
  );
}
