import type { Duration } from '../base/duration';
import { readDuration, readTimeLimit, toMicroseconds } from '../base/duration';
import { configError } from '../base/errors';
import { readCount, readFlag, readObject, refuseUnknownKeys } from '../base/option-reader';

/**
 * What a link between two hosts is like, in one direction.
 *
 * @source docs/simulation.md
 */
export interface LinkOptions {
  /**
   * How long a segment travels: always the same; or between two durations, as the plan's
   * `tape.latency` says (halfway once that has run out); or a tape of microseconds of its own
   * (500 µs once it has run out). Default 500 µs.
   */
  readonly latency?: Duration | { readonly uniform: readonly [Duration, Duration] } | LatencyTape;
  /** Bytes per second, shared by everything on the link. Default: no limit. */
  readonly bandwidth?: number;
  /** Bytes that a sender's socket takes before `write` has to wait. Default 64 KiB. */
  readonly sendBuffer?: number;
  /** Bytes that the receiver's socket holds; in flight and buffered together stay within it. Default 64 KiB. */
  readonly receiveBuffer?: number;
  /** Bytes of the largest segment. Default 1,460; 65,483 within one host. */
  readonly mss?: number;
  /** How writes become segments. Default: one write, one segment, split at `mss`. */
  readonly segmenter?: 'write' | { readonly each: number } | { readonly coalesce: Duration };
  /** Nagle's algorithm and delayed acknowledgements, for connections without `setNoDelay`. Default false. */
  readonly nagle?: boolean;
  /** How long data may stay unacknowledged on a dead link before `ETIMEDOUT`. Default 924 s. */
  readonly retryLimit?: Duration;
  /** How long a dial may stay unanswered before `ETIMEDOUT`. Default 127 s. */
  readonly connectLimit?: Duration;
}

/** Microseconds, one per segment. */
export interface LatencyTape {
  readonly tape: readonly number[];
}

/** Link options as the network reads them. */
export interface LinkSettings {
  readonly latency: LatencyModel;
  readonly bytesPerSecond: number;
  readonly sendBuffer: number;
  readonly receiveBuffer: number;
  /** Undefined: the default of the kind of link. */
  readonly mss: number | undefined;
  readonly segmenter: SegmentModel;
  readonly nagle: boolean;
  readonly retryLimitUs: number;
  readonly connectLimitUs: number;
}

export type LatencyModel =
  | { readonly kind: 'constant'; readonly us: number }
  | { readonly kind: 'uniform'; readonly fromUs: number; readonly toUs: number }
  | { readonly kind: 'tape'; readonly tape: readonly number[] };

export type SegmentModel =
  | { readonly kind: 'write' }
  | { readonly kind: 'each'; readonly size: number }
  | { readonly kind: 'coalesce'; readonly us: number };

/** Latency when nothing else is said. */
export const defaultLatencyUs = 500;

/** A link nobody said anything about. */
export const defaultLinkSettings: LinkSettings = {
  latency: { kind: 'constant', us: defaultLatencyUs },
  bytesPerSecond: Number.POSITIVE_INFINITY,
  sendBuffer: 65_536,
  receiveBuffer: 65_536,
  mss: undefined,
  segmenter: { kind: 'write' },
  nagle: false,
  retryLimitUs: 924_000_000,
  connectLimitUs: 127_000_000,
};

/** The keys of {@link LinkOptions}. */
export const linkOptionKeys: readonly string[] = [
  'latency',
  'bandwidth',
  'sendBuffer',
  'receiveBuffer',
  'mss',
  'segmenter',
  'nagle',
  'retryLimit',
  'connectLimit',
];

/** Reads link options over settings. @throws TcpError `ECONFIG` */
export function readLinkOptions(
  field: string,
  value: unknown,
  base: LinkSettings = defaultLinkSettings,
): LinkSettings {
  const options = readObject(field, value) as LinkOptions;
  refuseUnknownKeys(field, options, linkOptionKeys);
  const { latency, bandwidth, sendBuffer, receiveBuffer, mss, segmenter, nagle } = options;
  const { retryLimit, connectLimit } = options;
  const count = (key: string, given: number | undefined, otherwise: number): number =>
    given === undefined ? otherwise : readCount(`${field}.${key}`, given, 1);
  const limit = (key: string, given: Duration | undefined, otherwise: number): number =>
    given === undefined ? otherwise : toMicroseconds(readTimeLimit(`${field}.${key}`, given));
  return {
    latency: latency === undefined ? base.latency : readLatency(`${field}.latency`, latency),
    bytesPerSecond:
      bandwidth === undefined
        ? base.bytesPerSecond
        : readCount(`${field}.bandwidth`, bandwidth, 1, true),
    sendBuffer: count('sendBuffer', sendBuffer, base.sendBuffer),
    receiveBuffer: count('receiveBuffer', receiveBuffer, base.receiveBuffer),
    mss: mss === undefined ? base.mss : readCount(`${field}.mss`, mss, 1),
    segmenter:
      segmenter === undefined ? base.segmenter : readSegmenter(`${field}.segmenter`, segmenter),
    nagle: nagle === undefined ? base.nagle : readFlag(`${field}.nagle`, nagle),
    retryLimitUs: limit('retryLimit', retryLimit, base.retryLimitUs),
    connectLimitUs: limit('connectLimit', connectLimit, base.connectLimitUs),
  };
}

function readLatency(field: string, value: unknown): LatencyModel {
  if (typeof value !== 'object' || value === null) {
    return { kind: 'constant', us: readLatencyUs(field, value) };
  }
  if ('tape' in value) {
    refuseUnknownKeys(field, value, ['tape']);
    return { kind: 'tape', tape: readTape(`${field}.tape`, value.tape) };
  }
  refuseUnknownKeys(field, value, ['uniform']);
  const range = 'uniform' in value ? value.uniform : undefined;
  if (!Array.isArray(range) || range.length !== 2) {
    throw configError(`${field}.uniform`, 'two durations, the shorter first', range);
  }
  const fromUs = readLatencyUs(`${field}.uniform[0]`, range[0]);
  const toUs = readLatencyUs(`${field}.uniform[1]`, range[1]);
  if (fromUs > toUs)
    throw configError(`${field}.uniform`, 'two durations, the shorter first', range);
  return { kind: 'uniform', fromUs, toUs };
}

function readLatencyUs(field: string, value: unknown): number {
  const ms = readDuration(field, value);
  if (ms === Number.POSITIVE_INFINITY) throw configError(field, 'a finite duration', value);
  return toMicroseconds(ms);
}

/** Whole numbers of 0 or more. @throws TcpError `ECONFIG` */
export function readTape(field: string, value: unknown): readonly number[] {
  if (!Array.isArray(value)) throw configError(field, 'an array of whole numbers', value);
  return value.map((entry, index) => readCount(`${field}[${index}]`, entry));
}

function readSegmenter(field: string, value: unknown): SegmentModel {
  if (value === 'write') return { kind: 'write' };
  if (typeof value !== 'object' || value === null) {
    throw configError(field, '"write", { each: bytes } or { coalesce: duration }', value);
  }
  if ('each' in value) {
    refuseUnknownKeys(field, value, ['each']);
    return { kind: 'each', size: readCount(`${field}.each`, value.each, 1) };
  }
  refuseUnknownKeys(field, value, ['coalesce']);
  const wait = 'coalesce' in value ? value.coalesce : undefined;
  return { kind: 'coalesce', us: toMicroseconds(readDuration(`${field}.coalesce`, wait)) };
}
