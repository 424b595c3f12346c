import type { DraftItem } from './draft-item';
import type { TimelineConnection } from './timeline-model';

/**
 * Tells which row caused which, and which rows a fault touched: those that name it as their cause,
 * else the next row that begins where it acted, on its connection or on the one that a proxy joins
 * to it, else the next of its connection that ends there.
 */
export function relate(
  items: readonly DraftItem[],
  connections: readonly TimelineConnection[],
): void {
  const rows = new Map<number, DraftItem>();
  for (const item of items) {
    for (const { index } of item.events) if (!rows.has(index)) rows.set(index, item);
  }
  for (const item of items) {
    for (const { cause } of item.events) {
      const source = cause === undefined ? undefined : rows.get(cause);
      if (source === undefined || source === item) continue;
      item.why ??= source;
      if (source.k === 'fault') touch(source, item);
    }
  }
  items.forEach((item, at) => {
    if (item.k !== 'fault' || item.on !== undefined || item.c === undefined) return;
    const next = nextTouched(item, items.slice(at + 1, at + 1 + reach), connections);
    if (next !== undefined) touch(item, next);
  });
}

/** Rows behind a fault in which its effect is looked for. */
const reach = 20;
const touchable: ReadonlySet<string> = new Set(['data', 'fin', 'rst', 'open', 'tls']);

function nextTouched(
  fault: DraftItem,
  behind: readonly DraftItem[],
  connections: readonly TimelineConnection[],
): DraftItem | undefined {
  const pair = connections[fault.c ?? -1]?.pair;
  const rows = behind.filter(
    ({ k, c }) => touchable.has(k) && c !== undefined && (c === fault.c || c === pair),
  );
  return (
    rows.find(({ f }) => f === fault.f) ?? rows.find(({ c, o }) => c === fault.c && o === fault.f)
  );
}

function touch(fault: DraftItem, item: DraftItem): void {
  fault.on = [...(fault.on ?? []), item];
  item.fault = [...(item.fault ?? []), fault];
}
