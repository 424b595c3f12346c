/** The bytes of a row, as text and in hex. */
import { model, payloadOf } from './page-model.mjs';
import { h } from './page-nodes.mjs';
import { state, tell } from './page-state.mjs';
import { countText, escapeByte, grouped, hexOf, literalOf } from './page-words.mjs';

const hexPerLine = 8;
const hexStep = 4096;

/** As it was asked for; else hex for what is no text. */
export function viewOf(item) {
  if (state.view !== 'auto') return state.view;
  const head = payloadOf(item)?.head;
  return head !== undefined && literalOf(head).startsWith('hex') ? 'hex' : 'text';
}

/** The chapter of a row about its bytes. */
export function payloadPart(item) {
  if (item.n === undefined || item.k === 'left') return [];
  const payload = payloadOf(item);
  if (payload === undefined) {
    const why =
      model.left.bytes > 0
        ? 'its bytes were left out here: limits.bytes'
        : 'the trace holds lengths only';
    return [h('p', { class: 'hint' }, why)];
  }
  const tabs = h('div', { class: 'tabs', role: 'tablist', 'aria-label': 'Payload' });
  for (const [view, name] of /** @type {const} */ ([
    ['text', 'Text'],
    ['hex', 'Hex'],
  ])) {
    const isOn = viewOf(item) === view;
    const choose = () => {
      state.view = view;
      tell('view');
    };
    tabs.append(
      h('button', { role: 'tab', 'aria-selected': String(isOn), on: { click: choose } }, name),
    );
  }
  const show = viewOf(item) === 'hex' ? hexDump : payloadText;
  const isMasked = maskOf(item);
  const parts = [show(payload.head, 0, isMasked)];
  if (!payload.whole) {
    parts.push(
      h(
        'p',
        { class: 'hint' },
        `${countText(payload.left, 'byte')} left out here: limits.bytesPerItem`,
      ),
    );
  }
  if (payload.tail !== undefined)
    parts.push(show(payload.tail, (item.n ?? 0) - payload.tail.length, isMasked));
  return [tabs, ...parts];
}

/** Tells of each byte of a row whether it is a mask. */
function maskOf({ m = [] }) {
  return (at) => m.some(([from, to]) => at >= from && at < to);
}

/** Latin-1 text; what is no printable ASCII stands on plates, and a line ends where its LF is. */
function payloadText(bytes, offset, isMasked) {
  const block = h('pre', { class: 'payload', tabindex: 0 });
  let plain = '';
  let masked = false;
  const flush = () => {
    if (plain !== '') block.append(masked ? h('span', { class: 'masked' }, plain) : plain);
    plain = '';
  };
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (isMasked(offset + at) !== masked) {
      flush();
      masked = !masked;
    }
    if (byte >= 32 && byte < 127) {
      plain += String.fromCharCode(byte);
      continue;
    }
    flush();
    block.append(h('span', { class: 'ctl' }, escapeByte(byte)));
    if (byte === 10) block.append('\n');
  }
  flush();
  return block;
}

function hexDump(bytes, offset, isMasked) {
  const block = h('pre', { class: 'hex payload', tabindex: 0 });
  const show = (from) => {
    const end = Math.min(bytes.length, from + hexStep);
    for (let at = from; at < end; at += hexPerLine) {
      const line = bytes.subarray(at, Math.min(end, at + hexPerLine));
      const hex = Array.from(line, (byte, place) =>
        isMasked(offset + at + place) ? h('span', { class: 'masked' }, hexOf(byte)) : hexOf(byte),
      );
      const text = Array.from(line, (byte) =>
        byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.',
      );
      block.append(
        h('span', { class: 'o' }, `${(offset + at).toString(16).padStart(6, '0')}  `),
        ...hex.flatMap((word) => [word, ' ']),
        ' '.repeat((hexPerLine - line.length) * 3 + 1),
        h('span', { class: 'o' }, `${text.join('')}\n`),
      );
    }
    if (end >= bytes.length) return;
    const more = h('button', { class: 'btn' }, `show ${grouped(bytes.length - end)} more`);
    more.addEventListener('click', () => {
      more.remove();
      show(end);
    });
    block.append(more);
  };
  show(0);
  return block;
}
