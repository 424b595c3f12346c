import { existsSync, readFileSync } from 'node:fs';
import type { Document, Node, Pair } from 'yaml';
import { CommandFailure, exitCodes } from './exit-codes';

/** A step into data: a key, or a place in a list. */
export type DataStep = string | number;

/** A file of configuration that was read. */
export interface ConfigFile {
  readonly data: unknown;
  /** `proxies.yaml:7:5  proxies[0].lisen: unknown key` */
  problem(path: readonly DataStep[], message: string): string;
}

/**
 * Reads JSON or YAML; `${NAME}` and `${NAME:-default}` in texts come from the environment.
 *
 * @param name - as it is called in messages
 * @throws CommandFailure 2 - it is not there or cannot be read
 */
export function readConfigFile(
  path: string,
  name: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ConfigFile {
  if (!existsSync(path)) throw wrong(`${name}: there is no such file`);
  return readConfigText(readFileSync(path, 'utf8'), name, environment);
}

/** The same, from a text. @throws CommandFailure 2 */
export function readConfigText(
  text: string,
  name: string,
  environment: Readonly<Record<string, string | undefined>>,
): ConfigFile {
  const { parseDocument, LineCounter: Lines } = yaml();
  const lines = new Lines();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw wrong(`${name}:${line}:${col}  ${error.message}`);
  }
  const problem = (path: readonly DataStep[], message: string): string => {
    const { line, col } = lines.linePos(offsetOf(document, path));
    const where = printPath(path);
    return `${name}:${line}:${col}  ${where === '' ? '' : `${where}: `}${message}`;
  };
  const missing: string[] = [];
  const data = filled(document.toJS(), [], (path, variable, fallback) => {
    const value = environment[variable] ?? fallback;
    if (value === undefined) missing.push(problem(path, `${variable} is not in the environment`));
    return value ?? '';
  });
  if (missing.length > 0) throw wrong(missing.join('\n'));
  return { data, problem };
}

function wrong(message: string): CommandFailure {
  return new CommandFailure(message, exitCodes.usage);
}

function yaml(): typeof import('yaml') {
  return require('yaml') as typeof import('yaml');
}

type Find = (path: readonly DataStep[], variable: string, fallback: string | undefined) => string;

/** Data with the variables in its texts filled in. */
function filled(value: unknown, path: readonly DataStep[], find: Find): unknown {
  if (typeof value === 'string') {
    return value.replace(
      /\$\{(\w+)(?::-([^}]*))?\}/g,
      (_whole, variable: string, fallback?: string) => find(path, variable, fallback),
    );
  }
  if (Array.isArray(value)) return value.map((item, at) => filled(item, [...path, at], find));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, filled(item, [...path, key], find)]),
  );
}

/** `proxies[0].listen` */
function printPath(path: readonly DataStep[]): string {
  return path.reduce<string>(
    (text, step) =>
      typeof step === 'number' ? `${text}[${step}]` : `${text}${text === '' ? '' : '.'}${step}`,
    '',
  );
}

/** Where the deepest thing on a path stands that is there; the key, where the path ends with one. */
function offsetOf(document: Document, path: readonly DataStep[]): number {
  const { isMap, isSeq, isScalar, isNode } = yaml();
  let node: unknown = document.contents;
  let offset = 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }: Pair) => isScalar(key) && String(key.value) === step);
      if (pair === undefined) return offset;
      if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      if (isNode(node)) offset = (node as Node).range?.[0] ?? offset;
    } else return offset;
  }
  return offset;
}
