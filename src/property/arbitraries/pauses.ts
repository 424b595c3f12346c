import fc, { type Arbitrary } from 'fast-check';
import { type Duration, readDuration } from '../../base/duration';

/**
 * Milliseconds in which nobody does anything: none, the round times that programs use as limits,
 * and any other.
 *
 * Shrinks towards none.
 *
 * @source docs/fuzzing.md#what-is-generated
 */
export function pause(longest: Duration = '10s'): Arbitrary<number> {
  const most = Math.floor(readDuration('longest', longest));
  const known = [0, 1, 10, 100, 1_000, 5_000, 30_000].filter((ms) => ms <= most);
  return fc.oneof(
    { withCrossShrink: true },
    { arbitrary: fc.integer({ min: 0, max: most }), weight: 2 },
    { arbitrary: fc.constantFrom(...known), weight: 1 },
  );
}

/**
 * Times around a limit, in microseconds: just before it, on it, just behind it, none, half, double.
 *
 * Shrinks towards the limit itself.
 *
 * @source docs/fuzzing.md#what-is-generated
 */
export function timeouts(around: Duration): Arbitrary<number> {
  const limit = Math.round(readDuration('around', around) * 1_000);
  return fc.constantFrom(limit, limit - 1, limit + 1, 0, Math.floor(limit / 2), limit * 2);
}
