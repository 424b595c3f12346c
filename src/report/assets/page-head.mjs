/** The header: verdict first, then tools and facts. And the table of keys. */
import { copyText, scriptOf } from './page-copy.mjs';
import { switchTheme } from './page-flow.mjs';
import { isFailedCheck, items, model } from './page-model.mjs';
import { byId, h } from './page-nodes.mjs';
import { select, state } from './page-state.mjs';
import { countText, grouped, lengthText, sizeText, visible } from './page-words.mjs';

const verdicts = { failed: '\u2717 Failed', passed: '\u2713 Passed', none: '' };

export function showHead() {
  const { title, status } = model;
  const pill =
    verdicts[status] === '' ? '' : h('span', { class: `status ${status}` }, verdicts[status]);
  byId('head').replaceChildren(
    h('h1', {}, pill, visible(title)),
    tools(),
    facts(),
    ...verdict(),
    ...notes(),
  );
}

function tools() {
  const button = (text, action, more = {}) =>
    h('button', { class: 'btn', ...more, on: { click: action } }, text);
  const { links, replay } = model;
  const copyAll = () => {
    const lines = state.rows.map(({ item }) => scriptOf(item));
    return copyText(`${lines.join('\n')}\n`, countText(lines.length, 'line'));
  };
  return h(
    'div',
    { class: 'tools' },
    links.map(({ label, href }) => h('a', { class: 'btn', href: encodeURI(href) }, visible(label))),
    replay === undefined ? '' : button('Copy replay', () => copyText(replay, 'the replay command')),
    items.length === 0 ? '' : button('Copy script', copyAll),
    button('\u25d0', switchTheme, {
      class: 'btn quiet',
      'aria-label': 'Switch between light and dark',
    }),
    button('?', showHelp, { class: 'btn quiet', 'aria-label': 'Keys' }),
  );
}

function facts() {
  const { feature, network, seed, when, connections } = model;
  const lasted = items.length === 0 ? 0 : items[items.length - 1].t - items[0].t;
  const faults = items.filter(({ k }) => k === 'fault').length;
  const list = [
    ['network', network],
    ['seed', seed === undefined ? '' : String(seed)],
    ['lasted', lengthText(lasted) + (network === 'simulated' ? ' virtual' : '')],
    ['connections', grouped(connections.length)],
    ['faults acted', faults === 0 ? '' : grouped(faults)],
    ['', visible(when ?? '')],
  ];
  return h(
    'div',
    { class: 'facts' },
    feature === undefined ? '' : h('span', {}, visible(feature)),
    list
      .filter(([, value]) => value !== '')
      .map(([name, value]) => h('span', {}, `${name} `, h('b', {}, value))),
  );
}

function verdict() {
  const { status, headline } = model;
  if (status !== 'failed' || headline === undefined) return [];
  const failed = items.find(isFailedCheck);
  const show = () => {
    select(failed?.at ?? -1);
    byId('flow').focus();
  };
  return [
    h(
      'div',
      { class: 'verdict' },
      h(
        'div',
        {},
        h('p', { class: 'why' }, visible(headline)),
        failed?.check?.step === undefined
          ? ''
          : h('p', { class: 'step' }, visible(failed.check.step)),
      ),
      failed === undefined ? '' : h('button', { class: 'btn', on: { click: show } }, 'Show'),
    ),
  ];
}

/** What is missing here is said. */
function notes() {
  const { left, warnings } = model;
  const texts = warnings.map(visible);
  if (left.events > 0) texts.push(`${countText(left.events, 'event')} left out: limits.events`);
  if (left.bytes > 0)
    texts.push(`${sizeText(left.bytes)} of payload left out: limits.bytes, limits.bytesPerItem`);
  return texts.length === 0 ? [] : [h('p', { class: 'notes' }, texts.join(' \u00b7 '))];
}

const keys = [
  ['\u2191 \u2193 or k j', 'previous, next event'],
  ['Page Up, Page Down', 'ten events'],
  ['Home, End', 'first, last'],
  ['n, Shift n', 'next, previous problem'],
  ['[ ]', 'cause, effect'],
  ['/', 'find'],
  ['x', 'text or hex'],
  ['c, g', 'copy the event as script, as Gherkin'],
  ['Enter', 'into the details'],
  ['Esc', 'back to the list; again: clear filters'],
  ['t', 'light or dark'],
  ['?', 'this table'],
];

export function showHelp() {
  const dialog = /** @type {HTMLDialogElement} */ (byId('help'));
  const letters = /** @type {HTMLInputElement} */ (
    h('input', {
      type: 'checkbox',
      id: 'letters',
      on: { change: () => (state.letters = letters.checked) },
    })
  );
  letters.checked = state.letters;
  dialog.replaceChildren(
    h('h2', { id: 'help-title' }, 'Keys'),
    h(
      'table',
      {},
      keys.map(([key, what]) => h('tr', {}, h('td', {}, h('kbd', {}, key)), h('td', {}, what))),
    ),
    h('p', {}, letters, ' ', h('label', { for: 'letters' }, 'Keys of one letter act')),
    h('p', {}, h('button', { class: 'btn', on: { click: () => dialog.close() } }, 'Close')),
  );
  dialog.showModal();
}
