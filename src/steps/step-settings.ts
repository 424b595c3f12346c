import { type Duration, readDuration } from '../base/duration';
import { configError } from '../base/errors';
import {
  readCount,
  readFlag,
  readObject,
  readOneOf,
  readText,
  refuseUnknownKeys,
} from '../base/option-reader';

/** `worldParameters.brine`: what a user may write. */
export interface StepOptions {
  /** Default `real`. */
  readonly network?: 'real' | 'simulated';
  /** How long asserting steps wait; default `2s`. */
  readonly timeout?: Duration;
  /** Silence that counts as quiet on the real network; default `50ms`. */
  readonly quiet?: Duration;
  /** How long a command may take to end; default `15s`. */
  readonly exitTimeout?: Duration;
  /** Seed of plans and random data; default: a fresh one per scenario. */
  readonly seed?: number;
  /** Folder for evidence and scenario folders; default `.brine/out`. */
  readonly out?: string;
  /** Whether failures that no step asked for fail the scenario; default `false`. */
  readonly strict?: boolean;
  /** Regular expressions whose matches are masked in texts; default none. */
  readonly redact?: readonly string[];
  /** Files of mocks that are started once for all scenarios of the real network; default none. */
  readonly mocks?: readonly string[];
  /** Captures: whether every scenario leaves one, and whether what is masked in texts is masked in them too. */
  readonly capture?: { readonly always?: boolean; readonly redact?: boolean };
}

/** The same, complete. Times are milliseconds. */
export interface StepSettings {
  readonly network: 'real' | 'simulated';
  readonly timeoutMs: number;
  readonly quietMs: number;
  readonly exitTimeoutMs: number;
  /** The longest `{duration} passes` of the real network: 10 s, without limit under `@slow`. */
  readonly longestWaitMs: number;
  readonly seed: number | undefined;
  readonly out: string;
  readonly strict: boolean;
  /** The mode of every mock, whatever its definition says; `undefined`: that of the definition. */
  readonly mockMode: 'strict' | 'lenient' | undefined;
  readonly redact: readonly string[];
  /** Files of mocks that serve all scenarios. */
  readonly mocks: readonly string[];
  readonly capture: { readonly always: boolean; readonly redact: boolean };
}

const defaults = {
  network: 'real',
  timeout: '2s',
  quiet: '50ms',
  exitTimeout: '15s',
  out: '.brine/out',
  strict: false,
  redact: [],
  mocks: [],
  capture: {},
} as const;

const keys = [...Object.keys(defaults), 'seed'];

/**
 * Reads `worldParameters.brine`; absent means all defaults.
 *
 * @throws TcpError `ECONFIG` - an unknown key or a wrong value
 */
export function readStepOptions(value: unknown): StepSettings {
  const where = 'worldParameters.brine';
  const options = value === undefined ? {} : readObject(where, value);
  refuseUnknownKeys(where, options, keys);
  const given = { ...defaults, ...options } as Partial<Record<keyof StepOptions, unknown>>;
  const at = (key: string): string => `${where}.${key}`;
  return {
    network: readOneOf(at('network'), given.network, ['real', 'simulated']),
    timeoutMs: readDuration(at('timeout'), given.timeout),
    quietMs: readDuration(at('quiet'), given.quiet),
    exitTimeoutMs: readDuration(at('exitTimeout'), given.exitTimeout),
    longestWaitMs: 10_000,
    seed: given.seed === undefined ? undefined : readCount(at('seed'), given.seed),
    out: readText(at('out'), given.out),
    strict: readFlag(at('strict'), given.strict),
    mockMode: given.strict === true ? 'strict' : undefined,
    redact: readTexts(at('redact'), given.redact),
    mocks: readPaths(at('mocks'), given.mocks),
    capture: readCapture(at('capture'), given.capture),
  };
}

function readCapture(field: string, value: unknown): StepSettings['capture'] {
  const options = readObject(field, value);
  refuseUnknownKeys(field, options, ['always', 'redact']);
  const { always = false, redact = false } = options;
  return {
    always: readFlag(`${field}.always`, always),
    redact: readFlag(`${field}.redact`, redact),
  };
}

function readPaths(field: string, value: unknown): readonly string[] {
  if (!Array.isArray(value)) throw configError(field, 'a list of files', value);
  return value.map((entry, index) => readText(`${field}[${index}]`, entry));
}

function readTexts(field: string, value: unknown): readonly string[] {
  if (!Array.isArray(value)) throw configError(field, 'a list of regular expressions', value);
  return value.map((entry, index) => readExpression(`${field}[${index}]`, entry));
}

function readExpression(field: string, value: unknown): string {
  const source = readText(field, value);
  try {
    new RegExp(source);
  } catch {
    throw configError(field, 'a regular expression', value);
  }
  return source;
}
