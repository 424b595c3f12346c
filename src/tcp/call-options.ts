import { type Duration, readTimeLimit, toMicroseconds } from '../base/duration';
import { readObject, readSignal, refuseUnknownKeys } from '../base/option-reader';

/** Limits of one call. */
export interface CallOptions {
  /** Replaces the configured limit for this call; `0` and `Infinity` mean none. */
  readonly timeout?: Duration;
  /** Aborting it rejects this call with `ABORT_ERR`. */
  readonly signal?: AbortSignal;
}

/** Limits of one call, read. */
export interface CallLimit {
  /** Milliseconds, above 0; `Infinity` for none. */
  readonly timeoutMs: number;
  readonly timeoutUs: number;
  readonly signal?: AbortSignal;
}

/** A limit of time alone. */
export function limitOf(timeoutMs: number): CallLimit {
  return { timeoutMs, timeoutUs: toMicroseconds(timeoutMs) };
}

/**
 * Reads the limits of a call; `fallback` is what holds where it says nothing.
 *
 * @throws TcpError `ECONFIG` - an unknown key, a bad duration, something else than a signal
 */
export function readCallOptions(
  value: CallOptions | undefined,
  fallback: CallLimit,
  more: readonly string[] = [],
): CallLimit {
  if (value === undefined) return fallback;
  const options = readObject('options', value);
  refuseUnknownKeys('CallOptions', options, ['timeout', 'signal', ...more]);
  const { timeout, signal } = options;
  const time = timeout === undefined ? fallback : limitOf(readTimeLimit('timeout', timeout));
  if (signal === undefined) return time;
  const { timeoutMs, timeoutUs } = time;
  return { timeoutMs, timeoutUs, signal: readSignal('signal', signal) };
}
