import { type LiteralSources, parseLiteral, resolveLiteral } from '../base/byte-literal';
import { decodeText } from '../base/quoted-text';

/** How messages are cut out of a stream, as plain data. @source MOCKS.md 2.2 */
export type FramingData =
  | { readonly kind: 'none' | 'varint' }
  | { readonly kind: 'preset'; readonly name: string }
  | { readonly kind: 'delimiter'; readonly delimiter: Uint8Array }
  | {
      readonly kind: 'length-prefix';
      readonly type: string;
      readonly includes: 'payload' | 'prefix';
    }
  | { readonly kind: 'ascii-length' | 'fixed'; readonly length: number }
  | { readonly kind: 'start-end'; readonly start: Uint8Array; readonly end: Uint8Array };

/** A framing together with the words that named it. */
export interface FramingWords {
  readonly words: string;
  readonly data: FramingData;
}

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
): FramingWords {
  return { words, data: dataOf(words, literalSources) };
}

/** The words that named a framing. */
export function printFraming({ words }: FramingWords): string {
  return words;
}

const plain: Readonly<Record<string, FramingData>> = {
  'no framing': { kind: 'none' },
  'line framing': { kind: 'preset', name: 'line' },
  'CRLF line framing': { kind: 'preset', name: 'crlf' },
  'varint length prefixes': { kind: 'varint' },
};

function dataOf(words: string, sources: LiteralSources): FramingData {
  const simple = plain[words];
  if (simple !== undefined) return simple;
  const bytes = (token: string): Uint8Array => resolveLiteral(parseLiteral(token), sources);
  const delimiter = /^(?:lines ending with|messages delimited by) ([\s\S]+)$/.exec(words)?.[1];
  if (delimiter !== undefined) return { kind: 'delimiter', delimiter: bytes(delimiter) };
  const [start, end] = splitBetween(words);
  if (start !== undefined && end !== undefined) {
    return { kind: 'start-end', start: bytes(start), end: bytes(end) };
  }
  const prefix = /^(\d+)-bit (big|little)-endian length prefixes( that include themselves)?$/.exec(
    words,
  );
  if (prefix !== null) {
    const order = prefix[2] === 'big' ? 'be' : 'le';
    const type = prefix[1] === '8' ? 'u8' : `u${prefix[1]}${order}`;
    return { kind: 'length-prefix', type, includes: prefix[3] ? 'prefix' : 'payload' };
  }
  const length = Number(/\d+/.exec(words)?.[0]);
  if (words.endsWith('ASCII length prefixes')) return { kind: 'ascii-length', length };
  if (words.startsWith('fixed')) return { kind: 'fixed', length };
  return {
    kind: 'preset',
    name: decodeText(words, 'the "'.length, words.length - '" framing'.length),
  };
}

/** The two literals of `messages between X and Y`. */
function splitBetween(words: string): readonly string[] {
  const inside = /^messages between ([\s\S]+)$/.exec(words)?.[1];
  if (inside === undefined) return [];
  const literal = /(?:hex |base64 |file |line )?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')/gs;
  return inside.match(literal) ?? [];
}
