/** The bar of filters: what is found, kinds, directions, connections. */
import { groupOf, groups, items } from './page-model.mjs';
import { byId, h } from './page-nodes.mjs';
import { connectionChoices, refresh, state } from './page-state.mjs';
import { grouped } from './page-words.mjs';

const mostChips = 6;

export function showFilters() {
  const present = new Set(items.map(groupOf));
  const kinds = groups.filter(([key]) => present.has(key));
  const choices = connectionChoices();
  byId('bar').replaceChildren(
    searchField(),
    items.length === 0
      ? ''
      : set(
          'Kind',
          kinds.map(([key, name, colour]) => chip('kind', key, name, colour)),
        ),
    items.length === 0
      ? ''
      : set('Direction', [chip('dir', 'out', '\u2192 server'), chip('dir', 'in', '\u2190 client')]),
    choices.length < 2 ? '' : set('Connection', connectionFilters(choices)),
    h('span', { class: 'count', id: 'count', 'aria-live': 'polite' }),
  );
  showCount();
}

/** Brings the bar to what is hidden now, without touching what has the focus. */
export function showCount() {
  const [shown, all] = [state.rows.length, items.length];
  const text =
    shown === all ? `${grouped(all)} events` : `${grouped(shown)} of ${grouped(all)} events`;
  byId('count').textContent = text;
  for (const element of byId('bar').querySelectorAll('[data-set]')) {
    const { set: name = '', key = '' } = /** @type {HTMLElement} */ (element).dataset;
    element.setAttribute('aria-pressed', String(!state.hidden[name].has(key)));
  }
  const field = /** @type {HTMLInputElement} */ (byId('find'));
  if (field.value !== state.query) field.value = state.query;
}

function searchField() {
  const field = /** @type {HTMLInputElement} */ (
    h('input', {
      type: 'search',
      id: 'find',
      placeholder: 'text or 0x0d0a',
      'aria-label': 'Find in events: text, or bytes as 0x0d0a',
      on: {
        input: () => {
          state.query = field.value;
          refresh();
        },
      },
    })
  );
  return field;
}

function set(name, children) {
  return h(
    'div',
    { class: 'set', role: 'group', 'aria-label': name },
    h('span', { class: 'name' }, name),
    children,
  );
}

function chip(name, key, text, colour = '') {
  const toggle = () => {
    const hidden = state.hidden[name];
    if (!hidden.delete(key)) hidden.add(key);
    refresh();
  };
  const square = colour === '' ? '' : h('i');
  if (square !== '') square.style.setProperty('--c', `var(${colour})`);
  return h(
    'button',
    { class: 'chip', 'data-set': name, 'data-key': key, on: { click: toggle } },
    square,
    text,
  );
}

/** A chip each, or of many a menu that shows one of them. */
function connectionFilters(choices) {
  if (choices.length <= mostChips) return choices.map(({ key, name }) => chip('conn', key, name));
  const menu = /** @type {HTMLSelectElement} */ (
    h('select', {
      'aria-label': 'Connection',
      on: {
        change: () => {
          const others = choices.map(({ key }) => key).filter((key) => key !== menu.value);
          state.hidden.conn = new Set(menu.value === '' ? [] : others);
          refresh();
        },
      },
    })
  );
  menu.append(
    h('option', { value: '' }, `all ${choices.length}`),
    ...choices.map(({ key, name }) => h('option', { value: key }, name)),
  );
  return [menu];
}
