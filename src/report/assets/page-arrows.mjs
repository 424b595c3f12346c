/** Rows that lead from one lane to another. */
import { labelOf } from './page-model.mjs';
import { s } from './page-nodes.mjs';
import { canvas, clip, line, write } from './page-pen.mjs';
import { placeOf } from './page-state.mjs';
import { sizeText, visible } from './page-words.mjs';

/** Drops of arrows that were in flight for longer than this are drawn. */
const visibleFlightUs = 1000;

export function drawArrow(pen) {
  const { svg, item, middle, colour } = pen;
  const [from, to] = [canvas.lanes[item.f] ?? 0, canvas.lanes[item.o] ?? 0];
  const sign = to > from ? 1 : -1;
  const isFar = item.e !== undefined && item.e - item.t >= visibleFlightUs;
  const end = isFar ? Math.max(middle + 4, placeOf(item.e) - 5) : middle;
  const shape = { from, to, sign, isFar, end, start: from + sign * 3, tip: to - sign * 4 };
  const dots = [[from, middle]];
  if (item.lost !== 1) dots.push([to, item.k === 'data' || item.k === 'open' ? end : middle]);
  if (item.k === 'rst' || item.k === 'refused') drawReset(pen, shape);
  else if (item.k === 'fin') drawFin(pen, shape);
  else if (item.k === 'secured') {
    line(pen, `M${Math.min(from, to) + 1},${middle} H${Math.max(from, to) - 1}`, 1, {
      'stroke-dasharray': '1 4',
    });
  } else drawLine(pen, shape);
  drawWords(pen, shape);
  for (const [x, y] of dots) svg.append(s('circle', { cx: x, cy: y, r: 2.5, fill: colour }));
}

/** Level to 86 % of the way, then down to the arrival: the drop is the delay. */
function drawLine(pen, { from, to, sign, isFar, end, start, tip }) {
  const { svg, item, middle, colour } = pen;
  const knee = from + (to - from) * 0.86;
  const reach = item.lost === 1 ? to - sign * 26 : tip;
  const d = isFar ? `M${start},${middle} H${knee} L${tip},${end}` : `M${start},${middle} H${reach}`;
  if (item.fault !== undefined && isFar) {
    line({ ...pen, colour: 'var(--fault-bg)' }, `M${knee},${middle} L${tip},${end}`, 9, {
      'stroke-linecap': 'round',
    });
  }
  line(
    pen,
    d,
    item.k === 'data' ? (item.x === 1 ? 2.75 : 1.75) : 1.5,
    item.k === 'open' ? { 'stroke-dasharray': '5 3' } : {},
  );
  if (item.x === 1) line({ ...pen, colour: pen.ground }, d, 1);
  if (item.lost === 1) {
    svg.append(
      s('rect', {
        x: reach - 4,
        y: middle - 4,
        width: 8,
        height: 8,
        fill: pen.ground,
        stroke: colour,
        'stroke-width': 1.5,
        class: 'lost',
      }),
    );
    return;
  }
  const angle = isFar ? Math.atan2(end - middle, tip - knee) : sign > 0 ? 0 : Math.PI;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [bx, by] = [tip - cos * 9, end - sin * 9];
  const head = `M${tip},${end} L${bx - sin * 4.2},${by + cos * 4.2} L${bx + sin * 4.2},${by - cos * 4.2} z`;
  const isOpen = item.k === 'open';
  svg.append(
    s('path', {
      d: head,
      fill: isOpen ? pen.ground : colour,
      stroke: colour,
      'stroke-width': isOpen ? 1.5 : 0,
    }),
  );
}

/** A saw that ends in a cross. */
function drawReset(pen, { start, tip, sign, to }) {
  const { middle } = pen;
  let d = `M${start},${middle}`;
  const teeth = Math.floor(Math.abs(tip - start - sign * 14) / 12);
  for (let tooth = 1; tooth <= teeth; tooth++) {
    d += ` L${start + sign * 12 * tooth},${middle + (tooth % 2 === 1 ? -3 : 3)}`;
  }
  line(pen, d, 1.75, { class: 'saw' });
  const x = to - sign * 10;
  line(pen, `M${x - 6},${middle - 6} l12,12 m0,-12 l-12,12`, 3, {
    'stroke-linecap': 'round',
    class: 'cross',
  });
}

/** A thin line that ends in two bars. */
function drawFin(pen, { start, tip, sign }) {
  const { middle } = pen;
  line(pen, `M${start},${middle} H${tip - sign * 4}`, 1.5);
  line(pen, `M${tip - sign * 4},${middle - 7} v14 M${tip - sign * 9},${middle - 7} v14`, 2, {
    class: 'bars',
  });
}

function drawWords(pen, { from, to, sign, isFar }) {
  const { item, colour } = pen;
  const way = Math.abs(to - from);
  const middle = (from + to) / 2;
  if (item.k === 'data') {
    const lock = item.x === 1 ? 20 : 0;
    const count = sizeText(item.n ?? 0) + (item.lost === 1 ? ', not delivered' : '');
    const room = way - 66 - lock - count.length * canvas.character - (isFar ? way * 0.14 : 0);
    const text = item.q === undefined ? labelOf(item) : `${labelOf(item)} (${item.q})`;
    write(pen, from + sign * (16 + lock), clip(text, room), { anchor: sign > 0 ? 'start' : 'end' });
    if (lock > 0) drawLock(pen, from + sign * 22);
    const at = isFar
      ? from + (to - from) * 0.86 - sign * 10
      : to - sign * (item.lost === 1 ? 40 : 22);
    write(pen, at, count, {
      anchor: sign > 0 ? 'end' : 'start',
      fill: 'var(--muted)',
      small: true,
    });
    return;
  }
  if (item.k === 'tls' || item.k === 'secured') {
    const facts = item.k === 'tls' ? sizeText(item.n ?? 0) : visible(item.q ?? '');
    const text = clip(`${labelOf(item)} \u00b7 ${facts}`, way - 90);
    write(pen, middle, text, { anchor: 'middle', bold: item.k === 'secured' });
    if (item.k === 'secured') drawLock(pen, middle - (text.length * canvas.character) / 2 - 16);
    return;
  }
  const isBad = item.k === 'rst' || item.k === 'refused';
  const reason = isBad && item.q !== undefined ? `, ${visible(item.q)}` : '';
  write(pen, middle, clip(labelOf(item) + reason, way - 56), {
    anchor: 'middle',
    fill: isBad ? colour : 'var(--muted)',
    bold: isBad,
  });
}

function drawLock(pen, x) {
  const { svg, middle, colour } = pen;
  svg.append(
    s('rect', { x: x - 8, y: middle - 9, width: 16, height: 18, fill: pen.ground }),
    s('rect', { x: x - 5, y: middle - 1, width: 10, height: 7, rx: 1.5, fill: colour }),
    s('path', {
      d: `M${x - 3},${middle - 1} v-2.5 a3,3 0 0 1 6,0 v2.5`,
      fill: 'none',
      stroke: colour,
      'stroke-width': 1.6,
      class: 'lock',
    }),
  );
}
