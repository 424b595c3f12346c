import type { TimelineItem, TimelineModel } from '../../../src/report/timeline-model';

/** Rows as one line each: kind, connection, way, words, arrival. */
export function shownRows(model: TimelineModel): readonly string[] {
  return model.items.map((item) => rowOf(item, model));
}

function rowOf(item: TimelineItem, { lanes, connections }: TimelineModel): string {
  const { k, c, f, o, e, t, p = '', q = '', b, lost } = item;
  const [from, to] = [lanes[f]?.name, lanes[o]?.name];
  const id = c === undefined ? '-' : connections[c]?.id;
  const way = from === to ? from : `${from}>${to}`;
  const text = k === 'data' && item.x === undefined ? JSON.stringify(textOf(b)) : p;
  const flight = e === undefined ? '' : ` +${e - t}`;
  return `${k} ${id} ${way} ${[text, q].filter(Boolean).join(' | ')}${flight}${lost ? ' lost' : ''}`.trim();
}

function textOf(base64: string | undefined): string {
  return Buffer.from(base64 ?? '', 'base64').toString('latin1');
}
