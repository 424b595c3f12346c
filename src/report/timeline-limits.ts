import { readCount, refuseUnknownKeys } from '../base/option-reader';
import type { DraftItem } from './draft-item';
import { type ItemKind, isProblem, type ReportLimits } from './timeline-model';

/** All limits, read. */
export type ReportLimitSettings = Required<ReportLimits>;

const defaults: ReportLimitSettings = {
  events: 10_000,
  bytesPerItem: 4_096,
  bytes: 2 * 2 ** 20,
};

/** Rows around a problem that tell what led to it and what came of it. */
const [before, after] = [40, 10];
/** Rows at either end that are always wanted. */
const atEnds = 500;

/** @throws TcpError `ECONFIG` - an unknown limit, or one that is no whole number above 0 */
export function readLimits(limits: ReportLimits): ReportLimitSettings {
  refuseUnknownKeys('limits', limits, Object.keys(defaults));
  const { events, bytesPerItem, bytes } = { ...defaults, ...limits };
  return {
    events: readCount('limits.events', events, 1),
    bytesPerItem: readCount('limits.bytesPerItem', bytesPerItem),
    bytes: readCount('limits.bytes', bytes),
  };
}

/** What stays of a list of rows: rows, and how many were left out before each of them. */
export interface KeptRows {
  readonly rows: readonly DraftItem[];
  /** Row → how many rows are missing directly before it; `undefined` → behind the last one. */
  readonly gaps: ReadonlyMap<DraftItem | undefined, number>;
  readonly left: number;
}

/**
 * Chooses rows: problems, what is around them, openings and ends, both ends of the run, and of the
 * rest every so many.
 */
export function chooseRows(items: readonly DraftItem[], limit: number): KeptRows {
  if (items.length <= limit) return { rows: items, gaps: new Map(), left: 0 };
  const wanted = new Set<number>();
  const want = (at: number) => {
    if (wanted.size < limit && at >= 0 && at < items.length) wanted.add(at);
  };
  const problems = problemsIn(items);
  for (const at of problems) want(at);
  for (const at of problems) for (let near = at - before; near <= at + after; near++) want(near);
  const edge = Math.min(atEnds, Math.ceil(limit / 8));
  for (let at = 0; at < edge; at++) {
    want(at);
    want(items.length - 1 - at);
  }
  items.forEach(({ k }, at) => {
    if (turningPoints.has(k)) want(at);
  });
  const others = items.map((_, at) => at).filter((at) => !wanted.has(at));
  const step = others.length / Math.max(1, limit - wanted.size);
  for (let at = 0; at < others.length; at += step) want(others[Math.floor(at)] ?? -1);
  return withGaps(items, wanted);
}

const turningPoints: ReadonlySet<ItemKind> = new Set([
  'open',
  'refused',
  'fin',
  'rst',
  'tls',
  'secured',
  'mark',
  'check',
]);

function withGaps(items: readonly DraftItem[], wanted: ReadonlySet<number>): KeptRows {
  const rows: DraftItem[] = [];
  const gaps = new Map<DraftItem | undefined, number>();
  let missing = 0;
  items.forEach((item, at) => {
    if (!wanted.has(at)) {
      missing++;
      return;
    }
    if (missing > 0) gaps.set(item, missing);
    missing = 0;
    rows.push(item);
  });
  if (missing > 0) gaps.set(undefined, missing);
  return { rows, gaps, left: items.length - rows.length };
}

/**
 * Says how many bytes each row may keep: at most `bytesPerItem`, and together at most `bytes`, of
 * which rows near problems get theirs first.
 */
export function shareBytes(
  rows: readonly DraftItem[],
  { bytes, bytesPerItem }: ReportLimitSettings,
): ReadonlyMap<DraftItem, number> {
  const shares = new Map<DraftItem, number>();
  const distance = distancesIn(rows);
  const order = rows
    .map((row, at) => ({ row, far: distance[at] ?? 0 }))
    .filter(({ row }) => row.bytes !== undefined)
    .sort((left, right) => left.far - right.far);
  let budget = bytes;
  for (const { row } of order) {
    const share = Math.min(row.bytes?.byteLength ?? 0, bytesPerItem);
    shares.set(row, share <= budget ? share : 0);
    if (share <= budget) budget -= share;
  }
  return shares;
}

/** Rows from each row to the nearest problem. */
function distancesIn(rows: readonly DraftItem[]): readonly number[] {
  const distances = rows.map(() => rows.length);
  const problems = new Set(problemsIn(rows));
  let near = rows.length;
  for (let at = 0; at < rows.length; at++) {
    near = problems.has(at) ? 0 : near + 1;
    distances[at] = near;
  }
  for (let at = rows.length - 1; at >= 0; at--) {
    near = problems.has(at) ? 0 : near + 1;
    distances[at] = Math.min(distances[at] ?? near, near);
  }
  return distances;
}

/** Places of problems, failed checks first. */
function problemsIn(rows: readonly DraftItem[]): readonly number[] {
  const places = rows.flatMap((row, at) => (isProblem(row) ? [at] : []));
  const isCheck = (at: number) => rows[at]?.k === 'check';
  return [...places.filter(isCheck), ...places.filter((at) => !isCheck(at))];
}
