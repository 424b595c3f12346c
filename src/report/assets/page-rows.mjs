/** The rows that are in sight: elements for readers and pointers, one drawing under them. */
import { connectionName, isFailedCheck, model, sentenceOf } from './page-model.mjs';
import { h, s } from './page-nodes.mjs';
import { canvas } from './page-pen.mjs';
import { drawShape } from './page-shapes.mjs';
import { longWaitUs, rowHeight, state } from './page-state.mjs';
import { clockText, lengthText } from './page-words.mjs';

/** The element of a row: what is read out, and where a pointer hits. */
export function rowElement(place) {
  const { item, y } = state.rows[place];
  const isSelected = item.at === state.selected;
  const isRepeated = state.rows[place - 1]?.item.t === item.t;
  const element = h(
    'div',
    {
      class: `row${isSelected ? ' sel' : ''}${isFailedCheck(item) ? ' fail' : ''}`,
      role: 'option',
      id: `row-${item.at}`,
      'aria-selected': String(isSelected),
      'aria-posinset': place + 1,
      'aria-setsize': state.rows.length,
      'aria-label': sentenceOf(item),
    },
    item.k === 'left'
      ? ''
      : h('span', { class: `t${isRepeated ? ' same' : ''}` }, clockText(item.t)),
    item.c === undefined
      ? ''
      : h('span', { class: 'c' }, connectionName(item.c).split('\u00b7')[0]),
  );
  element.style.top = `${y}px`;
  return element;
}

/** Everything between two rows, both included. */
export function drawRows(first, last) {
  const svg = s('svg', { width: canvas.width, height: state.height, 'aria-hidden': 'true' });
  const [top, bottom] = [state.rows[first].y - 60, state.rows[last].y + 90];
  for (const x of canvas.lanes) {
    svg.append(
      s('line', { x1: x, x2: x, y1: top, y2: Math.min(bottom, state.height - 10), class: 'life' }),
    );
  }
  const elements = [];
  for (let place = first; place <= last; place++) drawHandshake(svg, place);
  for (let place = first; place <= last; place++) {
    elements.push(rowElement(place));
    const { y, wait, waitUs } = state.rows[place];
    if (waitUs >= longWaitUs) drawBreak(svg, y + rowHeight + wait / 2, waitUs);
    else if (wait >= 15) {
      const gap = h('div', { class: 'gap', 'aria-hidden': 'true' }, `+${lengthText(waitUs)}`);
      gap.style.top = `${y + rowHeight + wait / 2 - 7}px`;
      elements.push(gap);
    }
    drawShape(svg, state.rows[place]);
  }
  return { svg, elements };
}

/** The ground of a handshake, also between its rows. */
function drawHandshake(svg, place) {
  const { item, y } = state.rows[place];
  if (item.h === undefined) return;
  const [left, right] = [item.f, item.o]
    .map((lane) => canvas.lanes[lane] ?? 0)
    .sort((x, z) => x - z);
  const next = state.rows[place + 1];
  const more = next?.item.h === item.h ? next.y - y - rowHeight : 0;
  svg.append(
    s('rect', {
      x: left + 1,
      y,
      width: Math.max(0, right - left - 2),
      height: rowHeight + more,
      fill: 'var(--tls-bg)',
    }),
  );
}

/** A long wait: a zigzag on every life line, and its length. */
function drawBreak(svg, middle, us) {
  const { lanes } = canvas;
  for (const x of lanes) {
    const zigzag = (y) => `M${x - 7},${y} l5,-4 l5,6 l5,-4`;
    svg.append(
      s('rect', { x: x - 4, y: middle - 7, width: 8, height: 14, fill: 'var(--surface)' }),
      s('path', { d: `${zigzag(middle - 3)} ${zigzag(middle + 5)}`, class: 'zigzag' }),
    );
  }
  const text = `${lengthText(us)} pass${model.network === 'simulated' ? ' (virtual)' : ''}`;
  const width = text.length * canvas.character + 24;
  const [first = 0, second = first + width] = lanes;
  const x = (first + second) / 2;
  svg.append(
    s('rect', { x: x - width / 2, y: middle - 11, width, height: 22, rx: 11, class: 'pill' }),
    s('text', { x, y: middle + 4, 'text-anchor': 'middle', fill: 'var(--text)' }, text),
  );
}
