/** The flow: which rows are in sight, and moving between them. */

import { announce } from './page-copy.mjs';
import { items, model, problems } from './page-model.mjs';
import { byId, h } from './page-nodes.mjs';
import { canvas, laneTitles } from './page-pen.mjs';
import { drawRows, rowElement } from './page-rows.mjs';
import {
  clearFilters,
  refresh,
  rowAt,
  rowHeight,
  rowOf,
  select,
  state,
  tell,
} from './page-state.mjs';
import { countText } from './page-words.mjs';

/** The heads of the lanes hide this much of the flow. */
const headHeight = 48;
/** On paper, which has no sight to scroll, so many rows of so many pixels are drawn. */
const [printedRows, paperWidth] = [500, 700];
/** Where a row is put that was out of sight. */
const restingPlace = 0.45;

/** Places the lanes for the width there is. */
export function placeLanes() {
  canvas.width = canvas.paper ? paperWidth : byId('flow').clientWidth;
  const gutter = Number.parseInt(
    getComputedStyle(document.documentElement).getPropertyValue('--gutter'),
    10,
  );
  const [left, right] = [gutter + 36, canvas.width - 64];
  const count = model.lanes.length;
  canvas.lanes = model.lanes.map((_, lane) =>
    count === 1 ? left : Math.round(left + ((right - left) * lane) / (count - 1)),
  );
  const most = count < 2 ? canvas.width : (right - left) / (count - 1);
  byId('lanes').replaceChildren(
    ...laneTitles.map(({ name, facts }, lane) => {
      const edge = lane === 0 ? ' first' : lane === count - 1 ? ' last' : '';
      const title = h(
        'div',
        { class: `lane${edge}`, title: [name, ...facts].join(', ') },
        h('b', {}, name),
        h('div', { class: 'role' }, facts.join(' \u00b7 ')),
      );
      title.style.left = `${canvas.lanes[lane]}px`;
      // The outer ones stand further out than the middle of their lane.
      title.style.maxWidth = `${Math.max(60, edge === '' ? most - 12 : most / 2 + 22)}px`;
      return title;
    }),
  );
}

/** Draws what is in sight, and a little around it. */
export function draw() {
  const flow = byId('flow');
  const sheet = byId('canvas');
  const { rows } = state;
  if (rows.length === 0) {
    sheet.style.height = 'auto';
    sheet.replaceChildren(emptyText());
    flow.removeAttribute('aria-activedescendant');
    return;
  }
  const { paper } = canvas;
  const first = paper ? 0 : Math.max(0, rowAt(flow.scrollTop - 300) - 2);
  const most = paper ? printedRows - 1 : rowAt(flow.scrollTop + flow.clientHeight) + 2;
  const last = Math.min(rows.length - 1, most);
  const rest = rows.length - 1 - last;
  sheet.style.height = `${paper && rest > 0 ? rows[last].y + 60 : state.height}px`;
  const { svg, elements } = drawRows(first, last);
  // Who listens is told of the row chosen even where it is out of sight.
  const chosen = rowOf[state.selected] ?? -1;
  if (chosen >= 0 && (chosen < first || chosen > last)) elements.push(rowElement(chosen));
  if (paper && rest > 0) {
    elements.push(h('p', { class: 'unprinted' }, `${countText(rest, 'event')} not printed`));
  }
  sheet.replaceChildren(...elements, svg);
  if (chosen >= 0) flow.setAttribute('aria-activedescendant', `row-${state.selected}`);
  else flow.removeAttribute('aria-activedescendant');
}

/** Draws for paper, or for the screen again. */
export function toPaper(isPaper) {
  canvas.paper = isPaper;
  placeLanes();
  draw();
}

function emptyText() {
  if (items.length === 0) {
    const why = 'No connection was opened while the trace ran.';
    return h('div', { class: 'empty' }, h('b', {}, 'Nothing was seen on the wire'), why);
  }
  const show = () => {
    clearFilters();
    refresh();
  };
  return h(
    'div',
    { class: 'empty' },
    h('b', {}, 'No event matches these filters'),
    h('button', { class: 'btn', on: { click: show } }, 'Show all events'),
  );
}

/** Brings the row chosen into sight. */
export function reveal() {
  const flow = byId('flow');
  const row = state.rows[rowOf[state.selected] ?? -1];
  if (row === undefined) return;
  const sight = flow.clientHeight - headHeight;
  const isSeen = row.y >= flow.scrollTop && row.y + rowHeight * 2 <= flow.scrollTop + sight;
  if (!isSeen) flow.scrollTop = Math.max(0, row.y - sight * restingPlace);
}

/** Moves by so many rows; from nowhere, to the first or the last. */
export function step(count) {
  const { rows } = state;
  if (rows.length === 0) return;
  const from = rowOf[state.selected] ?? -1;
  const to = Math.max(0, Math.min(rows.length - 1, from + count));
  select(rows[to].item.at);
}

/** Moves to the next or the previous problem, around the end. */
export function stepProblem(ahead) {
  if (problems.length === 0) {
    announce('There is no problem to go to');
    return;
  }
  const { selected } = state;
  const found = ahead
    ? problems.find((at) => at > selected)
    : problems.findLast((at) => at < selected);
  select(found ?? problems.at(ahead ? 0 : -1));
}

/** Light becomes dark, dark becomes light. */
export function switchTheme() {
  const { dataset } = document.documentElement;
  dataset.theme = dataset.theme === 'dark' ? 'light' : 'dark';
  tell('theme');
}
