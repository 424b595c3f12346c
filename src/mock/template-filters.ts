import { printHex } from '../base/byte-encodings';
import { refusal } from '../base/errors';
import { lengthTypes } from '../framing/length-field';
import type { Checksum, FieldType } from './bytes-definition';
import { checksumBytes, numberBytes } from './field-bytes';
import type { TemplateValue } from './template-scope';

const numbers: readonly string[] = lengthTypes;
const checksums = ['crc16-modbus', 'crc16-ccitt', 'crc32', 'sum8', 'xor8'];
const texts: Readonly<Record<string, (text: string) => string>> = {
  upper: (text) => text.toUpperCase(),
  lower: (text) => text.toLowerCase(),
  trim: (text) => text.trim(),
  json: (text) => JSON.stringify(text),
};

/** The names of all filters. */
export const filterNames: readonly string[] = [
  ...numbers,
  'hex',
  'base64',
  ...Object.keys(texts),
  ...checksums,
  'pad',
];

/** Puts a value through a filter, as written: `u16be`, `pad(8)`. */
export function applyFilter(filter: string, value: TemplateValue): TemplateValue {
  const [, name = filter, argument] = /^([\w-]+)\((\d+)\)$/.exec(filter) ?? [];
  if (numbers.includes(name)) return numberBytes(name as FieldType, numberOf(value));
  const text = texts[name];
  if (text !== undefined) return text(textOf(value));
  const bytes = value instanceof Uint8Array ? value : Buffer.from(String(value), 'utf8');
  if (checksums.includes(name)) return checksumBytes(name as Checksum, bytes);
  if (name === 'hex') return printHex(bytes).replaceAll(' ', '');
  if (name === 'base64') return Buffer.from(bytes).toString('base64');
  const width = Number(argument ?? 0);
  return isNumber(value) ? String(value).padStart(width, '0') : textOf(value).padEnd(width, ' ');
}

function textOf(value: TemplateValue): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : String(value);
}

function isNumber(value: TemplateValue): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** Numbers, and digits that were caught as bytes. */
function numberOf(value: TemplateValue): number | bigint {
  if (isNumber(value)) return value;
  const text = textOf(value);
  if (/^-?\d{1,20}$/.test(text)) return BigInt(text);
  throw refusal('template', `"${text}" is not a number`);
}
