/**
 * The placeholders of the step language: what they match, what they give, how they are printed.
 *
 * No regular expression has a capture group, so that a runner hands over the whole token.
 *
 * @source docs/steps.md#placeholders
 */
import { type LiteralSources, parseLiteral, resolveLiteral } from '../base/byte-literal';
import { printBytes } from '../base/byte-literal-printer';
import { type BytePattern, parsePattern, printQuotedPattern } from '../base/byte-pattern';
import { type ByteRegex, parseByteRegex, printByteRegex } from '../base/byte-regex';
import { formatDuration, readDuration } from '../base/duration';
import { decodeText, quoteText } from '../base/quoted-text';
import { formatRate, formatSize, readRate, readSize } from '../base/size';
import type { FramingDefinition } from '../framing/framing-definition';
import { type EndpointWords, printEndpoint, readEndpoint, readPortWords } from './endpoint-words';
import { type FailureClass, failureClasses } from './failure-classes';
import { framingRegexps, printFraming, readFraming } from './framing-words';
import type { EntityKind, EntityReference } from './named-entities';
import { printTimes, readTimes, type Times } from './times-words';

/** What each placeholder gives to a step. */
export interface ParameterValues {
  readonly bytes: Uint8Array;
  readonly pattern: BytePattern;
  readonly regex: ByteRegex;
  /** Milliseconds; may carry a fraction. */
  readonly duration: number;
  /** Bytes. */
  readonly size: number;
  /** Bytes per second. */
  readonly rate: number;
  readonly times: Times;
  readonly endpoint: EndpointWords;
  /** 0 means any. */
  readonly port: number;
  readonly failure: FailureClass;
  readonly framing: FramingDefinition;
  readonly client: EntityReference;
  readonly listener: EntityReference;
  readonly command: EntityReference;
  /** A client or a listener. */
  readonly party: EntityReference;
  /** The name of a host of the simulated network. */
  readonly host: string;
  readonly direction: 'upstream' | 'downstream' | 'both directions';
  /** What stands between the backticks, neither split nor interpolated. */
  readonly commandline: string;
  readonly channel: 'stdout' | 'stderr' | 'output';
  readonly int: number;
  readonly float: number;
  readonly word: string;
  readonly string: string;
}

/** Where the words of a step take what they do not hold themselves. A StepWorld is one. */
export interface TokenSources {
  readonly literalSources: LiteralSources;
  /** @throws Error there is no free port of that name */
  freePort(name: string): number;
}

/** One placeholder. */
export interface ParameterType<Value = unknown> {
  readonly name: string;
  /** Whole tokens, without capture groups. */
  readonly regexps: readonly RegExp[];
  /** Tokens that it matches. */
  readonly examples: readonly string[];
  readonly description: string;
  /** Whether the runners know it themselves and must not be told again. */
  readonly builtIn?: true;
  /** The value of a token. @throws TcpError `ECONFIG` - a token of the right form and wrong content */
  read(token: string, sources: TokenSources): Value;
  /** A token that {@link read} gives the value back from. */
  print(value: Value): string;
}

