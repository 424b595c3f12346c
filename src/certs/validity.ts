import { type Duration, readDuration } from '../base/duration';
import { configError } from '../base/errors';
import { readIsoTime } from '../base/iso-time';
import { readObject, readText, refuseUnknownKeys } from '../base/option-reader';
import { realNow } from './real-date';

/** How long from now, or from when to when, as `2020-01-01T00:00:00Z`. */
export type Validity = Duration | { readonly from: string; readonly to: string };

/** First and last instant of a certificate, in milliseconds since 1970. */
export interface Period {
  readonly notBefore: number;
  readonly notAfter: number;
}

/** Clocks of two machines differ; a certificate of this minute must be valid on both. */
const skewMs = 3_600_000;

/**
 * Reads when a certificate is valid.
 *
 * @param value - a duration counts from now, and the start lies one hour back; default `'24h'`
 * @throws TcpError `ECONFIG` - no duration, no instants, or an end that is not after the start
 */
export function readValidity(value: unknown = '24h'): Period {
  const period = typeof value === 'object' ? readPeriod(value) : fromNow(value);
  if (period.notAfter > period.notBefore) return period;
  throw configError('validity', 'a time that ends after it began', value);
}

function fromNow(value: unknown): Period {
  const ms = readDuration('validity', value);
  if (!Number.isFinite(ms)) throw configError('validity', 'a duration with an end', value);
  const now = realNow();
  return { notBefore: now - skewMs, notAfter: now + ms };
}

function readPeriod(value: unknown): Period {
  const options = readObject('validity', value);
  refuseUnknownKeys('validity', options, ['from', 'to']);
  return { notBefore: readInstant('from', options), notAfter: readInstant('to', options) };
}

function readInstant(key: string, options: Record<string, unknown>): number {
  const text = readText(`validity.${key}`, options[key]);
  const ms = readIsoTime(text);
  if (ms !== undefined) return ms;
  throw configError(`validity.${key}`, 'an instant such as "2020-01-01T00:00:00Z"', text);
}
