import { type LiteralSources, parseLiteral, resolveLiteral } from '../base/byte-literal';
import { decodeText } from '../base/quoted-text';
import type { FramingDefinition } from '../framing/framing-definition';
import { framingInWords } from '../framing/framing-words';
import type { LengthType } from '../framing/length-field';

/** The forms of `{framing}`, from those of quoted texts and of simple literals. */
export function framingRegexps(quoted: string, bytes: string): readonly string[] {
  return [
    'no framing',
    'line framing',
    'CRLF line framing',
    `lines ending with ${quoted}`,
    `messages delimited by ${bytes}`,
    '(?:8|16|24|32|64)-bit (?:big|little)-endian length prefixes(?: that include themselves)?',
    '\\d+-digit ASCII length prefixes',
    'varint length prefixes',
    'fixed \\d+-byte messages',
    `messages between ${bytes} and ${bytes}`,
    'the "(?:[^"\\\\]|\\\\.)*" framing',
  ];
}

/** Reads the words of a framing. @throws TcpError `ECONFIG` - a wrong literal in them */
export function readFraming(
  words: string,
  { literalSources }: { readonly literalSources: LiteralSources },
): FramingDefinition {
  const simple = plain[words];
  if (simple !== undefined) return simple;
  const bytes = (token: string): Uint8Array => resolveLiteral(parseLiteral(token), literalSources);
  const delimiter = /^(?:lines ending with|messages delimited by) ([\s\S]+)$/.exec(words)?.[1];
  if (delimiter !== undefined) return { kind: 'delimiter', delimiter: bytes(delimiter) };
  const [start, end] = splitBetween(words);
  if (start !== undefined && end !== undefined) {
    return { kind: 'start-end', start: bytes(start), end: bytes(end) };
  }
  if (words.includes('-endian length prefixes')) return readPrefix(words);
  const length = Number(/\d+/.exec(words)?.[0]);
  if (words.endsWith('ASCII length prefixes')) return { kind: 'ascii-length', length };
  if (words.startsWith('fixed')) return { kind: 'fixed', length };
  const name = decodeText(words, 'the "'.length, words.length - '" framing'.length);
  return { kind: 'preset', name };
}

/**
 * The words that give a framing back.
 *
 * @throws Error steps have no words for it
 */
export function printFraming(definition: FramingDefinition): string {
  const words = framingInWords(definition);
  if (words === undefined) throw new Error('steps have no words for this framing');
  return words;
}

const plain: Readonly<Record<string, FramingDefinition>> = {
  'no framing': { kind: 'none' },
  'line framing': { kind: 'preset', name: 'line' },
  'CRLF line framing': { kind: 'preset', name: 'crlf' },
  'varint length prefixes': { kind: 'varint' },
};

/** `16-bit big-endian length prefixes that include themselves` */
function readPrefix(words: string): FramingDefinition {
  const bits = /^\d+/.exec(words)?.[0];
  const order = words.includes('big-endian') ? 'be' : 'le';
  const type = (bits === '8' ? 'u8' : `u${bits}${order}`) as LengthType;
  const own = words.endsWith('include themselves');
  return { kind: 'length-prefix', type, ...(own ? { includes: 'prefix' as const } : {}) };
}

/** The two literals of `messages between X and Y`. */
function splitBetween(words: string): readonly string[] {
  const inside = /^messages between ([\s\S]+)$/.exec(words)?.[1];
  if (inside === undefined) return [];
  const literal = /(?:hex |base64 |file |line )?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')/gs;
  return inside.match(literal) ?? [];
}
