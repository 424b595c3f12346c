/** The flow laid on its side: the whole run at a glance. Painted once; only its frame moves. */
import {
  connectionName,
  isFailedCheck,
  items,
  leaderOf,
  model,
  problems,
  wayOf,
} from './page-model.mjs';
import { byId } from './page-nodes.mjs';
import { longWaitUs, rowAt, select, state, waitPixels } from './page-state.mjs';
import { countText, lengthText } from './page-words.mjs';

const labelWidth = 76;
const breakWidth = 18;
const [mostTracks, mostTicks, mostBreaks] = [8, 2000, 40];

/** Places of the items, for the frame and for clicks. */
let places = /** @type {number[]} */ ([]);
let trackHeight = 0;

/** @returns {string} the value of a variable of the theme */
function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

export function paintOverview() {
  const canvas = /** @type {HTMLCanvasElement} */ (byId('over'));
  const { tracks, more } = chooseTracks();
  const step = Math.max(12, Math.min(20, 72 / Math.max(1, tracks.length)));
  const height = tracks.length * step + 20;
  const width = canvas.clientWidth;
  const scale = window.devicePixelRatio || 1;
  canvas.style.height = `${height}px`;
  canvas.width = width * scale;
  canvas.height = height * scale;
  trackHeight = height - 18;
  const pen = canvas.getContext('2d');
  if (pen === null) return;
  pen.scale(scale, scale);
  const breaks = items.flatMap((item, at) => (isBreak(item, at) ? [at] : []));
  const isFull = items.length > mostTicks || breaks.length > mostBreaks;
  places = placesOf(width, isFull ? 0 : breaks.length);
  const colours = coloursNow();
  pen.font = `11px ${colour('--mono')}`;
  tracks.forEach((connection, track) => {
    paintTrack(pen, connection, track * step + step / 2, step, { colours, isFull });
  });
  if (!isFull) paintBreaks(pen, breaks, height, width, colours);
  pen.fillStyle = colours.muted;
  pen.fillText('0', labelWidth - 2, height - 5);
  if (more > 0) pen.fillText(`+ ${more}`, 0, height - 5);
  const length = lengthText(items.length === 0 ? 0 : items[items.length - 1].t - items[0].t);
  const facts = [
    countText(items.length, 'event'),
    countText(model.connections.length, 'connection'),
  ];
  byId('over').setAttribute(
    'aria-label',
    `Overview: ${facts.join(' on ')} in ${length}, ${countText(problems.length, 'problem')}`,
  );
  moveFrame();
}

/** Shows which part of the run the flow shows. */
export function moveFrame() {
  const frame = byId('frame');
  const { rows } = state;
  frame.hidden = rows.length === 0;
  if (frame.hidden) return;
  const flow = byId('flow');
  const first = places[rows[rowAt(flow.scrollTop)].item.at] ?? 0;
  const last = places[rows[rowAt(flow.scrollTop + flow.clientHeight - 60)].item.at] ?? first;
  frame.style.left = `${byId('over').offsetLeft + first - 4}px`;
  frame.style.width = `${Math.max(8, last - first + 8)}px`;
  frame.style.height = `${trackHeight}px`;
}

/** Selects the item nearest to a place. */
export function pointAt(x) {
  let best = -1;
  places.forEach((place, at) => {
    if (best < 0 || Math.abs(place - x) < Math.abs(places[best] - x)) best = at;
  });
  if (best >= 0) select(best);
}

function isBreak(item, at) {
  return at > 0 && item.t - items[at - 1].t >= longWaitUs;
}

/** Connections of the run, or of many those with most problems. */
function chooseTracks() {
  const leaders = [...new Set(model.connections.map((_, c) => leaderOf(c)))];
  if (leaders.length <= mostTracks) return { tracks: leaders, more: 0 };
  const counts = new Map(leaders.map((leader) => [leader, 0]));
  for (const at of problems) {
    const { c } = items[at];
    if (c !== undefined) counts.set(leaderOf(c), (counts.get(leaderOf(c)) ?? 0) + 1);
  }
  const chosen = [...counts].sort((left, right) => right[1] - left[1]).slice(0, mostTracks);
  return {
    tracks: chosen.map(([leader]) => leader).sort((x, y) => x - y),
    more: leaders.length - mostTracks,
  };
}

