/** As much of JSON Schema as the schemas of this project use. */
type Schema = Readonly<Record<string, unknown>>;

/** Where a value breaks a schema, as paths; empty when it does not. */
export function problemsOf(schema: unknown, value: unknown, path = '$'): string[] {
  const { const: fixed, enum: words, oneOf, type, ...rest } = schema as Schema;
  if (fixed !== undefined && value !== fixed) return [`${path} is not ${String(fixed)}`];
  if (Array.isArray(words) && !words.includes(value)) return [`${path} is none of the words`];
  if (Array.isArray(oneOf)) {
    const fitting = oneOf.filter((choice) => problemsOf(choice, value, path).length === 0);
    if (fitting.length !== 1) return [`${path} fits ${fitting.length} of the choices`];
  }
  if (type !== undefined && ![type].flat().includes(typeOf(value, type))) {
    return [`${path} is no ${String(type)}`];
  }
  if (Array.isArray(value)) return arrayProblems(rest, value, path);
  return [...rangeProblems(rest, value, path), ...objectProblems(rest, value, path)];
}

function typeOf(value: unknown, wanted: unknown): string {
  if (wanted === 'integer' && Number.isInteger(value)) return 'integer';
  if (Array.isArray(value)) return 'array';
  return value === null ? 'null' : typeof value;
}

function rangeProblems(schema: Schema, value: unknown, path: string): string[] {
  const { minimum, maximum, pattern } = schema;
  if (typeof value === 'number') {
    const low = typeof minimum === 'number' && value < minimum;
    const high = typeof maximum === 'number' && value > maximum;
    return low || high ? [`${path} is out of range`] : [];
  }
  const isWrong = typeof pattern === 'string' && !new RegExp(pattern, 'u').test(String(value));
  return isWrong ? [`${path} does not match ${pattern}`] : [];
}

function arrayProblems(schema: Schema, value: readonly unknown[], path: string): string[] {
  const { items = {}, minItems = 0, maxItems = Number.POSITIVE_INFINITY } = schema;
  const { length } = value;
  if (length < Number(minItems) || length > Number(maxItems))
    return [`${path} has ${length} items`];
  return value.flatMap((part, index) => problemsOf(items, part, `${path}[${index}]`));
}

function objectProblems(schema: Schema, value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { required = [], properties = {}, additionalProperties = true } = schema;
  const known = properties as Schema;
  const missing = (required as string[])
    .filter((key) => !(key in value))
    .map((key) => `${path}.${key} is missing`);
  const wrong = Object.entries(value).flatMap(([key, part]) => {
    if (key in known) return problemsOf(known[key], part, `${path}.${key}`);
    if (additionalProperties === false) return [`${path}.${key} is not known`];
    return additionalProperties === true
      ? []
      : problemsOf(additionalProperties, part, `${path}.${key}`);
  });
  return [...missing, ...wrong];
}
