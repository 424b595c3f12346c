/** What is known of the row chosen; without one, the problems of the run. */
import { copyText, gherkinOf, hexOfItem, scriptOf } from './page-copy.mjs';
import { differenceOf } from './page-difference.mjs';
import {
  connectionName,
  isFailedCheck,
  items,
  labelOf,
  laneName,
  payloadOf,
  problems,
} from './page-model.mjs';
import { byId, h, s } from './page-nodes.mjs';
import { payloadPart } from './page-payload.mjs';
import { select, state } from './page-state.mjs';
import { clockText, countText, grouped, lengthText, visible } from './page-words.mjs';

const mostProblems = 50;

const titles = {
  open: 'Connection opened',
  refused: 'Connection refused',
  data: 'Data',
  fin: 'FIN: orderly end of one side',
  rst: 'RST: connection reset',
  tls: 'TLS handshake',
  secured: 'TLS: connection secured',
  timeout: 'Timeout',
  error: 'Failure',
  mark: 'Mark',
  note: 'Note',
  control: 'Control',
  pause: 'Reading paused',
  internal: 'Internal',
  left: 'Left out',
};

export function showDetails() {
  const side = byId('side');
  const item = items[state.selected];
  side.scrollTop = 0;
  side.replaceChildren(...(item === undefined ? overallOf() : detailsOf(item)));
}

function detailsOf(item) {
  const { check } = item;
  return [
    h('h2', {}, titleOf(item)),
    h(
      'p',
      { class: 'sub' },
      item.f === item.o ? laneName(item.f) : `${laneName(item.f)} \u2192 ${laneName(item.o)}`,
    ),
    ...(check?.step === undefined ? [] : [h('pre', { class: 'step' }, visible(check.step))]),
    ...(check === undefined ? [] : differenceOf(check)),
    ...reasonsOf(item),
    factsOf(item),
    waysOn(item),
    ...payloadPart(item),
    ...copyPart(item),
    legend(),
  ];
}

function titleOf(item) {
  if (item.k === 'check') return capitalized(labelOf(item));
  if (item.k === 'left') return labelOf(item);
  if (item.k === 'fault') return `Fault: ${visible(item.p ?? '')}`;
  const words = ['timeout', 'error', 'mark', 'note', 'control'].includes(item.k)
    ? `: ${labelOf(item)}`
    : '';
  const encrypted = item.x === 1 ? ', encrypted' : '';
  return (titles[item.k] ?? item.k) + encrypted + words;
}

function capitalized(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function reasonsOf(item) {
  const hints = (item.check?.hints ?? []).map(visible);
  const nearest = isFailedCheck(item) ? faultBefore(item) : undefined;
  if (nearest !== undefined) {
    hints.push(
      `Fault ${visible(items[nearest].p ?? '')} acted on this connection before (event ${nearest + 1}).`,
    );
  }
  if (hints.length === 0) return [];
  return [h('h3', {}, 'Why'), ...hints.map((hint) => h('p', { class: 'hint' }, hint))];
}

/** The last fault on the connection of a check. */
function faultBefore(item) {
  const before = items.slice(0, item.at).findLast(({ k, c }) => k === 'fault' && c === item.c);
  return before?.at;
}

function factsOf(item) {
  const { t, e, c, n, s: offset, q, fault, check } = item;
  const touched = (fault ?? []).map((at) => visible(`${items[at].p} ${items[at].q ?? ''}`.trim()));
  const facts = [
    ['time', clockText(t)],
    ['arrived', item.lost === 1 ? 'never: not delivered' : e === undefined ? '' : clockText(e)],
    ['in flight', e === undefined || item.k === 'pause' ? '' : lengthText(e - t)],
    ['connection', c === undefined ? '' : connectionName(c)],
    ['length', n === undefined || item.k === 'left' ? '' : countText(n, 'byte')],
    ['masked', item.m === undefined ? '' : countText(maskedCount(item), 'byte')],
    ['offset', offset === undefined ? '' : grouped(offset)],
    ['fault', touched.join('; ')],
    [item.k === 'fault' ? 'attributes' : 'facts', visible(q ?? '')],
    ['TLS', item.h === undefined && item.x !== 1 ? '' : visible(item.p ?? '')],
    ['event', `${item.at + 1} of ${items.length}`],
    ['index', item.k === 'left' ? '' : item.i],
    ['where', visible(check?.where ?? '')],
  ];
  return h(
    'dl',
    {},
    facts
      .filter(([, value]) => value !== '')
      .map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]),
  );
}

