import { type Duration, readDuration, toMicroseconds } from '../base/duration';
import { redactEvents } from '../capture/redact-events';
import { Redaction, type RedactionRule } from '../capture/redaction';
import { pairConnections } from '../capture/wire-pairs';
import type { WireEvent } from '../network/wire-event';

/** Which events of a run are shown, and how much of them. */
export interface EventChoice {
  /** Ids of connections, such as `c1`; either end names both. Default: all. */
  readonly connections?: readonly string[];
  /** Since the first event. */
  readonly from?: Duration;
  readonly to?: Duration;
  /** Masks of bytes and texts; default: nothing is masked. */
  readonly redact?: readonly RedactionRule[];
}

/**
 * The events that a choice leaves, in their order. Events of no connection stay.
 *
 * @throws TcpError `ECONFIG` - a time or a rule that cannot be read
 */
export function chooseEvents(
  events: readonly WireEvent[],
  choice: EventChoice,
): readonly WireEvent[] {
  const { connections = [], from, to, redact = [] } = choice;
  const startUs = events[0]?.atUs ?? 0;
  const bound = (field: string, time: Duration | undefined, none: number) =>
    time === undefined ? none : startUs + toMicroseconds(readDuration(field, time));
  const [first, last] = [bound('from', from, 0), bound('to', to, Number.POSITIVE_INFINITY)];
  const ids = idsOf(events, connections);
  const chosen = events.filter(
    ({ atUs, connection }) =>
      atUs >= first &&
      atUs <= last &&
      (connection === '' || ids === undefined || ids.has(connection)),
  );
  return redact.length === 0 ? chosen : redactEvents(chosen, new Redaction(redact));
}

/** Both ends of the connections named; `undefined` for all. */
function idsOf(
  events: readonly WireEvent[],
  connections: readonly string[],
): ReadonlySet<string> | undefined {
  if (connections.length === 0) return undefined;
  const pairs = pairConnections(events);
  return new Set(
    connections.flatMap((id) => {
      const { dialled, accepted } = pairs.get(id) ?? {};
      return [id, dialled ?? id, accepted ?? id];
    }),
  );
}
