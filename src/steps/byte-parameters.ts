/** Placeholders for bytes, and for what is found in bytes. */
import { parseLiteral, resolveLiteral } from '../base/byte-literal';
import { printBytes } from '../base/byte-literal-printer';
import { parsePattern, printQuotedPattern } from '../base/byte-pattern';
import { parseByteRegex, printByteRegex } from '../base/byte-regex';
import { formatRate, formatSize, readRate, readSize } from '../base/size';
import { framingRegexps, printFraming, readFraming } from './framing-words';
import type { ParameterRows } from './parameter-type';
import { quoted, simpleBytes, size } from './token-sources';

export const byteParameters: ParameterRows<
  'bytes' | 'pattern' | 'regex' | 'size' | 'rate' | 'framing'
> = {
  bytes: {
    regexps: [`(?:${size} of )?${simpleBytes}`, `${size} of random data`],
    examples: ['"PING\\r\\n"', 'hex "de ad be ef"', 'line "QUIT"', '64 KiB of "a"'],
    description: 'a byte literal',
    read: (token, { literalSources }) => resolveLiteral(parseLiteral(token), literalSources),
    print: printBytes,
  },
  pattern: {
    regexps: [`pattern ${quoted}`],
    examples: ['pattern "02 ?? (seq:2) 10 [00-7f] \'OK\' *"'],
    description: 'a byte pattern',
    read: parsePattern,
    print: printQuotedPattern,
  },
  regex: {
    regexps: [/\/(?:[^/\\]|\\.)+\/[a-z]*/.source],
    examples: ['/^250[ -]/m'],
    description: 'a regular expression over bytes',
    read: parseByteRegex,
    print: printByteRegex,
  },
  size: {
    regexps: [size],
    examples: ['200 bytes', '64 KiB'],
    description: 'an amount of bytes with its unit',
    read: (token) => readSize('size', token),
    print: formatSize,
  },
  rate: {
    regexps: [`${size}(?:/s| per second)`],
    examples: ['16 KiB/s', '100 bytes per second'],
    description: 'bytes per second',
    read: (token) => readRate('rate', token.replace(/ per second$/, '/s')),
    print: formatRate,
  },
  framing: {
    regexps: framingRegexps(quoted, simpleBytes),
    examples: ['CRLF line framing', '16-bit big-endian length prefixes'],
    description: 'how messages are cut out of the stream',
    read: readFraming,
    print: printFraming,
  },
};
