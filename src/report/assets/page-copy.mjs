/** Rows as something that runs: lines of a script, bytes in hex, sentences of the step language. */
import { items, labelOf, model, payloadOf, sentenceOf, wayOf } from './page-model.mjs';
import { byId, h } from './page-nodes.mjs';
import { hexText, literalOf, quoted, scriptTime } from './page-words.mjs';

/** A row as one line of a script. What no script can say becomes a comment. */
export function scriptOf(item) {
  const start = items[0]?.t ?? 0;
  const connection = model.connections[item.c ?? -1];
  const head = `@${scriptTime(Math.max(0, item.t - start))} ${connection === undefined ? '' : `[${connection.number}] `}`;
  if (item.y !== undefined) return head + item.y;
  const literal = wholeLiteral(item);
  if (literal === undefined) return `# ${sentenceOf(item)}`;
  return `${head}${wayOf(item) === 'in' ? '<' : '>'} ${literal}`;
}

/** @returns {string | undefined} the bytes as a literal; undefined where the page lacks some */
function wholeLiteral(item) {
  if (item.k !== 'data' && item.k !== 'tls') return undefined;
  if (item.l !== undefined) return item.l;
  const payload = payloadOf(item);
  return payload?.whole === true ? literalOf(payload.head) : undefined;
}

/** The bytes of a row in hex. */
export function hexOfItem(item) {
  const payload = payloadOf(item);
  if (payload === undefined) return '';
  const tail = payload.tail === undefined ? '' : ` \u2026 ${hexText(payload.tail)}`;
  return hexText(payload.head) + tail;
}

/** A row as a sentence of the step language, seen by the client. Others become a comment. */
export function gherkinOf(item) {
  const connection = model.connections[item.c ?? -1];
  const lane = model.lanes[connection?.a ?? -1];
  const comment = `# ${sentenceOf(item)}`;
  if (item.k === 'mark')
    return /^[^"\\]*$/.test(item.p ?? '') ? `When the wire log is marked "${item.p}"` : comment;
  if (connection === undefined || lane === undefined) return comment;
  const client =
    lane.role === 'client' && lane.name !== 'client'
      ? `client ${nameLiteral(lane.name)}`
      : 'client';
  const isOut = wayOf(item) === 'out';
  const literal = item.x === 1 ? undefined : wholeLiteral(item);
  switch (item.k) {
    case 'data':
      if (literal === undefined) return comment;
      return isOut ? `When ${client} sends ${literal}` : `Then ${client} receives ${literal}`;
    case 'open':
      return item.q === undefined ? comment : `Given a ${client} connected to ${item.q}`;
    case 'refused':
      return `Then ${client} sees connection refused`;
    case 'rst':
      return isOut
        ? `When ${client} resets the connection`
        : `Then ${client} sees connection reset`;
    case 'fin':
      if (!isOut) return `Then ${client} sees end of stream`;
      return `When ${client} ${item.y === '* peer half-closes' ? 'half-closes' : 'closes'}`;
    case 'timeout':
      return item.f === connection.a ? `Then ${client} sees ${timeoutClass(item)}` : comment;
    case 'check':
      return item.check?.step ?? comment;
    default:
      return comment;
  }
}

function timeoutClass(item) {
  return /^(connect|read|write) timeout/.exec(labelOf(item))?.[0] ?? 'timeout';
}

/** A name between quotes; characters of names stay as they are. */
function nameLiteral(name) {
  return /^[ -~]*$/.test(name) ? quoted(new TextEncoder().encode(name)) : `"${name}"`;
}

/** Puts text on the clipboard; where that is refused, a dialog shows it selected. */
export async function copyText(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    announce(`Copied ${what}`);
  } catch {
    showText(text);
  }
}

function showText(text) {
  const dialog = /** @type {HTMLDialogElement} */ (byId('text'));
  const area = /** @type {HTMLTextAreaElement} */ (
    h('textarea', { rows: 10, 'aria-label': 'Text to copy', readonly: true })
  );
  area.value = text;
  dialog.replaceChildren(
    h('h2', { id: 'text-title' }, 'Copy this text'),
    area,
    h('p', {}, h('button', { class: 'btn', on: { click: () => dialog.close() } }, 'Close')),
  );
  dialog.showModal();
  area.select();
}

/** Tells, to eyes and to screen readers, what was done. */
export function announce(text) {
  const toast = byId('toast');
  toast.textContent = text;
  toast.classList.remove('on');
  // Read, so that the animation begins anew.
  void toast.offsetWidth;
  toast.classList.add('on');
}
