import {
  type ByteRegex,
  type ByteRegexMatch,
  matchByteRegex,
  printByteRegex,
} from '../base/byte-regex';
import { TcpError } from '../base/errors';
import type { RegexLimit } from './subject';

/**
 * Runs an expression over a frame within the limit of time.
 *
 * @returns no match when it took too long, which is told to the limit
 */
export function runRegex(
  regex: ByteRegex,
  bytes: Uint8Array,
  limit: RegexLimit,
): ByteRegexMatch | undefined {
  const { limitMs, now } = limit;
  try {
    return matchByteRegex(regex, bytes, { limitMs, ...(now === undefined ? {} : { now }) });
  } catch (error) {
    if (!TcpError.is(error) || error.code !== 'EDEADLINE') throw error;
    limit.exceeded(printByteRegex(regex));
    return undefined;
  }
}
