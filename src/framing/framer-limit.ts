import { refusal } from '../base/errors';
import { formatSize, readSize } from '../base/size';

/** Longest frame where nothing else is said: 16 MiB. @source docs/framing.md#the-framers */
export const defaultMax: number = 16 * 1_048_576;

/**
 * Reads the option `max`.
 *
 * @param least - bytes that every frame of this framing has
 * @throws TcpError `ECONFIG` - no size, or one that not even the shortest frame fits in
 */
export function readMax(value: unknown, least = 1): number {
  const max = value === undefined ? defaultMax : readSize('max', value);
  if (max >= least) return max;
  throw refusal('max', `max must be at least ${formatSize(least)} here, got ${formatSize(max)}`);
}
