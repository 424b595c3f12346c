import { literalBytes } from '../base/byte-literal';
import { parsePattern, printPattern } from '../base/byte-pattern';
import { parseByteRegex } from '../base/byte-regex';
import type { Predicate } from '../mock/mock-model';

/** The bytes of a word of the command line: a byte literal, or else its text. */
export function bytesOfWord(word: string): Uint8Array {
  const form = /^(["']|(hex|base64|line|file) ["']|\d.* of )/;
  return form.test(word) ? literalBytes(word) : Buffer.from(word, 'utf8');
}

/** What a word of the command line expects: `/…/`, `pattern "…"`, or bytes. @throws TcpError `ECONFIG` */
export function predicateOfWord(word: string): Predicate {
  if (/^\/.*\/[a-z]*$/s.test(word)) {
    const { source, flags } = parseByteRegex(word);
    return flags === '' ? { regex: source } : { regex: source, flags };
  }
  if (/^pattern ["']/.test(word)) return { pattern: printPattern(parsePattern(word)) };
  return bytesOfWord(word);
}
