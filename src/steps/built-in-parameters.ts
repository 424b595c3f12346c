/** Placeholders that the runners know themselves. */
import type { ParameterRows } from './parameter-type';
import { quoted } from './token-sources';

export const builtInParameters: ParameterRows<'int' | 'float' | 'word' | 'string'> = {
  int: {
    regexps: [/-?\d+/.source],
    examples: ['3'],
    description: 'a whole number',
    builtIn: true,
    read: Number,
    print: String,
  },
  float: {
    regexps: [/(?=.*\d.*)[-+]?\d*(?:\.(?=\d.*))?\d*(?:\d+[E][+-]?\d+)?/.source],
    examples: ['1.5'],
    description: 'a number',
    builtIn: true,
    read: Number,
    print: String,
  },
  word: {
    regexps: [/[^\s]+/.source],
    examples: ['ECONNREFUSED'],
    description: 'a word without blanks',
    builtIn: true,
    read: (token) => token,
    print: (word) => word,
  },
  string: {
    regexps: [quoted],
    examples: ['"login.script"'],
    description: 'a text in quotes; it has no escapes but that of its quote',
    builtIn: true,
    read: (token) => token.slice(1, -1).replace(/\\(["'])/g, '$1'),
    print: printString,
  },
};

function printString(text: string): string {
  if (!text.includes('"') && !text.includes('\\')) return `"${text}"`;
  return text.includes("'") ? `"${text.replace(/"/g, '\\"')}"` : `'${text}'`;
}
