import { configError } from './errors';

/** A length of time: a number of milliseconds, or text with a unit such as `'250ms'`, `'2s'`, `'5 minutes'`. */
export type Duration = number | string;

/** Milliseconds of each unit that a duration may name. */
const unitsInMs: Readonly<Record<string, number>> = {
  us: 0.001,
  microsecond: 0.001,
  microseconds: 0.001,
  ms: 1,
  millisecond: 1,
  milliseconds: 1,
  s: 1_000,
  second: 1_000,
  seconds: 1_000,
  min: 60_000,
  minute: 60_000,
  minutes: 60_000,
  h: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
};

/** What text {@link readDuration} takes, as a regular expression; for schemas. */
export const durationPattern: string = `^\\s*\\d+(\\.\\d+)?\\s?(${Object.keys(unitsInMs).join('|')})\\s*$`;

/** Milliseconds of texts that were read; every connection reads the same few. */
const readBefore = new Map<string, number>();
const readBeforeMost = 256;

const expectation = "a duration of 0 or more, such as 250 (ms), '250ms', '2s' or '5 minutes'";

/**
 * Reads a duration.
 *
 * @param field - name used in the refusal
 * @returns milliseconds, 0 or more; may carry a fraction, may be `Infinity`
 * @throws TcpError `ECONFIG` - negative, `NaN`, empty text, text without a unit
 */
export function readDuration(field: string, value: unknown): number {
  if (typeof value === 'number') {
    if (Number.isNaN(value) || value < 0) throw configError(field, expectation, value);
    return value;
  }
  if (typeof value !== 'string') throw configError(field, expectation, value);
  const before = readBefore.get(value);
  if (before !== undefined) return before;
  const match = /^(\d+(?:\.\d+)?)\s?([a-z]+)$/.exec(value.trim());
  const name = match?.[2] ?? '';
  const unit = Object.hasOwn(unitsInMs, name) ? unitsInMs[name] : undefined;
  if (match === null || unit === undefined) throw configError(field, expectation, value);
  const ms = Number(match[1]) * unit;
  if (readBefore.size < readBeforeMost) readBefore.set(value, ms);
  return ms;
}

/**
 * Reads a limit of time, where `0` and `Infinity` mean that there is none.
 *
 * @returns milliseconds above 0, `Infinity` for no limit
 * @throws TcpError `ECONFIG` - as {@link readDuration}
 */
export function readTimeLimit(field: string, value: unknown): number {
  const ms = readDuration(field, value);
  return ms === 0 ? Number.POSITIVE_INFINITY : ms;
}

/** Whole microseconds of a length in milliseconds, rounded half up; a positive length never becomes 0. */
export function toMicroseconds(ms: number): number {
  if (ms <= 0) return 0;
  return Math.max(1, Math.round(ms * 1_000));
}

/** A duration for people: `250 ms`, `2 s`, `1.5 s`, `5 min`. */
export function formatDuration(ms: number): string {
  if (ms === Number.POSITIVE_INFINITY) return 'no limit';
  if (ms > 0 && ms < 1) return `${trim(ms * 1_000)} us`;
  if (ms < 1_000) return `${trim(ms)} ms`;
  if (ms < 60_000 || ms % 60_000 !== 0) return `${trim(ms / 1_000)} s`;
  return ms % 3_600_000 === 0 ? `${ms / 3_600_000} h` : `${ms / 60_000} min`;
}

function trim(value: number): string {
  return String(Math.round(value * 1_000) / 1_000);
}
