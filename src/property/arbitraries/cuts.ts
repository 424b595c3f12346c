import fc, { type Arbitrary } from 'fast-check';
import type { PlannedCut } from '../../simulation/plan';

/** What {@link cuts} generates. */
export interface CutsOptions {
  /** At most so many; default 8. */
  readonly max?: number;
  /** How far from the end of a message a cut may be, in bytes; default from −3 to 1. */
  readonly offset?: readonly [least: number, most: number];
  /** Connections that are cut, from 1; default 1. */
  readonly connections?: number;
  /** Messages whose ends are cut; default the first 8. */
  readonly messages?: number;
}

/**
 * Places at which a stream is cut into segments, told from the ends of its messages, since that is
 * where programs break.
 *
 * Shrinks towards no cut, the first message, and the byte before its end.
 *
 * @source docs/fuzzing.md#what-is-generated
 */
export function cuts(options: CutsOptions = {}): Arbitrary<PlannedCut[]> {
  const { max = 8, offset: [least, most] = [-3, 1], connections = 1, messages = 8 } = options;
  const connection = fc.integer({ min: 1, max: connections });
  const direction = fc.constantFrom('out' as const, 'in' as const);
  const relative = fc.record({
    connection,
    direction,
    unit: fc.nat({ max: messages - 1 }),
    offset: fc
      .integer({ min: 0, max: most - least })
      .map((step) => fromMinusOne(step, least, most)),
  });
  const absolute = fc.record({ connection, direction, at: fc.integer({ min: 1, max: 64 }) });
  return fc.array(
    fc.oneof(
      { withCrossShrink: true },
      { arbitrary: relative, weight: 3 },
      { arbitrary: absolute, weight: 1 },
    ),
    { maxLength: max },
  );
}

/** The numbers of a range, beginning with −1 and going round. */
function fromMinusOne(step: number, least: number, most: number): number {
  const size = most - least + 1;
  return least + ((((-1 - least + step) % size) + size) % size);
}