/** The compressed scale of the flow: a step for every event, and more for waits. */
function placesOf(width, breaks) {
  const steps = items.map((item, at) => {
    if (at === 0) return 0;
    const wait = Math.max(0, item.t - items[at - 1].t);
    return wait >= longWaitUs ? 0 : 8 + waitPixels(wait);
  });
  const span = steps.reduce((sum, one) => sum + one, 0) || 1;
  const room = width - labelWidth - 12 - breaks * breakWidth;
  let at = 0;
  let folded = 0;
  return items.map((item, index) => {
    at += steps[index];
    if (breaks > 0 && isBreak(item, index)) folded++;
    return labelWidth + (at / span) * room + folded * breakWidth;
  });
}

function coloursNow() {
  const names = [
    'muted',
    'sunken',
    'out',
    'in',
    'tls',
    'fault-line',
    'bad',
    'surface',
    'line-strong',
  ];
  return Object.fromEntries(names.map((name) => [name, colour(`--${name}`)]));
}

function paintTrack(pen, connection, middle, step, { colours, isFull }) {
  pen.fillStyle = colours.muted;
  const name = connectionName(connection);
  pen.fillText(name.length > 10 ? `${name.slice(0, 9)}\u2026` : name, 0, middle + 4);
  const own = items.filter(({ c }) => c !== undefined && leaderOf(c) === connection);
  if (own.length === 0) return;
  const [first, last] = [places[own[0].at], places[own[own.length - 1].at]];
  pen.fillStyle = colours.sunken;
  pen.fillRect(first - 2, middle - step / 2 + 2, last - first + 4, step - 4);
  const bins = new Set();
  for (const item of own) {
    const sign = tickOf(item);
    // In a full picture one tick of each kind is enough for two pixels.
    const bin = `${sign} ${wayOf(item)} ${Math.round(places[item.at] / 2)}`;
    if (isFull && bins.has(bin)) continue;
    bins.add(bin);
    paintTick(pen, item, sign, middle, step / 2 - 2, colours);
  }
}

function tickOf(item) {
  if (item.k === 'data') return 'data';
  if (item.h !== undefined) return 'tls';
  if (item.k === 'fault') return 'fault';
  return ['rst', 'refused', 'timeout', 'error'].includes(item.k) || isFailedCheck(item)
    ? 'bad'
    : '';
}

function paintTick(pen, item, sign, y, half, colours) {
  const x = places[item.at];
  if (sign === 'data') {
    const isIn = wayOf(item) === 'in';
    const length = Math.min(half, 2 + Math.log2(1 + (item.n ?? 0)));
    pen.fillStyle = colours[isIn ? 'in' : 'out'];
    pen.fillRect(x - 0.75, isIn ? y : y - length, 1.5, length);
  } else if (sign === 'tls') {
    pen.fillStyle = colours.tls;
    pen.fillRect(x - 1, y - half, 2, half * 2);
  } else if (sign === 'fault') {
    pen.fillStyle = colours['fault-line'];
    pen.beginPath();
    for (const [dx, dy] of [
      [0, -4.5],
      [4.5, 0],
      [0, 4.5],
      [-4.5, 0],
    ])
      pen.lineTo(x + dx, y + dy);
    pen.fill();
  } else if (sign === 'bad') {
    pen.strokeStyle = colours.bad;
    pen.lineWidth = 2;
    pen.beginPath();
    pen.moveTo(x - 3.5, y - 3.5);
    pen.lineTo(x + 3.5, y + 3.5);
    pen.moveTo(x + 3.5, y - 3.5);
    pen.lineTo(x - 3.5, y + 3.5);
    pen.stroke();
  }
}

function paintBreaks(pen, breaks, height, width, colours) {
  let lastEnd = labelWidth;
  for (const at of breaks) {
    const [left, right] = [places[at - 1] + 2, places[at] - 2];
    const middle = (left + right) / 2;
    pen.fillStyle = colours.surface;
    pen.fillRect(left, 0, right - left, height - 18);
    pen.strokeStyle = colours['line-strong'];
    pen.lineWidth = 1;
    for (const x of [middle - 2, middle + 2]) {
      pen.beginPath();
      pen.moveTo(x - 2, 2);
      for (let y = 2; y < height - 20; y += 6) pen.lineTo(x + ((y / 6) % 2 < 1 ? 2 : -2), y);
      pen.stroke();
    }
    const text = lengthText(items[at].t - items[at - 1].t);
    const wide = pen.measureText(text).width;
    const x = Math.min(width - wide, Math.max(lastEnd + 8, middle - wide / 2));
    if (x > middle + 40) continue;
    pen.fillStyle = colours.muted;
    pen.fillText(text, x, height - 5);
    lastEnd = x + wide;
  }
}
