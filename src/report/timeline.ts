import { readOneOf, refuseUnknownKeys } from '../base/option-reader';
import { packageInfo } from '../base/package-info';
import type { WireEvent } from '../network/wire-event';
import type { DraftItem } from './draft-item';
import { safeLinks } from './safe-links';
import { byteItems } from './timeline-bytes';
import { checkItem } from './timeline-checks';
import type { TimelineFacts } from './timeline-facts';
import { finishedItems } from './timeline-items';
import { findParticipants } from './timeline-lanes';
import { chooseRows, type KeptRows, readLimits, shareBytes } from './timeline-limits';
import { type ReportLimits, type TimelineModel, timelineVersion } from './timeline-model';
import { momentItems } from './timeline-moments';
import { relate } from './timeline-relations';

const factNames: readonly (keyof TimelineFacts)[] = [
  'title',
  'feature',
  'status',
  'headline',
  'network',
  'seed',
  'when',
  'replay',
  'links',
  'checks',
  'names',
  'pairs',
  'warnings',
];

/**
 * The timeline of a run, as plain data: the same for the same events and facts.
 *
 * @param events - of a trace, a trace file, or a capture that was read back
 * @param facts - what is known beside them; nothing is needed
 * @param limits - how large it may become; what is left out is counted in it
 * @throws TcpError `ECONFIG` - an unknown fact or limit, or a wrong one
 * @example
 * const model = buildTimeline(world.trace.events, { title: 'mail', network: world.kind });
 */
export function buildTimeline(
  events: Iterable<WireEvent>,
  facts: TimelineFacts = {},
  limits: ReportLimits = {},
): TimelineModel {
  refuseUnknownKeys('facts', facts, factNames);
  const settings = readLimits(limits);
  const list = [...events];
  const network = readOneOf('network', facts.network ?? 'real', ['real', 'simulated']);
  const participants = findParticipants(list, facts);
  const items = [...byteItems(list, participants), ...momentItems(list, participants, network)];
  items.sort((left, right) => left.i - right.i);
  const all = withChecks(items, list, facts, participants);
  relate(all, participants.connections);
  const kept = chooseRows(all, settings.events);
  const shares = shareBytes(kept.rows, settings);
  const { status = items.length === 0 ? 'none' : undefined } = facts;
  const failed = all.find(({ check }) => check?.passed === false);
  const headline = facts.headline ?? failed?.p;
  const { feature, seed, when, replay, title = 'Wire timeline' } = facts;
  return {
    v: timelineVersion,
    brine: packageInfo().version,
    title,
    ...(feature !== undefined && { feature }),
    status: failed === undefined ? (status ?? 'none') : (facts.status ?? 'failed'),
    ...(headline !== undefined && { headline }),
    network,
    ...(seed !== undefined && { seed }),
    ...(when !== undefined && { when }),
    ...(replay !== undefined && { replay }),
    links: safeLinks(facts.links ?? []),
    lanes: participants.lanes,
    connections: participants.connections,
    items: finishedItems(kept, shares),
    left: { events: kept.left, bytes: bytesLeft(kept, shares) },
    warnings: facts.warnings ?? [],
  };
}

/** Each verdict stands behind the last event that had happened. */
function withChecks(
  items: readonly DraftItem[],
  events: readonly WireEvent[],
  { checks = [] }: TimelineFacts,
  participants: ReturnType<typeof findParticipants>,
): readonly DraftItem[] {
  if (checks.length === 0) return items;
  const verdicts = checks.map((check) => checkItem(check, events, participants));
  const places = new Map(verdicts.map((item) => [item, placeBehind(items, item.i)]));
  const merged: DraftItem[] = [];
  for (let at = 0; at <= items.length; at++) {
    merged.push(...verdicts.filter((verdict) => places.get(verdict) === at));
    const item = items[at];
    if (item !== undefined) merged.push(item);
  }
  return merged;
}

function placeBehind(items: readonly DraftItem[], index: number): number {
  const next = items.findIndex(({ i }) => i > index);
  return next < 0 ? items.length : next;
}

function bytesLeft({ rows }: KeptRows, shares: ReadonlyMap<DraftItem, number>): number {
  let count = 0;
  for (const row of rows) count += (row.bytes?.byteLength ?? 0) - (shares.get(row) ?? 0);
  return count;
}
