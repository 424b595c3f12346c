/** What is chosen and what is shown; whoever draws is told of changes. */
import {
  connectionName,
  groupOf,
  items,
  leaderOf,
  model,
  searchText,
  wayOf,
  wireTexts,
} from './page-model.mjs';

export const rowHeight = 26;
/** From here on a wait is a break of one height. */
export const longWaitUs = 1e6;

/** @typedef {{ item: import('./page-model.mjs').Item, y: number, waitUs: number, wait: number }} Row a row, and the space behind it */

export const state = {
  selected: -1,
  /** @type {'auto' | 'text' | 'hex'} */
  view: 'auto',
  query: '',
  /** @type {Record<'kind' | 'dir' | 'conn', Set<string>>} */
  hidden: { kind: new Set(['internal']), dir: new Set(), conn: new Set() },
  /** @type {Row[]} */
  rows: [],
  height: 0,
  /** Whether keys of one letter act. */
  letters: true,
};

/** Place of an item in `state.rows`; -1 where filters hide it. */
export const rowOf = new Int32Array(items.length).fill(-1);

/** @type {Record<'rows' | 'selection' | 'theme' | 'view', ((detail?: any) => void)[]>} */
export const watchers = { rows: [], selection: [], theme: [], view: [] };

/** @param {keyof typeof watchers} what @param {any} [detail] */
export function tell(what, detail = undefined) {
  for (const watcher of watchers[what]) watcher(detail);
}

/** Extra space of a wait: none below half a millisecond, one height from a second on. */
export function waitPixels(us) {
  if (us < 500) return 0;
  return us >= longWaitUs ? 54 : Math.round(5 + 9 * Math.log10((us / 1000) * 2));
}

/** Chooses and places the rows again. */
export function refresh() {
  layOut();
  tell('rows');
}

export function select(at, options = {}) {
  const item = items[at];
  if (item === undefined) return;
  state.selected = at;
  if (rowOf[at] < 0) {
    clearFilters();
    if (groupOf(item) === 'internal') state.hidden.kind.clear();
    layOut();
    tell('rows');
  }
  tell('selection', options);
}

export function clearFilters() {
  state.query = '';
  state.hidden.kind = new Set(['internal']);
  state.hidden.dir = new Set();
  state.hidden.conn = new Set();
}

function layOut() {
  const shows = filter();
  const { rows } = state;
  rows.length = 0;
  rowOf.fill(-1);
  let y = 8;
  for (const item of items) {
    if (!shows(item)) continue;
    const last = rows.at(-1);
    if (last !== undefined) {
      last.waitUs = Math.max(0, item.t - last.item.t);
      last.wait = waitPixels(last.waitUs);
      y += last.wait;
    }
    rowOf[item.at] = rows.length;
    rows.push({ item, y, waitUs: 0, wait: 0 });
    y += rowHeight;
  }
  state.height = y + 24;
}

/** @returns {(item: import('./page-model.mjs').Item) => boolean} */
function filter() {
  const { hidden } = state;
  const matches = matcher(state.query.trim().toLowerCase());
  return (item) => {
    if (hidden.kind.has(groupOf(item))) return false;
    if (item.c !== undefined && hidden.conn.has(String(leaderOf(item.c)))) return false;
    const way = wayOf(item);
    return !(way !== '-' && hidden.dir.has(way)) && matches(item);
  };
}

function matcher(query) {
  if (query === '') return () => true;
  if (/^0x[0-9a-f ]+$/.test(query)) {
    const pairs = query.slice(2).replace(/ /g, '').match(/../g) ?? [];
    const wanted = String.fromCharCode(...pairs.map((pair) => Number.parseInt(pair, 16)));
    return (item) => wanted !== '' && wireTexts(item).some((text) => text.includes(wanted));
  }
  const named = model.connections.findIndex(({ id }) => id.toLowerCase() === query);
  const wanted = withoutEscapes(query);
  return (item) =>
    searchText(item).includes(query) ||
    searchText(item).includes(wanted) ||
    (named >= 0 && item.c === named);
}

/** What is meant by a text as rows show it, with `\\r` and `\\x0d`. */
function withoutEscapes(query) {
  const named = { r: '\r', n: '\n', t: '\t', 0: '\0', e: '\u001b', '\\': '\\', '"': '"' };
  return query.replace(/\\(x[0-9a-f]{2}|[rnt0e\\"])/g, (_, name) =>
    name.length === 1 ? named[name] : String.fromCharCode(Number.parseInt(name.slice(1), 16)),
  );
}

/** The last row that begins at or above a place. */
export function rowAt(y) {
  return lastWhere((row) => row.y <= y);
}

/** Where a moment lies between the rows. */
export function placeOf(us) {
  const { rows } = state;
  const at = lastWhere(({ item }) => item.t <= us);
  const row = rows[at];
  if (row === undefined) return 0;
  const middle = row.y + rowHeight / 2;
  const next = rows[at + 1];
  if (next === undefined) return middle + 8;
  const share = Math.min(1, (us - row.item.t) / Math.max(1, next.item.t - row.item.t));
  return middle + share * (next.y - row.y);
}

function lastWhere(holds) {
  const { rows } = state;
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (holds(rows[middle])) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Names of the connections that filters offer: one for each proxied pair. */
export function connectionChoices() {
  const leaders = [...new Set(model.connections.map((_, c) => leaderOf(c)))];
  return leaders.map((c) => ({ key: String(c), name: connectionName(c) }));
}

/** The state as the part of an address behind its `#`, so that a link can be shared. */
export function fragment() {
  const parts = [];
  if (state.selected >= 0) parts.push(`e${state.selected}`);
  for (const [name, set] of Object.entries(state.hidden)) {
    const hidden = [...set].filter((key) => key !== 'internal');
    if (hidden.length > 0) parts.push(`${name}=${hidden.map((key) => `-${key}`).join(',')}`);
  }
  if (!state.hidden.kind.has('internal')) parts.push('internals');
  if (state.query !== '') parts.push(`find=${encodeURIComponent(state.query)}`);
  return parts.join('&');
}

/** Reads a fragment; returns the item that it names. */
export function readFragment(text) {
  let chosen = -1;
  for (const part of text.replace(/^#/, '').split('&')) {
    const [name = '', value = ''] = part.split('=');
    if (/^e\d+$/.test(part)) chosen = Number(part.slice(1));
    else if (name === 'find') state.query = decodedText(value);
    else if (name === 'internals') state.hidden.kind.delete('internal');
    else if (Object.hasOwn(state.hidden, name)) {
      for (const key of value.split(',')) state.hidden[name].add(key.replace(/^-/, ''));
    }
  }
  return items[chosen] === undefined ? -1 : chosen;
}

function decodedText(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
