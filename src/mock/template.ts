/**
 * Templates: text with `${name}` and `${name|filter}` in it.
 *
 * They are read when a mock is compiled and filled in when a frame is answered; nothing in them is
 * ever run as code. `$${` is a literal `${`.
 *
 * @source docs/mocks.md#templates
 */
import { printHex, readHex } from '../base/byte-encodings';
import { suggestion } from '../base/closest-word';
import { refusal } from '../base/errors';
import { decodeEscapes } from '../base/quoted-text';
import { applyFilter, filterNames } from './template-filters';
import type { TemplateScope, TemplateValue } from './template-scope';

/** A compiled template. */
export type Template = (scope: TemplateScope) => Uint8Array;

/** Names that every template may use. */
export const builtInNames: readonly string[] = [
  'conn.id',
  'conn.n',
  'conn.remote',
  'frame',
  'now',
  'iso',
  'counter',
];

/**
 * Compiles a template.
 *
 * @param form - `text` has the escapes of byte literals; in `hex` values are put in as hex
 * @throws TcpError `ECONFIG` - an unknown name or filter, or a wrong escape
 */
export function compileTemplate(
  text: string,
  form: 'text' | 'hex',
  names: ReadonlySet<string>,
): Template {
  const parts = splitTemplate(text).map((part) =>
    typeof part === 'string' ? literalPart(part, form) : compileExpression(part.expression, names),
  );
  if (form === 'text') {
    return (scope) =>
      Buffer.concat(
        parts.map((part) =>
          typeof part === 'function' ? bytesOf(part(scope)) : Buffer.from(part, 'latin1'),
        ),
      );
  }
  const fill = (scope: TemplateScope): string =>
    parts.map((part) => (typeof part === 'function' ? hexOf(part(scope)) : part)).join('');
  // Whole hex is wanted around the values, too: each stands for whole bytes.
  readHex(parts.map((part) => (typeof part === 'function' ? '00' : part)).join(''));
  return (scope) => readHex(fill(scope));
}

/** The bytes of a value, as text has them. */
export function bytesOf(value: TemplateValue): Uint8Array {
  return value instanceof Uint8Array ? value : Buffer.from(String(value), 'utf8');
}

type Expression = (scope: TemplateScope) => TemplateValue;
type Part = string | { readonly expression: string };

function splitTemplate(text: string): readonly Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const match of text.matchAll(/(\$?)\$\{([^{}]*)\}/g)) {
    parts.push(text.slice(from, match.index));
    parts.push(match[1] === '$' ? match[0].slice(1) : { expression: match[2] ?? '' });
    from = match.index + match[0].length;
  }
  return [...parts, text.slice(from)];
}

/** Text as latin-1, one character a byte; hex as it is. */
function literalPart(text: string, form: 'text' | 'hex'): string {
  return form === 'hex' ? text : Buffer.from(decodeEscapes(text)).toString('latin1');
}

function compileExpression(source: string, names: ReadonlySet<string>): Expression {
  const [head = '', ...filters] = source.split('|').map((word) => word.trim());
  for (const filter of filters) {
    const name = filter.replace(/\(\d+\)$/, '');
    if (filterNames.includes(name)) continue;
    throw refusal('template', `unknown filter "${name}"${suggestion(name, filterNames)}`);
  }
  const value = compileValue(head, names);
  return (scope) => filters.reduce((result, filter) => applyFilter(filter, result), value(scope));
}

function compileValue(head: string, names: ReadonlySet<string>): Expression {
  const [, call, argument = ''] = /^(random|len)\(([^()]*)\)$/.exec(head) ?? [];
  if (call === 'random') {
    if (!/^\d{1,9}$/.test(argument)) throw refusal('template', 'random needs a count of bytes');
    return (scope) => scope.random(Number(argument));
  }
  if (call === 'len') {
    checkName(argument, names);
    return (scope) => bytesOf(valueNamed(scope, argument)).length;
  }
  checkName(head, names);
  return (scope) => valueNamed(scope, head);
}

function valueNamed(scope: TemplateScope, name: string): TemplateValue {
  return scope.value(name) ?? '';
}

function checkName(name: string, names: ReadonlySet<string>): void {
  if (names.has(name) || builtInNames.includes(name)) return;
  const near = suggestion(name, [...names, ...builtInNames]);
  throw refusal('template', `unknown name "${name}" in a template${near}`);
}

/** A number takes as many bytes as it needs; filters such as `u16be` say how many. */
function hexOf(value: TemplateValue): string {
  if (typeof value !== 'number' && typeof value !== 'bigint') return printHex(bytesOf(value));
  const digits = value.toString(16);
  return digits.length % 2 === 0 ? digits : `0${digits}`;
}
