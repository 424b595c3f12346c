/** Puts the page together, once. */
import { showDetails } from './page-details.mjs';
import { showCount, showFilters } from './page-filters.mjs';
import { draw, placeLanes, reveal, toPaper } from './page-flow.mjs';
import { showHead } from './page-head.mjs';
import { onKey } from './page-keys.mjs';
import { isFailedCheck, isReadable, items, model } from './page-model.mjs';
import { byId, h } from './page-nodes.mjs';
import { moveFrame, paintOverview, pointAt } from './page-overview.mjs';
import { canvas } from './page-pen.mjs';
import { fragment, readFragment, refresh, select, tell, watchers } from './page-state.mjs';

/** Takes the theme of the system, unless the page was made for one or a reader has chosen. */
function followTheme() {
  const { dataset } = document.documentElement;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  /** @type {string | undefined} */
  let followed;
  const follow = () => {
    if (dataset.theme !== followed) return;
    dataset.theme = followed = dark.matches ? 'dark' : 'light';
    tell('theme');
  };
  follow();
  dark.addEventListener('change', follow);
}

/** What the page had in its place for readers without scripts goes. */
function build() {
  document.body.replaceChildren(
    h('a', { class: 'skip', href: '#flow' }, 'Skip to the timeline'),
    h('header', { id: 'head' }),
    h(
      'div',
      { class: 'over' },
      h('canvas', { id: 'over', role: 'img', 'aria-label': 'Overview' }),
      h('div', { id: 'frame' }),
    ),
    h('div', { class: 'bar', id: 'bar', role: 'toolbar', 'aria-label': 'Filters' }),
    h(
      'main',
      {},
      h(
        'section',
        { class: 'flow', id: 'flow', tabindex: 0, role: 'listbox', 'aria-label': 'Wire events' },
        h('div', { class: 'lanes', id: 'lanes', role: 'presentation' }),
        h('div', { class: 'canvas', id: 'canvas', role: 'presentation' }),
      ),
      h('aside', { class: 'side', id: 'side', 'aria-label': 'Selected event', tabindex: -1 }),
    ),
    h('div', { class: 'toast', id: 'toast', role: 'status', 'aria-live': 'polite' }),
    h('dialog', { id: 'help', 'aria-labelledby': 'help-title' }),
    h('dialog', { id: 'text', 'aria-labelledby': 'text-title' }),
  );
}

/** The width of one character of a row, in whatever font there is. */
function measure() {
  const pen = document.createElement('canvas').getContext('2d');
  if (pen === null) return;
  pen.font = `12px ${getComputedStyle(document.documentElement).getPropertyValue('--mono')}`;
  canvas.character = pen.measureText('0'.repeat(100)).width / 100;
}

function watch() {
  watchers.rows.push(showCount, draw, moveFrame, remember);
  watchers.selection.push((options) => {
    if (options?.keep !== true) reveal();
    draw();
    moveFrame();
    showDetails();
    remember();
  });
  watchers.theme.push(draw, paintOverview);
  watchers.view.push(showDetails);
}

/** A page in a frame may have no address of its own. */
function remember() {
  try {
    history.replaceState(null, '', `#${fragment()}`);
  } catch {
    // What is shown stays in memory only.
  }
}

function listen() {
  const flow = byId('flow');
  let frame = 0;
  flow.addEventListener(
    'scroll',
    () => {
      if (frame !== 0) return;
      frame = requestAnimationFrame(() => {
        frame = 0;
        draw();
        moveFrame();
      });
    },
    { passive: true },
  );
  byId('canvas').addEventListener('click', ({ target }) => {
    const row = target instanceof Element ? target.closest('.row') : null;
    if (row !== null) select(Number(row.id.slice('row-'.length)), { keep: true });
  });
  const over = byId('over');
  over.addEventListener('pointerdown', (event) => {
    over.setPointerCapture(event.pointerId);
    pointAt(event.offsetX);
  });
  over.addEventListener('pointermove', (event) => {
    if (event.buttons === 1) pointAt(event.offsetX);
  });
  document.addEventListener('keydown', onKey);
  // Some browsers tell of the one, some of the other.
  matchMedia('print').addEventListener('change', ({ matches }) => toPaper(matches));
  addEventListener('beforeprint', () => toPaper(true));
  addEventListener('afterprint', () => toPaper(false));
  new ResizeObserver(() => {
    placeLanes();
    draw();
    paintOverview();
  }).observe(flow);
}

function start() {
  build();
  measure();
  document.title = `${model.status === 'failed' ? 'Failed: ' : ''}${model.title} \u2013 wire timeline`;
  const chosen = readFragment(location.hash);
  showHead();
  showFilters();
  placeLanes();
  watch();
  refresh();
  listen();
  paintOverview();
  const failed = items.find(isFailedCheck);
  if (chosen >= 0) select(chosen);
  else if (failed !== undefined) select(failed.at);
  else showDetails();
}

followTheme();
if (isReadable) start();
else {
  const text = `This report was made by Brine ${model.brine} (model ${model.v}); this page reads model 1.`;
  document.body.replaceChildren(h('p', { class: 'empty' }, text));
}
document.documentElement.dataset.ready = '1';
