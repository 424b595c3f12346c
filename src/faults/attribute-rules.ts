/** The attributes of faults: what each may be, and how it is read. Rows of a table, not code. */
import { readBase64, readHex } from '../base/byte-encodings';
import { literalBytes } from '../base/byte-literal';
import { readDuration } from '../base/duration';
import { TcpError } from '../base/errors';
import { readSize } from '../base/size';
import { framerFrom } from '../framing/framer-from';
import { invalidFault } from './invalid-fault';

/** What an attribute may be. */
export interface AttributeRule {
  /**
   * `integer` and `number` as in Toxiproxy's JSON; `duration` is ms or text with a unit, `size`
   * bytes or text; `bytes` a byte literal, `{hex}` or `{base64}`.
   */
  readonly kind:
    | 'integer'
    | 'number'
    | 'duration'
    | 'size'
    | 'choice'
    | 'flag'
    | 'bytes'
    | 'text'
    | 'framing';
  /** For people: `ms`, `µs`, `bytes`. */
  readonly unit?: string;
  /** Default 0 for numbers. */
  readonly least?: number;
  readonly most?: number;
  /** Value when it is not given; without one it is absent. */
  readonly default?: number | string | boolean;
  readonly required?: true;
  readonly choices?: readonly string[];
}

/** Largest whole number an attribute may be: int64 in the original, here what a number holds. */
const largest = Number.MAX_SAFE_INTEGER;

/** An integer as Toxiproxy has it: 0 when missing. */
export function integer(unit: string): AttributeRule {
  return { kind: 'integer', unit, default: 0 };
}

/** A share from 0 to 1. */
export function share(value?: number): AttributeRule {
  return { kind: 'number', most: 1, ...(value === undefined ? {} : { default: value }) };
}

/** One of several words. */
export function choice(choices: readonly string[], value?: string): AttributeRule {
  return { kind: 'choice', choices, ...(value === undefined ? {} : { default: value }) };
}

/** A length of time: ms, or text with a unit. */
export function duration(value?: number): AttributeRule {
  return { kind: 'duration', unit: 'ms', ...(value === undefined ? {} : { default: value }) };
}

/** An amount of bytes. */
export function size(value?: number): AttributeRule {
  return { kind: 'size', unit: 'bytes', ...(value === undefined ? {} : { default: value }) };
}

/** Reads one attribute. @throws TcpError `EINVALIDFAULT` */
export function readAttribute(name: string, value: unknown, rule: AttributeRule): unknown {
  switch (rule.kind) {
    case 'integer':
    case 'number':
      return readNumber(name, value, rule);
    case 'duration':
      return translated(name, () => inRange(name, readDuration(name, value), rule));
    case 'size':
      return translated(name, () => inRange(name, readSize(name, value), rule));
    case 'choice':
      return readChoice(name, value, rule.choices ?? []);
    case 'flag':
      if (typeof value !== 'boolean') throw wrongType(name, 'true or false', value);
      return value;
    case 'text':
      if (typeof value !== 'string') throw wrongType(name, 'text', value);
      return value;
    case 'bytes':
      return readBytes(name, value);
    case 'framing':
      return translated(name, () => framerFrom(value, { field: name }));
  }
}

/** Bytes as data: a literal, `{hex}` or `{base64}`; also a Uint8Array, from programs. */
export function readBytes(name: string, value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  return translated(name, () => {
    if (typeof value === 'string')
      return isLiteral.test(value) ? literalBytes(value) : asBytes(value);
    const data =
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
    const { hex, base64 } = data as { hex?: unknown; base64?: unknown };
    if (typeof hex === 'string') return readHex(hex);
    if (typeof base64 === 'string') return readBase64(base64);
    throw wrongType(name, 'a byte literal, {"hex": …} or {"base64": …}', value);
  });
}

/** Text that is no literal by its form stands for itself: `STARTTLS` is eight bytes. */
const isLiteral = /^(?:"|'|(?:hex|base64|line|file) ["']|\d[\w. ]* of )/;

function asBytes(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}

function readNumber(name: string, value: unknown, rule: AttributeRule): number {
  const whole = rule.kind === 'integer';
  if (typeof value !== 'number' || Number.isNaN(value) || (whole && !Number.isInteger(value))) {
    throw wrongType(name, whole ? 'an integer' : 'a number', value);
  }
  return inRange(name, value, rule);
}

function inRange(
  name: string,
  value: number,
  { least = 0, most = largest }: AttributeRule,
): number {
  if (value >= least && value <= most) return value;
  const range = most === largest ? `${least} or more` : `between ${least} and ${most}`;
  throw invalidFault(
    `attributes.${name}`,
    `invalid attribute ${name}: must be ${value > most && most === largest ? 'less' : range}, got ${value}`,
  );
}

function readChoice(name: string, value: unknown, choices: readonly string[]): string {
  if (typeof value === 'string' && choices.includes(value)) return value;
  const words = choices.map((word) => `"${word}"`).join(', ');
  throw invalidFault(
    `attributes.${name}`,
    `invalid attribute ${name}: must be one of ${words}, got ${print(value)}`,
  );
}

/** Says the refusals of the general readers in the words of faults. */
function translated<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!TcpError.is(error) || error.code !== 'ECONFIG') throw error;
    throw invalidFault(`attributes.${name}`, `invalid attribute ${name}: ${error.message}`);
  }
}

function wrongType(name: string, expected: string, value: unknown): TcpError {
  return invalidFault(
    `attributes.${name}`,
    `bad request body: attribute ${name} must be ${expected}, got ${print(value)}`,
  );
}

function print(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
