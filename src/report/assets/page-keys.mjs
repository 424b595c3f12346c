/** Everything that a pointer can do, by keys. */
import { copyText, gherkinOf, scriptOf } from './page-copy.mjs';
import { step, stepProblem, switchTheme } from './page-flow.mjs';
import { showHelp } from './page-head.mjs';
import { items } from './page-model.mjs';
import { byId } from './page-nodes.mjs';
import { viewOf } from './page-payload.mjs';
import { clearFilters, refresh, select, state, tell } from './page-state.mjs';

const far = 1e9;

/** Keys that act on the flow only, since they have a meaning of their own elsewhere. */
const flowKeys = {
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  PageDown: () => step(10),
  PageUp: () => step(-10),
  Home: () => step(-far),
  End: () => step(far),
  Enter: () => byId('side').focus(),
};

const letterKeys = {
  j: () => step(1),
  k: () => step(-1),
  n: () => stepProblem(true),
  N: () => stepProblem(false),
  '/': find,
  x: switchView,
  c: () => copyChosen(scriptOf, 'as script'),
  g: () => copyChosen(gherkinOf, 'as Gherkin'),
  t: switchTheme,
  '[': () => follow(({ why, fault }) => why ?? fault?.[0]),
  ']': () => follow(({ on, at }) => on?.[0] ?? items.find(({ why }) => why === at)?.at),
  '?': showHelp,
};

export function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { target, key } = event;
  if (document.querySelector('dialog[open]') !== null) return;
  if (target.matches?.('input, textarea, select')) {
    if (key === 'Escape') byId('flow').focus();
    return;
  }
  if (key === 'Escape') leave(target);
  else {
    const isFlow = target === byId('flow') || target === document.body;
    const action =
      (isFlow ? flowKeys[key] : undefined) ?? (state.letters ? letterKeys[key] : undefined);
    if (action === undefined) return;
    action();
  }
  event.preventDefault();
}

/** Out of the details into the list; from there, all filters off. */
function leave(target) {
  if (byId('side').contains(target)) {
    byId('flow').focus();
    return;
  }
  clearFilters();
  refresh();
}

function find() {
  const field = /** @type {HTMLInputElement} */ (byId('find'));
  field.focus();
  field.select();
}

function switchView() {
  const item = items[state.selected];
  state.view = item !== undefined && viewOf(item) === 'hex' ? 'text' : 'hex';
  tell('view');
}

function copyChosen(make, what) {
  const item = items[state.selected];
  if (item !== undefined) void copyText(make(item), what);
}

function follow(relation) {
  const item = items[state.selected];
  const other = item === undefined ? undefined : relation(item);
  if (other !== undefined) select(other);
}
