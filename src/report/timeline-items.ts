import { literalOf, printLiteral } from '../base/byte-literal-printer';
import { formatDuration } from '../base/duration';
import { maskedIn } from '../capture/masked-spans';
import type { DraftItem } from './draft-item';
import type { KeptRows } from './timeline-limits';
import type { TimelineItem } from './timeline-model';

/** The rows of a model: bytes as text, relations as places, and what limits left out. */
export function finishedItems(
  { rows, gaps }: KeptRows,
  shares: ReadonlyMap<DraftItem, number>,
): TimelineItem[] {
  const places = new Map<DraftItem, number>();
  let place = 0;
  for (const row of rows) {
    if (gaps.has(row)) place++;
    places.set(row, place++);
  }
  const items: TimelineItem[] = [];
  let last: DraftItem | undefined;
  for (const row of rows) {
    const missing = gaps.get(row);
    if (missing !== undefined) items.push(gapItem(missing, last, row));
    items.push(finishedItem(row, shares.get(row) ?? 0, places));
    last = row;
  }
  const missing = gaps.get(undefined);
  if (missing !== undefined) items.push(gapItem(missing, last, undefined));
  return items;
}

/** Says what a limit left out between two rows. */
function gapItem(
  count: number,
  before: DraftItem | undefined,
  after: DraftItem | undefined,
): TimelineItem {
  const next = after ?? before;
  const us = before === undefined || after === undefined ? undefined : after.t - before.t;
  const time = us === undefined ? '' : ` (${formatDuration(us / 1_000)})`;
  const events = `${count} ${count === 1 ? 'event' : 'events'}`;
  return {
    i: before?.i ?? next?.i ?? 0,
    t: before?.t ?? next?.t ?? 0,
    k: 'left',
    f: 0,
    o: 0,
    n: count,
    p: `${events} left out here${time}: limits.events`,
  };
}

/** What a row keeps as it is, in the order in which models have it. */
const plainKeys = [
  'c',
  'e',
  'lost',
  'n',
  's',
  'x',
  'h',
  'p',
  'q',
  'y',
  'check',
] as const satisfies readonly (keyof DraftItem)[];

/** Assigned key by key: there are thousands of rows. */
function finishedItem(
  row: DraftItem,
  share: number,
  places: ReadonlyMap<DraftItem, number>,
): TimelineItem {
  const { i, t, k, f, o, bytes, on, fault, why } = row;
  const item: Record<string, unknown> = { i, t, k, f, o };
  for (const key of plainKeys) {
    const value = row[key];
    if (value !== undefined && value !== '') item[key] = value;
  }
  if (bytes !== undefined) {
    if (share > 0) Object.assign(item, encoded(bytes, share));
    const masked = maskedIn(bytes);
    if (masked.length > 0) item['m'] = masked;
  }
  const cause = why === undefined ? undefined : places.get(why);
  const [touched, touching] = [indexesOf(on, places), indexesOf(fault, places)];
  if (touched.length > 0) item['on'] = touched;
  if (touching.length > 0) item['fault'] = touching;
  if (cause !== undefined) item['why'] = cause;
  return item as unknown as TimelineItem;
}

function indexesOf(
  rows: readonly DraftItem[] | undefined,
  places: ReadonlyMap<DraftItem, number>,
): readonly number[] {
  return rows === undefined ? [] : rows.flatMap((row) => places.get(row) ?? []);
}

/** Longer than this, a repetition is given as a literal too. */
const shortest = 128;

function encoded(bytes: Uint8Array, share: number): Partial<TimelineItem> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const literal = bytes.byteLength >= shortest ? literalOf(bytes) : undefined;
  const repeated = literal?.kind === 'repeat' && { l: printLiteral(literal) };
  if (share >= bytes.byteLength) return { ...repeated, b: buffer.toString('base64') };
  const head = Math.ceil((share * 3) / 4);
  return {
    ...repeated,
    b: buffer.toString('base64', 0, head),
    z: buffer.toString('base64', bytes.byteLength - (share - head)),
  };
}
