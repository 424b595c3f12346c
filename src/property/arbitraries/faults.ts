import fc, { type Arbitrary } from 'fast-check';
import type { PlannedFault, PlannedTrigger } from '../../simulation/plan';

/** Faults that a property can put between the peers, from mild to harsh. */
export const faultKinds = ['halfClose', 'reset', 'refuse', 'blackhole'] as const;

/** One of the {@link faultKinds}. */
export type FaultKind = (typeof faultKinds)[number];

/** What {@link faultSchedule} generates. */
export interface FaultScheduleOptions {
  /** At most so many; default 4. */
  readonly max?: number;
  /** Which; default all. */
  readonly kinds?: readonly FaultKind[];
  /** Connections that are met, from 1; default 1. */
  readonly connections?: number;
  /** Each case draws from a part of the kinds only, so that rare ones are not drowned; default true. */
  readonly swarm?: boolean;
}

/**
 * Faults of a plan, each with what sets it off.
 *
 * Shrinks towards no fault, the mildest kind, the first connection and the first byte.
 *
 * @source docs/fuzzing.md#what-is-generated
 */
export function faultSchedule(options: FaultScheduleOptions = {}): Arbitrary<PlannedFault[]> {
  const { max = 4, kinds = faultKinds, connections = 1, swarm = true } = options;
  if (kinds.length === 0 || max === 0) return fc.constant([]);
  const drawn = fc.array(fault(kinds, connections), { maxLength: max });
  if (!swarm || kinds.length === 1) return drawn;
  // One bit for each kind that is left out, so that it shrinks towards none.
  const leftOut = fc.nat({ max: 2 ** kinds.length - 2 });
  const isIn = (one: PlannedFault, mask: number): boolean =>
    (mask & (1 << kinds.indexOf(one.do.type as FaultKind))) === 0;
  return fc.tuple(leftOut, drawn).map(([mask, faults]) => faults.filter((one) => isIn(one, mask)));
}

function fault(kinds: readonly FaultKind[], connections: number): Arbitrary<PlannedFault> {
  const connection = fc.integer({ min: 1, max: connections });
  return fc
    .record({
      kind: fc.constantFrom(...faultKinds.filter((kind) => kinds.includes(kind))),
      on: trigger(connection),
      connection,
      side: fc.constantFrom('dialler' as const, 'listener' as const),
    })
    .map(({ kind, on, connection: number, side }): PlannedFault => {
      if (kind === 'refuse') {
        return { on: { connection: number, state: 'connecting' }, do: { type: kind } };
      }
      if (kind === 'blackhole') return { on, do: { type: kind } };
      return { on, do: { type: kind, side } };
    });
}

function trigger(connection: Arbitrary<number>): Arbitrary<PlannedTrigger> {
  const direction = fc.constantFrom('out' as const, 'in' as const);
  return fc.oneof(
    { withCrossShrink: true },
    fc.record({ connection, direction, byte: fc.nat({ max: 64 }) }),
    fc.record({
      connection,
      direction,
      message: fc.nat({ max: 7 }),
      offset: fc.integer({ min: -3, max: 1 }),
    }),
    connection.map((number) => ({ connection: number, state: 'established' as const })),
  );
}
