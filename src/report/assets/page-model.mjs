/** The model of the page, and what its rows are called. */
import { byId } from './page-nodes.mjs';
import { bytesOf, clockText, escapeByte, literalOf, visible } from './page-words.mjs';

/** @typedef {import('../timeline-model').TimelineModel} TimelineModel */
/** @typedef {import('../timeline-model').TimelineItem} TimelineItem */
/** @typedef {TimelineItem & { at: number }} Item an item with its place in the list */

/** @type {TimelineModel} */
export const model = JSON.parse(byId('model').textContent ?? '{}');
export const isReadable = model.v === 1;
/** @type {Item[]} */
export const items = (model.items ?? []).map((item, at) => Object.assign(item, { at }));

/** Kinds of rows as filters group them: key, name, colour. */
export const groups = [
  ['data', 'Data', '--out'],
  ['open', 'Open', '--muted'],
  ['close', 'FIN, RST', '--bad'],
  ['tls', 'TLS', '--tls'],
  ['fault', 'Faults', '--fault-line'],
  ['check', 'Checks', '--bad'],
  ['note', 'Notes', '--muted'],
  ['internal', 'Internals', '--line-strong'],
];
const groupOfKind = {
  data: 'data',
  open: 'open',
  refused: 'close',
  fin: 'close',
  rst: 'close',
  tls: 'tls',
  secured: 'tls',
  fault: 'fault',
  check: 'check',
  timeout: 'check',
  error: 'check',
  internal: 'internal',
};

/** @param {TimelineItem} item */
export function groupOf(item) {
  return groupOfKind[item.k] ?? 'note';
}

export const isFailedCheck = (item) => item.k === 'check' && item.check?.passed === false;

const problemKinds = new Set(['fault', 'rst', 'refused', 'timeout', 'error']);
/** Places of what a reader looks for. */
export const problems = items
  .filter((item) => problemKinds.has(item.k) || isFailedCheck(item))
  .map(({ at }) => at);

/** Towards the server, towards the client, or neither. @param {TimelineItem} item */
export function wayOf({ c, f, o, k }) {
  const connection = model.connections[c ?? -1];
  if (connection === undefined || f === o || k === 'secured') return '-';
  return f === connection.a ? 'out' : 'in';
}

/** The connection that stands for a proxied pair. */
export function leaderOf(c) {
  const pair = model.connections[c]?.pair;
  return pair === undefined ? c : Math.min(c, pair);
}

export function connectionName(c) {
  const { id = '', pair } = model.connections[c] ?? {};
  const other = pair === undefined ? '' : `\u00b7${model.connections[pair]?.id}`;
  return visible(id) + other;
}

export function laneName(lane) {
  const { name = '', role = 'peer' } = model.lanes[lane] ?? {};
  return role === 'peer' || role === 'others' ? visible(name) : `${role} "${visible(name)}"`;
}

const decoded = new WeakMap();

/** The bytes of a row that the page has: all, or where `tail` is there the first and the last. */
export function payloadOf(item) {
  const known = decoded.get(item);
  if (known !== undefined || item.b === undefined) return known;
  const head = bytesOf(item.b);
  const tail = item.z === undefined ? undefined : bytesOf(item.z);
  const left = (item.n ?? head.length) - head.length - (tail?.length ?? 0);
  const payload = { head, tail, left, whole: left <= 0 };
  decoded.set(item, payload);
  return payload;
}

const rowText = 240;

/** The words of a row, as much of them as a row can show. */
export function labelOf(item) {
  if (item.k === 'check') return checkText(item);
  if (item.k !== 'data' || item.x === 1) return visible(item.p ?? '');
  if (item.l !== undefined) return item.l;
  const payload = payloadOf(item);
  if (payload === undefined) return 'bytes not kept';
  const { head } = payload;
  if (head.length <= rowText) return literalOf(head);
  return `"${Array.from(head.subarray(0, rowText), (byte) => escapeByte(byte)).join('')}\u2026`;
}

/** A verdict stands on the lane of whom it is about, who need not be named again. */
function checkText({ p = '', f }) {
  const who = `${laneName(f)} `;
  const text = visible(p);
  return text.startsWith(who) ? text.slice(who.length) : text;
}

const kindWords = {
  open: 'connection opened',
  fin: 'FIN, orderly end',
  rst: 'RST, connection reset',
  refused: 'connection refused',
  fault: 'fault',
  timeout: 'timeout:',
  error: 'failure:',
  mark: 'mark',
  note: 'note',
  control: 'control',
  tls: 'TLS',
};

/** A row as a sentence. */
export function sentenceOf(item) {
  const { f, o, k, n = 0, p = '', q = '' } = item;
  const who = f === o ? laneName(f) : `${laneName(f)} to ${laneName(o)}`;
  const connection = item.c === undefined ? '' : `, ${connectionName(item.c)}`;
  const label = labelOf(item);
  const shown = label.length > 200 ? `${label.slice(0, 199)}\u2026` : label;
  const what = {
    data: `${item.x === 1 ? 'encrypted ' : ''}data ${n} bytes ${shown}`,
    open: `connection opened, ${visible(p)}`,
    check: `check ${item.check?.passed ? 'passed' : 'failed'}: ${visible(p)}`,
    left: visible(p),
  }[k];
  const words = what ?? `${kindWords[k] ?? ''} ${visible(`${p} ${q}`)}`.trim();
  const changed = (item.fault ?? []).map((at) => visible(items[at]?.p ?? '')).join(', ');
  const by = changed === '' ? '' : `, touched by ${changed}`;
  const lost = item.lost === 1 ? ', not delivered' : '';
  return k === 'left' ? words : `${clockText(item.t)}${connection}, ${who}, ${words}${by}${lost}`;
}

const lowered = new WeakMap();

/** What a search for text looks at: words, and bytes as characters. */
export function searchText(item) {
  const known = lowered.get(item);
  if (known !== undefined) return known;
  const words = [item.k, item.p, item.q, item.l, item.check?.step, ...wireTexts(item)];
  const lower = words.join(' ').toLowerCase();
  lowered.set(item, lower);
  return lower;
}

/** Bytes as characters; the head and the tail of a cut payload are no neighbours. */
export function wireTexts({ b = '', z = '' }) {
  return [atob(b), atob(z)];
}
