/**
 * Why data does not fit a schema, in words.
 *
 * A validator says yes or no. Where a schema has alternatives it also says what is wrong with each of
 * them, which helps nobody; here the alternative is chosen that was meant most likely.
 */
import { suggestion } from '../base/closest-word';
import { describeValue } from '../base/errors';
import type { SchemaNode } from './mock-schema';

/** Steps from the top: keys and indexes. */
export type DataPath = readonly (string | number)[];

/** One thing that is wrong. */
export interface SchemaReason {
  readonly path: DataPath;
  readonly message: string;
  /** How far the data is from what was meant: 1 for a slip, more for another kind of thing. */
  readonly weight: number;
}

/** All reasons why data does not fit; empty when it does. */
export function schemaReasons(root: SchemaNode, data: unknown): readonly SchemaReason[] {
  const reasons = new Walk(root).check(root, data, []);
  // What is missing most likely stands there under a misspelt name.
  return reasons.filter(({ path, message }) => {
    const [, key] = /^needs ("[^"]+")$/.exec(message) ?? [];
    return !reasons.some(
      (other) =>
        key !== undefined &&
        other.message.includes(`did you mean ${key}`) &&
        printDataPath(other.path.slice(0, -1)) === printDataPath(path),
    );
  });
}

/** `mocks[0].rules[2].when` */
export function printDataPath(path: DataPath): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
}

class Walk {
  readonly #root: SchemaNode;

  constructor(root: SchemaNode) {
    this.#root = root;
  }

  check(schema: SchemaNode, data: unknown, path: DataPath): readonly SchemaReason[] {
    const { $ref } = schema;
    if ($ref !== undefined) return this.check(this.#find($ref), data, path);
    const wrongKind = kindReason(schema, data, path);
    if (wrongKind !== undefined) return [wrongKind];
    return [
      ...valueReasons(schema, data, path),
      ...this.#forms(schema, data, path),
      ...this.#choice(schema.oneOf ?? [], data, path),
      ...(Array.isArray(data) ? this.#list(schema, data, path) : []),
      ...(isRecord(data) ? this.#object(schema, data, path) : []),
    ];
  }

  #find(ref: string): SchemaNode {
    const name = ref.replace('#/$defs/', '');
    const found = this.#root.$defs?.[name];
    if (found === undefined) throw new Error(`the schema has no ${ref}`);
    return found;
  }

  /** The reasons of the alternative that is nearest. */
  #choice(branches: readonly SchemaNode[], data: unknown, path: DataPath): readonly SchemaReason[] {
    let best: readonly SchemaReason[] | undefined;
    for (const branch of branches) {
      const reasons = this.check(branch, data, path);
      if (reasons.length === 0) return [];
      if (best === undefined || weightOf(reasons) < weightOf(best)) best = reasons;
    }
    return best ?? [];
  }

  /** Where the alternatives are forms of one value, the schema says in words what those are. */
  #forms(
    { anyOf = [], description }: SchemaNode,
    data: unknown,
    path: DataPath,
  ): readonly SchemaReason[] {
    const reasons = this.#choice(anyOf, data, path);
    const [first] = reasons;
    const isForm = anyOf.every(
      ({ type }) => type === 'string' || type === 'number' || type === 'integer',
    );
    if (first === undefined || description === undefined || !isForm) return reasons;
    const words = `${description.charAt(0).toLowerCase()}${description.slice(1).replace(/\.$/, '')}`;
    return [{ ...first, message: `${describeValue(data)} is not one: ${words}` }];
  }