const quoted = /(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')/.source;
const size = /\d+(?:\.\d+)?\s?(?:bytes?|B|kB|KB|KiB|MB|MiB|GB|GiB)/.source;
const duration =
  /\d+(?:\.\d+)?\s?(?:microseconds?|milliseconds?|seconds?|minutes?|hours?|us|ms|s|min|h)/.source;
const simpleBytes = `(?:hex |base64 |file |line )?${quoted}`;

type Row<Value> = Omit<ParameterType<Value>, 'name' | 'regexps'> & {
  readonly regexps: readonly string[];
};

const rows: { readonly [Name in keyof ParameterValues]: Row<ParameterValues[Name]> } = {
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
  duration: {
    regexps: [duration],
    examples: ['250 ms', '2 s', '5 minutes'],
    description: 'a length of time with its unit',
    read: (token) => readDuration('duration', token),
    print: printDuration,
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
  times: {
    regexps: [
      'once',
      'twice',
      'never',
      /(?:exactly |at least |at most )?\d+ times?/.source,
      /between \d+ and \d+ times/.source,
    ],
    examples: ['once', '5 times', 'at least 2 times', 'between 2 and 4 times'],
    description: 'how often; a bare number is exact',
    read: readTimes,
    print: printTimes,
  },
  endpoint: {
    regexps: [/(?:[A-Za-z0-9_.-]+|\[[0-9a-fA-F:]+\]):\d{1,5}/.source, `the free port ${quoted}`],
    examples: ['127.0.0.1:7000', '[::1]:7000', 'the free port "web"'],
    description: 'a host and a port',
    read: readEndpoint,
    print: printEndpoint,
  },
  port: {
    regexps: [/port \d{1,5}/.source, 'any free port', `the free port ${quoted}`],
    examples: ['any free port', 'port 7000', 'the free port "web"'],
    description: 'a port on 127.0.0.1',
    read: readPortWords,
    print: (port) => (port === 0 ? 'any free port' : `port ${port}`),
  },
  failure: {
    regexps: failureClasses.map(({ words }) => words),
    examples: failureClasses.map(({ words }) => words),
    description: 'a class of failures',
    read: (token) => known(failureClasses.find(({ words }) => words === token)),
    print: ({ words }) => words,
  },
  framing: {
    regexps: framingRegexps(quoted, simpleBytes),
    examples: ['CRLF line framing', '16-bit big-endian length prefixes'],
    description: 'how messages are cut out of the stream',
    read: readFraming,
    print: printFraming,
  },
  client: entity('client', 'alice'),
  listener: entity('listener', 'echo'),
  command: entity('command', 'server'),
  party: {
    regexps: [`client ${quoted}`, 'client', `listener ${quoted}`, 'listener'],
    examples: ['client "alice"', 'listener "echo"'],
    description: 'a client or a listener',
    read: (token, sources) =>
      (token.startsWith('client') ? rows.client : rows.listener).read(token, sources),
    print: (party) => (party.kind === 'client' ? rows.client : rows.listener).print(party),
  },
  host: {
    regexps: [`host ${quoted}`],
    examples: ['host "db"'],
    description: 'a host of the simulated network, by name',
    read: (token) => decodeText(token, 'host "'.length, token.length - 1),
    print: (name) => `host ${quoteText(name)}`,
  },
  direction: {
    regexps: ['upstream', 'downstream', 'both directions'],
    examples: ['upstream', 'downstream', 'both directions'],
    description: 'upstream is from client to server',
    read: (token) =>
      known((['upstream', 'downstream', 'both directions'] as const).find((is) => is === token)),
    print: (direction) => direction,
  },
  commandline: {
    regexps: ['`[^`]+`'],
    examples: ['`node probe.js --port 7000`'],
    description: 'a program and its arguments, between backticks',
    read: (token) => token.slice(1, -1),
    print: (line) => `\`${line}\``,
  },
  channel: {
    regexps: ['stdout', 'stderr', 'output'],
    examples: ['stdout', 'stderr', 'output'],
    description: 'what a program prints to; output is both, in order of arrival',
    read: (token) => known((['stdout', 'stderr', 'output'] as const).find((is) => is === token)),
    print: (channel) => channel,
  },
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

/** Every placeholder, in the order of the reference page. */
export const parameterTypes: readonly ParameterType[] = Object.entries(rows).map(([name, row]) => {
  const regexps = row.regexps.map((source) => new RegExp(source));
  return { ...(row as Row<unknown>), name, regexps };
});

/** The same, by name. */
export const parameterTypeByName: ReadonlyMap<string, ParameterType> = new Map(
  parameterTypes.map((type) => [type.name, type]),
);

/** A noun with or without a name. */
function entity(kind: EntityKind, example: string): Row<EntityReference> {
  return {
    regexps: [`${kind} ${quoted}`, kind],
    examples: [`${kind} "${example}"`, kind],
    description: `a ${kind} by name, or the one mentioned last`,
    read(token) {
      const from = kind.length + 1;
      if (token.length < from) return { kind };
      return { kind, name: decodeText(token, from + 1, token.length - 1) };
    },
    print: ({ name }) => (name === undefined ? kind : `${kind} ${quoteText(name)}`),
  };
}

/** A duration that reads back as the same number of milliseconds. */
function printDuration(ms: number): string {
  const text = formatDuration(ms);
  return readDuration('duration', text) === ms ? text : `${ms} ms`;
}

function printString(text: string): string {
  if (!text.includes('"') && !text.includes('\\')) return `"${text}"`;
  return text.includes("'") ? `"${text.replace(/"/g, '\\"')}"` : `'${text}'`;
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a token that no expression matches');
  return value;
}