function maskedCount({ m }) {
  return m.reduce((sum, [from, to]) => sum + to - from, 0);
}

/** Buttons that lead to related rows. */
function waysOn(item) {
  const to = (text, at) =>
    at === undefined ? '' : h('button', { class: 'btn', on: { click: () => select(at) } }, text);
  const received = isFailedCheck(item)
    ? items
        .slice(0, item.at)
        .findLast(({ k, c, o }) => k === 'data' && c === item.c && o === item.f)?.at
    : undefined;
  const fault = item.fault?.[0] ?? (isFailedCheck(item) ? faultBefore(item) : undefined);
  const buttons = [
    to('Show received bytes', received),
    to('Show the fault', fault),
    to('Show what it changed', item.on?.[0]),
    to('Show its cause', item.why),
  ].filter((button) => button !== '');
  return buttons.length === 0 ? '' : h('div', { class: 'acts' }, buttons);
}

function copyPart(item) {
  if (item.k === 'left') return [];
  const button = (text, make, what) =>
    h('button', { class: 'btn', on: { click: () => copyText(make(item), what) } }, text);
  return [
    h('h3', {}, 'Copy'),
    h(
      'div',
      { class: 'acts' },
      button('Script', scriptOf, 'as script'),
      payloadOf(item) === undefined ? '' : button('Hex', hexOfItem, 'as hex'),
      button('Gherkin', gherkinOf, 'as Gherkin'),
    ),
  ];
}

function overallOf() {
  const shown = problems.slice(0, mostProblems);
  const rest = problems.length - shown.length;
  const list = shown.map((at) => {
    const { t, p = '', q = '', k } = items[at];
    const words = visible(
      k === 'rst' && q === '' ? 'RST' : `${p} ${k === 'check' ? '' : q}`.trim(),
    );
    return h('button', { on: { click: () => select(at) } }, h('span', {}, clockText(t)), words);
  });
  return [
    h('h2', {}, 'No event selected'),
    h('p', { class: 'sub' }, 'Pick a row, or press \u2193. Press ? for all keys.'),
    h(
      'h3',
      {},
      problems.length === 0 ? 'No problem was seen' : `Problems, in order (${problems.length})`,
    ),
    h('div', { class: 'plist' }, list),
    rest > 0 ? h('p', { class: 'sub' }, `${grouped(rest)} more`) : '',
    legend(),
  ];
}

function legend() {
  const sign = (d, colour, width, text, more = {}) =>
    h(
      'span',
      {},
      s(
        'svg',
        { width: 34, height: 14, 'aria-hidden': 'true' },
        s('path', { d, fill: 'none', stroke: `var(${colour})`, 'stroke-width': width, ...more }),
      ),
      text,
    );
  return h(
    'div',
    { class: 'legend' },
    h('h3', {}, 'Legend'),
    sign('M0,7 H28 M28,3 L33,7 L28,11', '--out', 1.8, 'to the server'),
    sign('M34,7 H6 M6,3 L1,7 L6,11', '--in', 1.8, 'to the client'),
    sign('M0,7 H30', '--muted', 1.5, 'connect', { 'stroke-dasharray': '5 3' }),
    sign('M0,7 H26 M26,1 v12 M31,1 v12', '--muted', 1.8, 'FIN'),
    sign('M0,7 l4,-3 l4,6 l4,-6 l4,6 l4,-3 M24,2 l9,10 m0,-10 l-9,10', '--bad', 1.8, 'RST'),
    sign('M17,1 l6,6 l-6,6 l-6,-6 z', '--fault-line', 1, 'fault', { fill: 'var(--fault-line)' }),
    sign('M3,3 h28 v9 h-28 z', '--tls', 1, 'TLS handshake'),
  );
}