  #list(
    { items, minItems = 0, maxItems = Number.POSITIVE_INFINITY }: SchemaNode,
    data: readonly unknown[],
    path: DataPath,
  ): readonly SchemaReason[] {
    const counted = data.length >= minItems && data.length <= maxItems;
    const size = maxItems === minItems ? `${minItems}` : `at least ${minItems}`;
    return [
      ...(counted ? [] : [{ path, message: `needs ${size} items, has ${data.length}`, weight: 1 }]),
      ...(items === undefined
        ? []
        : data.flatMap((item, index) => this.check(items, item, [...path, index]))),
    ];
  }

  #object(
    schema: SchemaNode,
    data: Readonly<Record<string, unknown>>,
    path: DataPath,
  ): readonly SchemaReason[] {
    const { properties = {}, additionalProperties = true, required = [] } = schema;
    const known = Object.keys(properties);
    const reasons: SchemaReason[] = [];
    for (const [key, value] of Object.entries(data)) {
      const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
      const at = [...path, key];
      if (property !== undefined) reasons.push(...this.check(property, value, at));
      else if (typeof additionalProperties === 'object') {
        reasons.push(...this.check(additionalProperties, value, at));
      } else if (!additionalProperties) {
        const near = suggestion(key, known);
        reasons.push({ path: at, message: `unknown property${near}`, weight: near === '' ? 3 : 1 });
      }
    }
    for (const key of required.filter((name) => !Object.hasOwn(data, name))) {
      reasons.push({ path, message: `needs "${key}"`, weight: 4 });
    }
    return [
      ...reasons,
      ...countReasons(schema, data, path),
      ...this.#dependent(schema, data, path),
    ];
  }

  #dependent(
    { dependentRequired = {}, dependentSchemas = {} }: SchemaNode,
    data: Readonly<Record<string, unknown>>,
    path: DataPath,
  ): readonly SchemaReason[] {
    const needed = Object.entries(dependentRequired)
      .filter(([key, others]) => key in data && !others.every((other) => other in data))
      .map(([key, others]) => ({
        path,
        message: `"${key}" needs ${others.join(', ')}`,
        weight: 2,
      }));
    const broken = Object.entries(dependentSchemas)
      .filter(([key, schema]) => key in data && this.check(schema, data, path).length > 0)
      .map(([key, { anyOf = [] }]) => {
        const others = anyOf.flatMap(({ required = [] }) => required);
        return { path, message: `"${key}" needs ${others.join(' or ')}`, weight: 2 };
      });
    return [...needed, ...broken];
  }
}

/** Another kind of thing than wanted: nothing else about it is worth saying. */
function kindReason(schema: SchemaNode, data: unknown, path: DataPath): SchemaReason | undefined {
  const { type, enum: values } = schema;
  const types = type === undefined ? [] : [type].flat();
  if (types.length > 0 && !types.some((name) => isType(name, data))) {
    return {
      path,
      message: `must be ${types.join(' or ')}, got ${describeValue(data)}`,
      weight: 100,
    };
  }
  if (values !== undefined && !values.includes(data)) {
    const words = values.filter((value) => typeof value === 'string');
    if (typeof data === 'string' && words.length > 0) {
      const what = String(path.findLast((step) => typeof step === 'string') ?? 'value');
      const list = words.length > 6 ? '' : `, expected one of ${words.join(', ')}`;
      const near = suggestion(data, words);
      return {
        path,
        message: `unknown ${what} "${data}"${near === '' ? list : near}`,
        weight: near === '' ? 5 : 1,
      };
    }
    const list = values.map((value) => JSON.stringify(value)).join(', ');
    return { path, message: `must be one of ${list}, got ${describeValue(data)}`, weight: 50 };
  }
  if (!('const' in schema) || schema.const === data) return undefined;
  const wanted = JSON.stringify(schema.const);
  return { path, message: `must be ${wanted}, got ${describeValue(data)}`, weight: 50 };
}

function valueReasons(schema: SchemaNode, data: unknown, path: DataPath): readonly SchemaReason[] {
  const { pattern, minLength = 0, minimum, maximum, exclusiveMinimum } = schema;
  const wrong = (message: string): readonly SchemaReason[] => [{ path, message, weight: 2 }];
  if (typeof data === 'string') {
    if (data.length < minLength) return wrong('must not be empty');
    if (pattern !== undefined && !new RegExp(pattern, 'u').test(data)) {
      const form = schema.description ?? `like ${pattern}`;
      return wrong(`"${data}" is not ${form.replace(/\.$/, '')}`);
    }
  }
  if (typeof data === 'number') {
    if (minimum !== undefined && data < minimum)
      return wrong(`must be at least ${minimum}, got ${data}`);
    if (maximum !== undefined && data > maximum)
      return wrong(`must be at most ${maximum}, got ${data}`);
    if (exclusiveMinimum !== undefined && data <= exclusiveMinimum) {
      return wrong(`must be above ${exclusiveMinimum}, got ${data}`);
    }
  }
  return [];
}

function countReasons(
  { minProperties = 0, maxProperties = Number.POSITIVE_INFINITY }: SchemaNode,
  data: object,
  path: DataPath,
): readonly SchemaReason[] {
  const count = Object.keys(data).length;
  if (count < minProperties) return [{ path, message: 'must not be empty', weight: 2 }];
  if (count <= maxProperties) return [];
  return [
    {
      path,
      message: `has ${count} properties, at most ${maxProperties} may stand together`,
      weight: 2,
    },
  ];
}

function weightOf(reasons: readonly SchemaReason[]): number {
  return reasons.reduce((sum, { weight }) => sum + weight, 0);
}

function isType(type: string, data: unknown): boolean {
  if (type === 'array') return Array.isArray(data);
  if (type === 'object') return isRecord(data);
  if (type === 'integer') return Number.isInteger(data);
  if (type === 'null') return data === null;
  return typeof data === type;
}

function isRecord(data: unknown): data is Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}
