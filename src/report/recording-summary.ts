import { wireLogLines } from '../capture/wire-log-lines';
import type { WirePair } from '../capture/wire-pairs';
import type { WireEvent } from '../network/wire-event';

/** One connection of a recording, in numbers. */
export interface ConnectionSummary {
  /** As in logs: the number of its ids. */
  readonly number: number;
  /** Who dialled, and whom: names, or addresses. */
  readonly from: string;
  readonly to: string;
  /** Bytes to the server, and to the client, each counted once. */
  readonly bytes: { readonly out: number; readonly in: number };
  /** Both sides with FIN, one of them, RST, refused, or not at all. */
  readonly ended: 'fin' | 'half' | 'rst' | 'refused' | 'open';
}

/** A recording in numbers. */
export interface RecordingSummary {
  readonly events: number;
  /** Microseconds from the first to the last event. */
  readonly lastedUs: number;
  readonly bytes: { readonly out: number; readonly in: number };
  readonly connections: readonly ConnectionSummary[];
}

type Draft = {
  from: string;
  to: string;
  out: number;
  in: number;
  fins: Set<string>;
  ended: 'rst' | 'refused' | undefined;
};

/**
 * The connections of a recording with their bytes and endings.
 *
 * @param network - whose reports count
 */
export function summarizeRecording(
  events: readonly WireEvent[],
  network: 'real' | 'simulated' = 'real',
): RecordingSummary {
  const drafts = new Map<WirePair, Draft>();
  for (const { pair, body } of wireLogLines(events, network)) {
    if (pair === undefined) continue;
    const draft = drafts.get(pair) ?? emptyDraft();
    drafts.set(pair, draft);
    if (body.kind !== 'event') {
      const length = body.kind === 'bytes' ? body.bytes.byteLength : body.length;
      draft[body.sign === '>' ? 'out' : 'in'] += length;
    } else takeVerb(draft, body.event);
  }
  nameEnds(drafts, events);
  const connections = [...drafts].map(([pair, draft]) => summaryOf(pair, draft));
  const total = (way: 'out' | 'in') => connections.reduce((sum, { bytes }) => sum + bytes[way], 0);
  return {
    events: events.length,
    lastedUs: (events.at(-1)?.atUs ?? 0) - (events[0]?.atUs ?? 0),
    bytes: { out: total('out'), in: total('in') },
    connections,
  };
}

function emptyDraft(): Draft {
  return { from: '', to: '', out: 0, in: 0, fins: new Set(), ended: undefined };
}

function takeVerb(draft: Draft, event: { readonly verb: string; readonly words?: string }): void {
  const { verb } = event;
  if (verb === 'reset' || verb === 'peer resets') draft.ended = 'rst';
  else if (verb === 'error' && event.words === 'connection refused') draft.ended ??= 'refused';
  else if (/^(?:peer )?(?:closes?|half-closes?)$/.test(verb)) {
    draft.fins.add(verb.startsWith('peer') ? 'out' : 'in');
  }
}

/** The names that the dialling end uses, else those of the other, mirrored. */
function nameEnds(drafts: ReadonlyMap<WirePair, Draft>, events: readonly WireEvent[]): void {
  const ends = new Map<string, { readonly draft: Draft; readonly dials: boolean }>();
  for (const [{ dialled, accepted }, draft] of drafts) {
    if (dialled !== undefined) ends.set(dialled, { draft, dials: true });
    if (accepted !== undefined) ends.set(accepted, { draft, dials: false });
  }
  for (const { connection, from, to, kind } of events) {
    const end = ends.get(connection);
    if (end === undefined || kind === 'fault' || kind === 'control') continue;
    const { draft, dials } = end;
    draft.from ||= dials ? from : to;
    draft.to ||= dials ? to : from;
  }
}

function summaryOf({ number }: WirePair, draft: Draft): ConnectionSummary {
  const { from, to, fins } = draft;
  const graceful = (['open', 'half', 'fin'] as const)[fins.size] ?? 'open';
  return {
    number,
    from,
    to,
    bytes: { out: draft.out, in: draft.in },
    ended: draft.ended ?? graceful,
  };
}
