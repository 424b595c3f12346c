/**
 * Bodies as Toxiproxy reads them: the first JSON value counts and what stands behind it does not,
 * names of fields match in any case, unknown fields and `null` are as if they were not there.
 */
import { badBody } from './api-errors';

/** More than anybody writes, and less than what a stack takes. */
const deepest = 32;

/** Fields of an object by their name in lower case. */
export type LooseFields = ReadonlyMap<string, unknown>;

/** The first JSON value of a text. @throws ApiError 400 */
export function firstJsonValue(text: string): unknown {
  const begin = text.search(/[^\s]/);
  if (begin < 0) throw badBody('EOF');
  try {
    return JSON.parse(text.slice(begin, endOfValue(text, begin)), withoutPrototypes);
  } catch (error) {
    if (error instanceof SyntaxError) throw badBody(error.message);
    throw error;
  }
}

/** The fields of an object, whatever the case of their names; `null` is left out. @throws ApiError 400 */
export function looseFields(value: unknown, known: readonly string[], what = 'body'): LooseFields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badBody(`${what} must be an object, got ${JSON.stringify(value) ?? 'nothing'}`);
  }
  const exact = new Set(known);
  const lower = new Map(known.map((name) => [name.toLowerCase(), name]));
  const fields = new Map<string, unknown>();
  const loose = new Map<string, unknown>();
  for (const [key, field] of Object.entries(value)) {
    if (field === null) continue;
    if (exact.has(key)) fields.set(key, field);
    const name = lower.get(key.toLowerCase());
    if (name !== undefined) loose.set(name, field);
  }
  for (const [name, field] of loose) if (!fields.has(name)) fields.set(name, field);
  return fields;
}

/** A field of a certain type, or nothing. @throws ApiError 400 */
export function fieldOf<T extends 'string' | 'boolean' | 'number'>(
  fields: LooseFields,
  name: string,
  type: T,
): Typed[T] | undefined {
  const value = fields.get(name);
  if (value === undefined) return undefined;
  if (typeof value === type) return value as Typed[T];
  throw badBody(`field ${name} must be a ${type}, got ${JSON.stringify(value)}`);
}

interface Typed {
  readonly string: string;
  readonly boolean: boolean;
  readonly number: number;
}

/** Where the value that begins at a place ends; a value that does not end goes to the end of the text. */
function endOfValue(text: string, begin: number): number {
  const first = text[begin];
  if (first === '"') return endOfString(text, begin);
  if (first !== '{' && first !== '[') {
    const end = text.slice(begin).search(/[\s,\]}]/);
    return end < 0 ? text.length : begin + end;
  }
  let depth = 0;
  for (let at = begin; at < text.length; at++) {
    const unit = text[at];
    if (unit === '"') at = endOfString(text, at) - 1;
    else if (unit === '{' || unit === '[') {
      if (++depth > deepest) throw badBody(`nested more than ${deepest} levels deep`);
    } else if ((unit === '}' || unit === ']') && --depth === 0) return at + 1;
  }
  return text.length;
}

function endOfString(text: string, begin: number): number {
  for (let at = begin + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

function withoutPrototypes(key: string, value: unknown): unknown {
  return key === '__proto__' || key === 'constructor' ? undefined : value;
}
