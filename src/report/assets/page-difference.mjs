/** What was expected and what came, byte under byte. */
import { h } from './page-nodes.mjs';
import { bytesOf, countText, escapeByte, hexOf, quoted } from './page-words.mjs';

const perLine = 8;
const [shownLines, mostBytes] = [3, 1024];

/** The chapter of a check about its difference; nothing where both are the same. */
export function differenceOf(check) {
  if (check.want === undefined || check.at === undefined) return [];
  const [want, got] = [bytesOf(check.want), bytesOf(check.got)];
  const from = check.from ?? 0;
  const cells = cellsOf(check.runs, want, got);
  const box = h('div', {
    class: 'diffbox',
    tabindex: 0,
    role: 'region',
    'aria-label': 'Expected and received bytes',
  });
  const first = Math.max(
    0,
    cells.findIndex(({ kind }) => kind !== 'same'),
  );
  const start = Math.max(0, Math.floor(first / perLine) * perLine - perLine);
  const show = (end) => box.replaceChildren(table(cells.slice(start, end), from));
  show(start + shownLines * perLine);
  const all = Math.min(cells.length, start + mostBytes);
  const showAll = (event) => {
    show(all);
    event.currentTarget.remove();
  };
  const isMore = all > start + shownLines * perLine;
  return [
    h('h3', {}, `First difference at byte ${check.at}`),
    ...(check.lines === undefined ? [] : [linesOf(check.lines, want, got)]),
    box,
    h('p', { class: 'sub' }, lengthsOf(want, got, cells)),
    isMore
      ? h(
          'div',
          { class: 'acts' },
          h('button', { class: 'btn', on: { click: showAll } }, 'show all'),
        )
      : '',
  ];
}

/** One cell for each place of the alignment; a missing or extra byte has one side only. */
function cellsOf(runs, want, got) {
  const cells = [];
  let [left, right] = [0, 0];
  for (const [kind, count] of runs) {
    for (let at = 0; at < count; at++) {
      const hasWant = kind !== 'extra';
      const hasGot = kind !== 'missing';
      cells.push({
        kind,
        at: hasGot ? right : undefined,
        want: hasWant ? want[left] : undefined,
        got: hasGot ? got[right] : undefined,
      });
      if (hasWant) left++;
      if (hasGot) right++;
    }
  }
  return cells;
}

function table(cells, from) {
  const body = h('table', { class: 'diff' });
  for (let at = 0; at < cells.length; at += perLine) {
    const line = cells.slice(at, at + perLine);
    const row = (name, side, text) =>
      h(
        'tr',
        { class: name },
        h('th', { scope: 'row' }, name),
        line.map((cell) => cellOf(cell, side)),
        Array.from({ length: perLine - line.length }, () => h('td')),
        h('td', { class: 'text' }, text),
      );
    body.append(
      h(
        'tr',
        { class: 'idx' },
        h('th', { scope: 'row' }, 'byte'),
        line.map((cell) => h('td', {}, cell.at === undefined ? '' : from + cell.at)),
      ),
      row('expected', 'want', lineText(line, 'want')),
      row('received', 'got', lineText(line, 'got')),
      h('tr', { class: 'sp' }, h('td')),
    );
  }
  return body;
}

function cellOf(cell, side) {
  const byte = cell[side];
  return h(
    'td',
    { class: cell.kind === 'same' ? null : 'ne' },
    byte === undefined ? '--' : hexOf(byte),
  );
}

function lineText(line, side) {
  return line.map((cell) => (cell[side] === undefined ? '' : escapeByte(cell[side]))).join('');
}

function lengthsOf(want, got, cells) {
  const differing = cells.filter(({ kind }) => kind !== 'same').length;
  return `${countText(want.length, 'byte')} expected, ${got.length} received, ${differing} ${differing === 1 ? 'differs' : 'differ'}`;
}

/** Text of several lines, line by line: kept, missing, extra. */
function linesOf(runs, want, got) {
  const [left, right] = [splitLines(want), splitLines(got)];
  const box = h('pre', {
    class: 'lines',
    tabindex: 0,
    role: 'region',
    'aria-label': 'Expected and received lines',
  });
  let [l, r] = [0, 0];
  const put = (sign, name, bytes) =>
    box.append(h('span', { class: name, title: name }, `${sign} ${quoted(bytes)}\n`));
  for (const [kind, count] of runs) {
    const wanted = left.slice(l, l + (kind === 'extra' ? 0 : count));
    const came = right.slice(r, r + (kind === 'missing' ? 0 : count));
    l += wanted.length;
    r += came.length;
    if (kind === 'same') for (const bytes of wanted.slice(-2)) put(' ', 'same', bytes);
    else {
      for (const bytes of wanted) put('-', 'missing', bytes);
      for (const bytes of came) put('+', 'extra', bytes);
    }
  }
  return box;
}

function splitLines(bytes) {
  const lines = [];
  let from = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, from)) {
    lines.push(bytes.subarray(from, at + 1));
    from = at + 1;
  }
  if (from < bytes.length) lines.push(bytes.subarray(from));
  return lines;
}
