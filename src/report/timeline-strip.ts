import { formatDuration } from '../base/duration';
import { escapeHtml } from './page';
import {
  isProblem,
  type TimelineConnection,
  type TimelineItem,
  type TimelineModel,
} from './timeline-model';

const width = 720;
const labelWidth = 190;
const trackHeight = 20;
const [mostItems, mostTracks] = [60, 8];
/** From here on a wait is a break, of a width of its own. */
const longWaitUs = 1_000_000;
const breakWidth = 26;

/** The sheet inside the picture; a page that holds it names it in its policy. */
export const stripStyle: string = [
  'text{font:11px ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#5d6160}',
  '.ground{fill:#fffefb}.track{fill:#efede6}.break{stroke:#8e8978;fill:none}',
  '.out{fill:#1a5cb8}.in{fill:#0c7358}.tls{fill:#6b3fb0}.fault{fill:#b9740f}',
  '.fin{fill:#5d6160}.bad{stroke:#b3261e;stroke-width:2;fill:none}.head{fill:#b3261e;font-weight:700}',
  '@media(prefers-color-scheme:dark){text{fill:#a3a89f}.ground{fill:#1b1e1b}.track{fill:#111311}',
  '.break{stroke:#747c6f}.out{fill:#86b4ff}.in{fill:#62d2a8}.tls{fill:#c6a8ff}.fault{fill:#c98a24}',
  '.fin{fill:#a3a89f}.bad{stroke:#ff9086}.head{fill:#ff9086}}',
].join('');

/**
 * A timeline as one small picture for reports that show pictures: a track for each connection, with
 * what was sent, faults, ends and failures, around the failure when there are more than 60 rows.
 *
 * @returns SVG without script, 720 pixels wide, pure ASCII; its text alternative tells the same in
 * a sentence
 * @source docs/report.md#a-picture
 */
export function timelineStrip(model: TimelineModel): string {
  const items = around(model.items);
  const tracks = tracksOf(items, model);
  const places = placesOf(items);
  const top = model.headline === undefined ? 8 : 28;
  const height = top + Math.max(1, tracks.length) * trackHeight + 22;
  const parts = [
    `<rect class="ground" width="${width}" height="${height}"/>`,
    ...headOf(model),
    ...tracks.map((c, track) => {
      const middle = top + track * trackHeight + trackHeight / 2;
      return trackOf(model, c, items, places, middle);
    }),
    ...breaksOf(items, places, top, height),
    textAt(8, height - 6, timesOf(items, model)),
  ];
  const view = `viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`;
  const title = `<title>${escaped(sentenceOf(model, items))}</title>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${view} role="img">${title}<style>${stripStyle}</style>${parts.join('')}</svg>\n`;
}

/** The rows around the first failed check, else around the first problem, else the first ones. */
function around(items: readonly TimelineItem[]): readonly TimelineItem[] {
  const shown = items.filter(({ k, c }) => c !== undefined || k === 'check');
  const failed = shown.findIndex(({ check }) => check?.passed === false);
  const middle = failed >= 0 ? failed : shown.findIndex(isProblem);
  const start = Math.min(middle - Math.ceil(mostItems / 2), shown.length - mostItems);
  return shown.slice(Math.max(0, start)).slice(0, mostItems);
}

/** Connections in the order in which they appear. */
function tracksOf(items: readonly TimelineItem[], model: TimelineModel): readonly number[] {
  const seen = [...new Set(items.flatMap(({ c }) => (c === undefined ? [] : [c])))];
  return seen.filter((c) => model.connections[c] !== undefined).slice(0, mostTracks);
}

/** A step for each row, more for waits, and one width for long ones. */
function placesOf(items: readonly TimelineItem[]): ReadonlyMap<TimelineItem, number> {
  const waits = items.map((item, at) => Math.max(0, item.t - (items[at - 1]?.t ?? item.t)));
  const breaks = waits.filter((us) => us >= longWaitUs).length;
  const steps = waits.map((us) => (us >= longWaitUs ? 0 : 8 + 4 * Math.log10(1 + us / 500)));
  const room = width - labelWidth - 16 - breaks * breakWidth;
  const span = steps.slice(1).reduce((sum, step) => sum + step, 0) || 1;
  const places = new Map<TimelineItem, number>();
  let x = labelWidth;
  items.forEach((item, at) => {
    if (at > 0) x += ((steps[at] ?? 0) / span) * room;
    if ((waits[at] ?? 0) >= longWaitUs) x += breakWidth;
    places.set(item, Math.round(x * 10) / 10);
  });
  return places;
}

