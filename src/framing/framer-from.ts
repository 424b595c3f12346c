import { compileByteRegex } from '../base/byte-regex';
import { suggestion } from '../base/closest-word';
import { configError, refusal, TcpError } from '../base/errors';
import { readObject, readText, refuseUnknownKeys } from '../base/option-reader';
import { type AsciiLengthOptions, asciiLength } from './ascii-length';
import { type DelimiterOptions, delimiter } from './delimiter';
import { type FixedLengthOptions, fixedLength } from './fixed-length';
import type { Framer, FramerOptions } from './framer';
import { readMax } from './framer-limit';
import { framerNames } from './framer-names';
import { readBytesValue } from './framing-definition';
import { idleGap } from './idle-gap';
import type { LengthType } from './length-field';
import { type LengthPrefixOptions, lengthPrefix } from './length-prefix';
import { patternEnd } from './pattern-end';
import { raw } from './raw';
import { startEnd } from './start-end';
import { varint } from './varint';

/** Makes a framer from options. */
export type FramerMaker = (options?: FramerOptions) => Framer;

/** Where a definition takes what it does not hold itself. */
export interface FramingSources {
  /** Path of the definition, for messages: `mocks[0].framing`; default `framing`. */
  readonly field?: string;
  /** Framings of the user by name; they come before the presets. */
  readonly named?: Readonly<Record<string, FramerMaker>>;
  /** Loads the module of a `custom` framing; without it that kind is refused. */
  readonly loadModule?: (path: string) => unknown;
}

/**
 * Makes a framer from a definition.
 *
 * @param definition - a `FramingDefinition`: a name such as `crlf`, or an object with a `kind`. A
 *   framer is returned as it is
 * @throws TcpError `ECONFIG` - an unknown name, kind or key (with the nearest known one), a missing or
 *   wrong value; `field` is the path
 * @source docs/framing.md#in-steps-and-files
 * @example
 * framerFrom({ kind: 'length-prefix', type: 'u16be', max: '4KiB' });
 */
export function framerFrom(definition: unknown, sources: FramingSources = {}): Framer {
  const { field = 'framing' } = sources;
  if (typeof definition === 'string') return makerOf(field, definition, sources)();
  if (isFramer(definition)) return definition;
  const data = readObject(field, definition);
  const kind = readText(`${field}.kind`, data['kind']);
  const form = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (form === undefined) {
    const near = suggestion(kind, Object.keys(kinds));
    throw refusal(`${field}.kind`, `${field}.kind: unknown kind of framing "${kind}"${near}`);
  }
  refuseUnknownKeys(field, data, ['kind', ...form.keys, 'max']);
  try {
    return form.make(data, sources);
  } catch (error) {
    throw TcpError.is(error) && error.code === 'ECONFIG' ? withPath(field, error) : error;
  }
}

interface Kind {
  readonly keys: readonly string[];
  /** Passes on what was given; each maker refuses what is wrong with it. */
  make(data: Readonly<Record<string, unknown>>, sources: FramingSources): Framer;
}

const kinds: Readonly<Record<string, Kind>> = {
  none: { keys: [], make: (data) => raw(pick(data)) },
  varint: { keys: [], make: (data) => varint(pick(data)) },
  delimiter: {
    keys: ['delimiter', 'keep'],
    make: (data) => {
      const options: DelimiterOptions = pick(data, 'keep');
      return delimiter(readBytesValue('delimiter', data['delimiter']), options);
    },
  },
  'length-prefix': {
    keys: ['type', 'offset', 'includes', 'adjust', 'keep'],
    make: (data) => {
      const options: LengthPrefixOptions = pick(data, 'offset', 'includes', 'adjust', 'keep');
      return lengthPrefix(data['type'] as LengthType, options);
    },
  },
  'ascii-length': {
    keys: ['length', 'radix', 'includes'],
    make: (data) => {
      const options: AsciiLengthOptions = pick(data, 'radix', 'includes');
      return asciiLength(data['length'] as number, options);
    },
  },
  fixed: {
    keys: ['length', 'pad'],
    make: (data) => {
      const options: FixedLengthOptions = pick(data, 'pad');
      return fixedLength(data['length'] as number, options);
    },
  },
  'start-end': {
    keys: ['start', 'end', 'escape', 'keep'],
    make: (data) => {
      const { escape: given } = data;
      return startEnd(readBytesValue('start', data['start']), readBytesValue('end', data['end']), {
        ...pick(data, 'keep'),
        ...(given === undefined ? {} : { escape: readBytesValue('escape', given) }),
      });
    },
  },
  'idle-gap': {
    keys: ['gap'],
    make: (data) => idleGap(data['gap'] as number | string, pick(data)),
  },
  regex: {
    keys: ['pattern', 'flags'],
    make: (data) => {
      const flags = readText('flags', data['flags'] ?? '');
      const { source } = compileByteRegex(readText('pattern', data['pattern']), flags);
      return patternEnd(new RegExp(source, flags), pick(data));
    },
  },
  preset: {
    keys: ['name'],
    make: (data, sources) => makerOf('name', readText('name', data['name']), sources)(pick(data)),
  },
  custom: { keys: ['module', 'options'], make: customFramer },
};

function makerOf(field: string, name: string, { named = {} }: FramingSources): FramerMaker {
  const known: Readonly<Record<string, FramerMaker>> = { ...framerNames, ...named };
  const maker = Object.hasOwn(known, name) ? known[name] : undefined;
  if (maker !== undefined) return maker;
  const near = suggestion(name, Object.keys(known));
  throw refusal(field, `${field}: unknown framing "${name}"${near}`);
}

function customFramer(data: Readonly<Record<string, unknown>>, sources: FramingSources): Framer {
  const place = readText('module', data['module']);
  const [, path = '', name = ''] = /^([^#]+)#([^#]+)$/.exec(place) ?? [];
  if (name === '')
    throw configError('module', 'a file and a name, such as ./frames.js#make', place);
  if (sources.loadModule === undefined) {
    throw refusal('module', `module ${place} cannot be loaded here`);
  }
  const loaded = Object(sources.loadModule(path)) as Readonly<Record<string, unknown>>;
  const make = loaded[name];
  if (typeof make !== 'function') {
    const near = suggestion(name, Object.keys(loaded));
    throw refusal('module', `module ${path} exports no function "${name}"${near}`);
  }
  const made: unknown = make(readObject('options', data['options'] ?? {}));
  const max = readMax(data['max']);
  if (!isFramer(made)) throw configError('module', 'a maker of { decode, encode }', made);
  return {
    max: Math.min(max, made.max ?? max),
    ...(made.gapMs === undefined ? {} : { gapMs: made.gapMs }),
    decode: (buffer, eof, resume) => made.decode(buffer, eof, resume),
    encode: (frame) => made.encode(frame),
  };
}

function isFramer(value: unknown): value is Framer {
  const framer = Object(value) as Partial<Framer>;
  return typeof framer.decode === 'function' && typeof framer.encode === 'function';
}

/** The given keys and `max`, where they are there. Their values are checked by who gets them. */
function pick(data: Readonly<Record<string, unknown>>, ...keys: readonly string[]): object {
  const given = [...keys, 'max'].filter((key) => data[key] !== undefined);
  return Object.fromEntries(given.map((key) => [key, data[key]]));
}

/** The same refusal, with the path of the definition in front of the key. */
function withPath(path: string, { message, field = '', cause }: TcpError): TcpError {
  const named =
    field !== '' && message.startsWith(field) ? `${path}.${message}` : `${path}: ${message}`;
  return refusal(field === '' ? path : `${path}.${field}`, named, cause);
}
