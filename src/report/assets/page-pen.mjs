/** What every drawing of a row needs: places, colours, words that no line runs through. */
import { model, wayOf } from './page-model.mjs';
import { s } from './page-nodes.mjs';
import { state } from './page-state.mjs';
import { countText, visible } from './page-words.mjs';

/** Places of the lanes, and the width of a character; both change with the window. */
export const canvas = {
  lanes: /** @type {number[]} */ ([]),
  width: 0,
  character: 7.25,
  paper: false,
};

/** Lanes as they are called over the flow. */
export const laneTitles = model.lanes.map(({ name, role, address }, lane) => {
  const count = model.connections.filter(({ a, b }) => a === lane || b === lane).length;
  const facts = [
    role === 'others' ? '' : role,
    address === undefined ? countText(count, 'connection') : visible(address),
  ];
  return { name: visible(name), facts: facts.filter((word) => word !== '') };
});

export function colourOf(item) {
  const { k } = item;
  if (['rst', 'timeout', 'error', 'refused'].includes(k)) return 'var(--bad)';
  if (k === 'check') return item.check?.passed ? 'var(--ok)' : 'var(--bad)';
  if (k === 'tls' || k === 'secured') return 'var(--tls)';
  if (k === 'data') return wayOf(item) === 'in' ? 'var(--in)' : 'var(--out)';
  return 'var(--muted)';
}

/** What lies under the words of a row, so that no line runs through them. */
export function groundOf(item) {
  if (item.k === 'check' && !item.check?.passed) return 'var(--bad-bg)';
  if (item.h !== undefined) return 'var(--tls-bg)';
  return item.at === state.selected ? 'var(--sel)' : 'var(--surface)';
}

export function clip(text, pixels) {
  const most = Math.max(3, Math.floor(pixels / canvas.character));
  return text.length <= most ? text : `${text.slice(0, most - 1)}\u2026`;
}

export function write(pen, x, text, options = {}) {
  const {
    anchor = 'start',
    fill = pen.colour,
    y = pen.middle,
    small = false,
    bold = false,
  } = options;
  if (text === '') return;
  const width = text.length * canvas.character * (small ? 11 / 12 : 1) + 8;
  const left = { start: x - 4, middle: x - width / 2, end: x - width + 4 }[anchor];
  pen.svg.append(
    s('rect', { x: left, y: y - 9, width, height: 18, fill: pen.ground }),
    s(
      'text',
      {
        x,
        y: y + 4,
        'text-anchor': anchor,
        fill,
        class: `${small ? 'small' : ''}${bold ? ' bold' : ''}`,
      },
      text,
    ),
  );
}

export function line(pen, d, width, more = {}) {
  pen.svg.append(
    s('path', { d, fill: 'none', stroke: pen.colour, 'stroke-width': width, ...more }),
  );
}