function headOf({ headline }: TimelineModel): readonly string[] {
  return headline === undefined
    ? []
    : [`<text class="head" x="8" y="16">${escaped(cut(headline, 104))}</text>`];
}

function trackOf(
  model: TimelineModel,
  c: number,
  items: readonly TimelineItem[],
  places: ReadonlyMap<TimelineItem, number>,
  middle: number,
): string {
  const connection = model.connections[c];
  if (connection === undefined) return '';
  const own = items.filter((item) => item.c === c);
  const [first, last] = [own[0], own.at(-1)].map(
    (item) => (item && places.get(item)) ?? labelWidth,
  );
  const from = (first ?? labelWidth) - 3;
  const length = (last ?? labelWidth) - from + 3;
  const names = [connection.a, connection.b].map((lane) => model.lanes[lane]?.name ?? '');
  const label = `${connection.id} ${names.join(' > ')}`;
  const ground = `<rect class="track" x="${round(from)}" y="${middle - 8}" width="${round(length)}" height="16"/>`;
  const ticks = own.map((item) => tickOf(item, connection, places.get(item) ?? 0, middle));
  return textAt(8, middle + 4, cut(label, 26)) + ground + ticks.join('');
}

function tickOf(item: TimelineItem, { a }: TimelineConnection, x: number, y: number): string {
  const { k, f, n = 0 } = item;
  const rect = (name: string, dx: number, dy: number, w: number, h: number) =>
    `<rect class="${name}" x="${round(x + dx)}" y="${round(y + dy)}" width="${w}" height="${round(h)}"/>`;
  if (k === 'fault') {
    return `<path class="fault" d="M${x},${y - 5}l5,5l-5,5l-5,-5z"/>`;
  }
  if (isProblem(item)) return `<path class="bad" d="M${x - 4},${y - 4}l8,8m0,-8l-8,8"/>`;
  if (item.h !== undefined) return rect('tls', -1, -7, 2, 14);
  if (k === 'fin') return rect('fin', -3, -6, 1.5, 12) + rect('fin', 0.5, -6, 1.5, 12);
  if (k !== 'data') return '';
  const height = Math.min(7, 2 + Math.log2(1 + n) / 2);
  return f === a ? rect('out', -0.75, -height, 1.5, height) : rect('in', -0.75, 0, 1.5, height);
}

function breaksOf(
  items: readonly TimelineItem[],
  places: ReadonlyMap<TimelineItem, number>,
  top: number,
  height: number,
): readonly string[] {
  return items.flatMap((item, at) => {
    const before = items[at - 1];
    if (before === undefined || item.t - before.t < longWaitUs) return [];
    const x = ((places.get(item) ?? 0) + (places.get(before) ?? 0)) / 2;
    const teeth = 'l4,4l-4,4'.repeat(Math.ceil((height - top - 24) / 8));
    const label = formatDuration(Math.round((item.t - before.t) / 100_000) * 100);
    return [
      `<path class="break" d="M${round(x)},${top}${teeth}"/>`,
      `<text x="${round(x)}" y="${height - 6}" text-anchor="middle">${label}</text>`,
    ];
  });
}

function timesOf(items: readonly TimelineItem[], { items: all }: TimelineModel): string {
  const [first, last] = [items[0], items.at(-1)];
  if (first === undefined || last === undefined) return 'nothing was seen on the wire';
  const count =
    items.length < all.length ? `${items.length} of ${all.length} rows` : `${all.length} rows`;
  return `${count}, ${formatDuration((last.t - first.t) / 1_000)}`;
}

function sentenceOf(model: TimelineModel, items: readonly TimelineItem[]): string {
  const problems = items.filter(isProblem).length;
  const counted = `${problems} ${problems === 1 ? 'problem' : 'problems'}`;
  const verdict = model.headline === undefined ? model.title : `${model.title}: ${model.headline}`;
  return `${verdict} (${timesOf(items, model)}, ${counted})`;
}

function textAt(x: number, y: number, text: string): string {
  return `<text x="${x}" y="${y}">${escaped(text)}</text>`;
}

/** Markup and everything beyond ASCII as references. */
function escaped(text: string): string {
  return escapeHtml(text.replace(/\n/g, ' ')).replace(
    /[^\p{ASCII}]/gu,
    (character) => `&#${character.codePointAt(0)};`,
  );
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}\u2026`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
