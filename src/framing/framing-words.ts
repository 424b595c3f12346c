import { printHex } from '../base/byte-encodings';
import { allPrintable, printText } from '../base/byte-literal-printer';
import { quoteText } from '../base/quoted-text';
import { type BytesValue, type FramingDefinition, readBytesValue } from './framing-definition';
import type { LengthType } from './length-field';

/** Framings that have words of their own in the step language. */
const ownWords: Readonly<Record<string, string>> = {
  none: 'no framing',
  line: 'line framing',
  crlf: 'CRLF line framing',
  varint: 'varint length prefixes',
};

/**
 * The words of the step language for a framing: `CRLF line framing`, `16-bit big-endian length
 * prefixes`, `messages between hex "02" and hex "03"`.
 *
 * @returns `undefined` for what steps have no words for, such as a header in front of the length, a
 *   limit, or a kept delimiter: register such a framing under a name, and say `the "name" framing`
 * @throws TcpError `ECONFIG` - bytes in the definition that cannot be read
 * @source docs/framing.md#in-steps-and-files
 */
export function framingInWords(definition: FramingDefinition): string | undefined {
  if (typeof definition === 'string') return wordsOfName(definition);
  const { kind, max, ...rest } = definition;
  if (max !== undefined) return undefined;
  const given = Object.entries(rest).filter(([key, value]) => !isDefault(key, value));
  const just = (...keys: readonly string[]): boolean =>
    given.length === keys.length && given.every(([key]) => keys.includes(key));
  switch (definition.kind) {
    case 'none':
    case 'varint':
      return ownWords[kind];
    case 'preset':
      return wordsOfName(definition.name);
    case 'delimiter':
      return just('delimiter') ? wordsOfDelimiter(definition.delimiter) : undefined;
    case 'length-prefix':
      if (just('type')) return wordsOfPrefix(definition.type);
      if (definition.includes !== 'prefix' || definition.type === 'varint') return undefined;
      return just('type', 'includes')
        ? `${wordsOfPrefix(definition.type)} that include themselves`
        : undefined;
    case 'ascii-length':
      return just('length') ? `${definition.length}-digit ASCII length prefixes` : undefined;
    case 'fixed':
      return just('length') ? `fixed ${definition.length}-byte messages` : undefined;
    case 'start-end': {
      const start = wordsOfBytes(readBytesValue('start', definition.start));
      const end = wordsOfBytes(readBytesValue('end', definition.end));
      return just('start', 'end') ? `messages between ${start} and ${end}` : undefined;
    }
    default:
      return undefined;
  }
}

function isDefault(key: string, value: unknown): boolean {
  const defaults: Readonly<Record<string, unknown>> = {
    keep: false,
    offset: 0,
    adjust: 0,
    radix: 10,
    includes: 'payload',
  };
  return value === undefined || (Object.hasOwn(defaults, key) && defaults[key] === value);
}

function wordsOfName(name: string): string {
  return Object.hasOwn(ownWords, name) ? (ownWords[name] ?? '') : `the ${quoteText(name)} framing`;
}

function wordsOfDelimiter(value: BytesValue): string {
  const bytes = readBytesValue('delimiter', value);
  const last = bytes.at(-1);
  const ends = (last === 0x0a || last === 0x0d) && allPrintable(bytes);
  return ends
    ? `lines ending with ${printText(bytes)}`
    : `messages delimited by ${wordsOfBytes(bytes)}`;
}

function wordsOfPrefix(type: LengthType): string {
  if (type === 'varint') return 'varint length prefixes';
  const order = type.endsWith('le') ? 'little' : 'big';
  return `${/\d+/.exec(type)?.[0]}-bit ${order}-endian length prefixes`;
}

/** A literal that is neither repeated nor random, which these words have no place for. */
function wordsOfBytes(bytes: Uint8Array): string {
  return allPrintable(bytes) ? printText(bytes) : `hex "${printHex(bytes)}"`;
}
