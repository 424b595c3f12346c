import type { DraftItem } from './draft-item';

/**
 * Tells which row caused which, and which rows a fault touched: those that name it as their cause,
 * else the next row of its connection that begins or ends where it acted.
 */
export function relate(items: readonly DraftItem[]): void {
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
    if (item.k !== 'fault' || item.on !== undefined) return;
    const next = items
      .slice(at + 1, at + 1 + reach)
      .find(({ c, k }) => c === item.c && k !== 'fault');
    const isThere = next !== undefined && (next.f === item.f || next.o === item.f);
    if (isThere && ['data', 'fin', 'rst', 'open', 'tls'].includes(next.k)) touch(item, next);
  });
}

/** Rows behind a fault in which its effect is looked for. */
const reach = 20;

function touch(fault: DraftItem, item: DraftItem): void {
  fault.on = [...(fault.on ?? []), item];
  item.fault = [...(item.fault ?? []), fault];
}
