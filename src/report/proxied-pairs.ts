import type { WirePair } from '../capture/wire-pairs';
import type { WireEvent } from '../network/wire-event';

/**
 * Finds which connection a proxy has dialled for which: one that it dials while exactly one that it
 * accepted has none yet. Where two wait at once, nothing is guessed.
 *
 * @param isProxy - whether a label is that of a proxy
 * @returns ids of ends, two and two
 */
export function proxiedPairs(
  events: readonly WireEvent[],
  pairs: ReadonlyMap<string, WirePair>,
  isProxy: (label: string) => boolean,
): readonly (readonly [string, string])[] {
  const waiting = new Map<string, string[]>();
  const found: (readonly [string, string])[] = [];
  for (const { kind, from, connection } of events) {
    if ((kind !== 'accepted' && kind !== 'syn') || !isProxy(from)) continue;
    const isOwn = pairs.get(connection)?.accepted === connection;
    const open = waiting.get(from) ?? [];
    waiting.set(from, open);
    if (kind === 'accepted' && isOwn) open.push(connection);
    if (kind !== 'syn') continue;
    const [first] = open;
    if (first !== undefined && open.length === 1) found.push([first, connection]);
    open.length = 0;
  }
  return found;
}
