/** What stands in comments and marks of a capture, in words. */
import { formatByteCount } from '../base/size';
import type { WireEvent } from '../network/wire-event';
import { errorWords, faultText, timeoutWords } from './wire-words';

const longest = 1_024;

/** The mark of an event that puts no packet on the wire; `undefined` for one that needs none. */
export function markOf(event: WireEvent): string | undefined {
  const text = wordsOf(event);
  if (text === undefined) return undefined;
  return event.connection === '' ? text : `${event.connection} ${text}`;
}

function wordsOf(event: WireEvent): string | undefined {
  const { detail = {} } = event;
  switch (event.kind) {
    case 'fault':
      return `fault ${faultText(event)}`;
    case 'note':
      if (detail['mark'] !== undefined) return `mark ${JSON.stringify(oneLine(detail['mark']))}`;
      return detail['stopped'] === undefined ? undefined : `capture stopped: ${detail['stopped']}`;
    case 'control':
      return wordsIn('control', detail['control'], detail);
    case 'timeout':
      return wordsIn('timeout', timeoutWords(event), detail);
    case 'error':
      return `error ${errorWords(event)}`;
    case 'tls':
      return detail['event'] === 'keylog' ? undefined : wordsIn('tls', detail['event'], detail);
    default:
      return undefined;
  }
}

/** What was written and never came to the other end. */
export function undeliveredText(id: string, bytes: number, isReset: boolean): string {
  return `${id} ${formatByteCount(bytes)} written, never delivered${isReset ? ' (reset)' : ''}`;
}

/**
 * Text as a comment holds it: one line of at most 1,024 bytes, cut at a character; control
 * characters as `\xNN`.
 */
export function commentText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to be shown
  const clean = text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(2, '0');
    return `\\x${code}`;
  });
  const bytes = Buffer.from(clean);
  if (bytes.byteLength <= longest) return clean;
  let end = longest - Buffer.byteLength('…');
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return `${bytes.toString('utf8', 0, end)}…`;
}

/** Text as a mark holds it: a line feed is a blank. */
export function oneLine(text: unknown): string {
  return String(text).replace(/\r?\n/g, ' ');
}

/** What happened, which one of its kind, and its facts. */
function wordsIn(what: string, which: unknown, detail: NonNullable<WireEvent['detail']>): string {
  const facts = Object.entries(detail)
    .filter(([, value]) => value !== which)
    .map(([name, value]) => `${name} ${value}`);
  const head = which === undefined ? what : `${what} ${which}`;
  return facts.length === 0 ? head : `${head}: ${facts.join(', ')}`;
}
