import { suggestion } from '../base/closest-word';
import { refusal } from '../base/errors';
import { decodeText, isQuote, quotedEnd, quoteText } from '../base/quoted-text';
import type { LineCursor } from './line-cursor';
import { type PlainVerb, plainVerbs, type ScriptEvent } from './script';
import { printTime } from './script-time';

/** Verbs that need more words, with a sample for messages. */
const longVerbs: Readonly<Record<string, (cursor: LineCursor) => ScriptEvent>> = {
  'start TLS': readStartTls,
  wait: (cursor) => ({ verb: 'wait', us: cursor.takeDuration() }),
  notify: (cursor) => ({ verb: 'notify', name: takeName(cursor, 'notify') }),
  await: (cursor) => ({ verb: 'await', name: takeName(cursor, 'await') }),
  goto: (cursor) => ({ verb: 'goto', name: takeName(cursor, 'goto') }),
  mark: (cursor) => ({ verb: 'mark', text: takeText(cursor, 'mark') }),
  fault: (cursor) => ({ verb: 'fault', text: takeText(cursor, 'fault') }),
  error: readError,
};

const verbs: readonly string[] = [...plainVerbs, ...Object.keys(longVerbs)];

/**
 * Reads what stands behind a `*`.
 *
 * @throws TcpError `ECONFIG`, field `script` - `unknown event "rest" (did you mean "reset"?)`
 */
export function readEvent(cursor: LineCursor): ScriptEvent {
  const words = cursor.rest.replace(/\s+#.*$/, '');
  const plain = plainVerbs.find((verb) => verb === words);
  if (plain !== undefined) {
    cursor.moveTo(cursor.at + plain.length);
    return { verb: plain };
  }
  const long = Object.keys(longVerbs).find((verb) => cursor.takeWord(verb));
  const read = long === undefined ? undefined : longVerbs[long];
  if (read === undefined) {
    if (words === '' || words.startsWith('#')) throw refusal('script', 'expected an event after *');
    throw refusal('script', `unknown event "${words}"${suggestEvent(words)}`);
  }
  return read(cursor);
}

/** The words of an event, without the `*`. */
export function printEvent(event: ScriptEvent): string {
  switch (event.verb) {
    case 'start TLS':
      return event.certificate === undefined
        ? event.verb
        : `${event.verb} with ${quoteText(event.certificate)}`;
    case 'wait':
      return `wait ${printTime(event.us)}`;
    case 'notify':
    case 'await':
    case 'goto':
      return `${event.verb} ${event.name}`;
    case 'mark':
    case 'fault':
      return `${event.verb} ${quoteText(event.text)}`;
    case 'error':
      return `error ${event.words}`;
    default:
      return event.verb satisfies PlainVerb;
  }
}

/** The nearest verb to all the words, else to the first of them. */
function suggestEvent(words: string): string {
  return suggestion(words, verbs) || suggestion(words.split(/\s/)[0] ?? '', verbs);
}

function readStartTls(cursor: LineCursor): ScriptEvent {
  if (!cursor.takeWord('with')) return { verb: 'start TLS' };
  return { verb: 'start TLS', certificate: takeText(cursor, 'start TLS with') };
}

function readError(cursor: LineCursor): ScriptEvent {
  const words = cursor.takeMatch(/[A-Za-z][A-Za-z0-9_-]*(?: [A-Za-z][A-Za-z0-9_-]*)*/y)?.[0];
  if (words === undefined) {
    throw refusal('script', 'error needs the words of a failure, as in error read timeout');
  }
  return { verb: 'error', words };
}

function takeName(cursor: LineCursor, verb: string): string {
  const name = cursor.takeMatch(/[^\s"'#]+/y)?.[0];
  if (name === undefined) {
    throw refusal('script', `${verb} needs a name, got ${cursor.describeRest()}`);
  }
  return name;
}

function takeText(cursor: LineCursor, verb: string): string {
  const start = cursor.at;
  if (!isQuote(cursor.text[start])) {
    throw refusal('script', `${verb} needs a text in quotes, got ${cursor.describeRest()}`);
  }
  const end = quotedEnd(cursor.text, start);
  const text = decodeText(cursor.text, start + 1, end - 1);
  cursor.moveTo(end);
  return text;
}
