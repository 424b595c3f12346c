/** How each kind of row is drawn. */
import { drawArrow } from './page-arrows.mjs';
import { labelOf } from './page-model.mjs';
import { s } from './page-nodes.mjs';
import { canvas, clip, colourOf, groundOf, line, write } from './page-pen.mjs';
import { placeOf } from './page-state.mjs';
import { sizeText, visible } from './page-words.mjs';

export function drawShape(svg, row) {
  const { item } = row;
  const middle = row.y + 13;
  const pen = { svg, item, middle, colour: colourOf(item), ground: groundOf(item) };
  if (item.k === 'left' || item.k === 'mark') drawAcross(pen);
  else if (item.k === 'fault') drawFault(pen);
  else if (item.f === item.o) drawPlace(pen);
  else drawArrow(pen);
}

function drawAcross(pen) {
  const { lanes } = canvas;
  const [first, last] = [lanes[0] ?? 0, lanes.at(-1) ?? 0];
  const isGap = pen.item.k === 'left';
  const d = `M${first - 20},${pen.middle} H${last + 20}`;
  line({ ...pen, colour: 'var(--line-strong)' }, d, isGap ? 1.5 : 1, {
    'stroke-dasharray': isGap ? '8 5' : '2 4',
  });
  const text = isGap ? labelOf(pen.item) : `\u2691 ${labelOf(pen.item)}`;
  write(pen, first + 14, clip(text, Math.max(last - first, 400)), { fill: 'var(--text)' });
}

/** Words stand right of their lane, where there is room for them, else left. */
function roomBeside(lane) {
  const { lanes, width } = canvas;
  const isLast = lane === lanes.length - 1 && lanes.length > 1;
  const right = width - lanes[lane] - 30;
  const left = lanes[lane] - lanes[0] - 20;
  const isLeft = isLast || (right < wideEnough && left > right);
  return { isLeft, room: isLeft ? left : right };
}

const wideEnough = 260;

/** A diamond where it acted, and a pill with its name and facts. */
function drawFault(pen) {
  const { svg, item, middle } = pen;
  const x = canvas.lanes[item.f] ?? 0;
  const { isLeft, room } = roomBeside(item.f);
  const name = clip(visible(item.p ?? 'fault'), room - 30);
  const facts =
    item.q === undefined ? '' : clip(visible(item.q), room - name.length * canvas.character - 30);
  const width = (name.length + (facts === '' ? 0 : facts.length + 1)) * canvas.character + 20;
  const left = isLeft ? x - 14 - width : x + 14;
  svg.append(
    s('path', { d: `M${x},${middle - 7} l7,7 l-7,7 l-7,-7 z`, fill: 'var(--fault-line)' }),
    s('rect', {
      x: left,
      y: middle - 10,
      width,
      height: 20,
      rx: 4,
      fill: 'var(--fault-bg)',
      stroke: 'var(--fault-line)',
    }),
    s(
      'text',
      { x: left + 10, y: middle + 4, fill: 'var(--fault)' },
      s('tspan', { class: 'bold' }, name),
      facts === '' ? '' : s('tspan', { dx: canvas.character }, facts),
    ),
  );
}

/** What happens at one end: a sign on its lane, and words beside it. */
function drawPlace(pen) {
  const { svg, item, middle, colour } = pen;
  const x = canvas.lanes[item.f] ?? 0;
  const { isLeft, room } = roomBeside(item.f);
  const isBad =
    ['timeout', 'error'].includes(item.k) || (item.k === 'check' && !item.check?.passed);
  svg.append(...signOf(item, x, middle, colour));
  if (item.k === 'pause' && item.e !== undefined) {
    const end = Math.max(middle + 6, placeOf(item.e));
    svg.append(
      s('rect', { x: x - 2, y: middle, width: 4, height: end - middle, rx: 2, class: 'paused' }),
    );
  }
  const facts = item.q === undefined || item.k === 'check' ? '' : `  ${visible(item.q)}`;
  const text =
    item.k === 'data' ? `${labelOf(item)} ${sizeText(item.n ?? 0)}` : labelOf(item) + facts;
  write(pen, isLeft ? x - 14 : x + 14, clip(text, room), {
    anchor: isLeft ? 'end' : 'start',
    fill: isBad || item.k === 'check' || item.k === 'data' ? colour : 'var(--muted)',
    bold: isBad,
  });
}

function signOf(item, x, y, colour) {
  if (item.k === 'timeout') {
    return [
      s('circle', {
        cx: x,
        cy: y,
        r: 6,
        fill: 'var(--surface)',
        stroke: colour,
        'stroke-width': 2,
      }),
      s('path', {
        d: `M${x},${y - 3.5} v3.5 h3`,
        fill: 'none',
        stroke: colour,
        'stroke-width': 1.5,
      }),
    ];
  }
  if (item.k === 'error') {
    return [
      s('circle', {
        cx: x,
        cy: y,
        r: 5,
        fill: 'var(--surface)',
        stroke: colour,
        'stroke-width': 2.5,
      }),
    ];
  }
  if (item.k === 'check') {
    const d = item.check?.passed
      ? `M${x - 3.5},${y} l2.5,3 l4.5,-6`
      : `M${x - 3.5},${y - 3.5} l7,7 m0,-7 l-7,7`;
    return [
      s('rect', { x: x - 7, y: y - 7, width: 14, height: 14, rx: 3, fill: colour }),
      s('path', { d, fill: 'none', stroke: 'var(--surface)', 'stroke-width': 2 }),
    ];
  }
  return [s('circle', { cx: x, cy: y, r: 3.5, fill: colour })];
}
