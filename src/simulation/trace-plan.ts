import type { WireEvent } from '../network/wire-event';
import type { Plan, PlannedCut } from './plan';

/**
 * The plan that cuts streams where a recorded run received them in pieces.
 *
 * Played against the same program, each connection gets its bytes in the chunks of the record,
 * however the record was made; times and failures are not lifted.
 *
 * @param events - of a trace, real or simulated
 */
export function planFromTrace(events: readonly WireEvent[]): Plan {
  const cuts = new Map<string, PlannedCut>();
  for (const { kind, connection, direction, stream, length } of events) {
    const number = Number(/^[cs](\d+)$/.exec(connection)?.[1]);
    if (kind !== 'data' || direction === '-' || stream === undefined || !(number > 0)) continue;
    const at = stream + (length ?? 0);
    cuts.set(`${number} ${direction} ${at}`, { connection: number, direction, at });
  }
  return { v: 1, cuts: [...cuts.values()] };
}
