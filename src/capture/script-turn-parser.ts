import { literalAt } from '../base/byte-literal-scanner';
import { patternAt } from '../base/byte-pattern';
import { byteRegexAt } from '../base/byte-regex';
import { refusal } from '../base/errors';
import { readBareText, startsLikeSomethingElse } from './bare-text';
import { LineCursor } from './line-cursor';
import type {
  Expectation,
  Payload,
  ReceiveTurn,
  SendTurn,
  Turn,
  TurnHead,
  TurnTime,
} from './script';
import { readEvent } from './script-verbs';

/**
 * Reads one line that is neither blank, a comment nor the head of a block.
 *
 * @param line - number of the line
 * @throws TcpError `ECONFIG` - without the number of the line, which the caller puts in front
 */
export function readTurn(text: string, line: number): Turn {
  const cursor = new LineCursor(text);
  const head = readHead(cursor, line);
  const turn = readBody(cursor, head);
  cursor.expectOver('the turn');
  return turn;
}

function readHead(cursor: LineCursor, line: number): TurnHead {
  const time = readTime(cursor);
  const number = cursor.takeMatch(/\[(\d{1,9})\]/y)?.[1];
  if (number !== undefined && Number(number) < 1) {
    throw refusal('script', 'connections are numbered from 1');
  }
  const optional = cursor.take('?');
  return {
    line,
    ...(time === undefined ? {} : { time }),
    ...(number === undefined ? {} : { connection: Number(number) }),
    ...(optional ? { optional } : {}),
  };
}

function readTime(cursor: LineCursor): TurnTime | undefined {
  if (cursor.take('+')) return { from: 'previous', us: cursor.takeDuration() };
  if (cursor.take('@')) return { from: 'start', us: cursor.takeDuration() };
  return undefined;
}

function readBody(cursor: LineCursor, head: TurnHead): Turn {
  if (cursor.take('<')) return readSend(cursor, head);
  if (cursor.take('>')) return readReceive(cursor, head);
  if (cursor.take('*')) return { ...head, kind: 'event', event: readEvent(cursor) };
  throw refusal('script', `expected <, > or * (got ${cursor.describeRest()})`);
}

function readSend(cursor: LineCursor, head: TurnHead): SendTurn {
  const raw = cursor.takeWord('raw');
  return { ...head, kind: 'send', raw, payload: readPayload(cursor, '<', false) };
}

function readReceive(cursor: LineCursor, head: TurnHead): ReceiveTurn {
  cursor.takeWord('expect');
  const raw = cursor.takeWord('raw');
  const expect = raw ? readPayload(cursor, '>', true) : readExpectation(cursor);
  const withinUs = cursor.takeWord('within') ? cursor.takeDuration() : undefined;
  const as = cursor.takeWord('as') ? readName(cursor) : undefined;
  return {
    ...head,
    kind: 'receive',
    raw,
    expect,
    ...(withinUs === undefined ? {} : { withinUs }),
    ...(as === undefined ? {} : { as }),
  };
}

function readExpectation(cursor: LineCursor): Expectation {
  if (cursor.takeWord('anything')) return { kind: 'anything' };
  if (cursor.takeWord('...')) return { kind: 'skip' };
  const { text, at } = cursor;
  if (text[at] === '/') {
    const { regex, end } = byteRegexAt(text, at);
    cursor.moveTo(end);
    return { kind: 'regex', regex };
  }
  if (/^pattern\s/.test(text.slice(at, at + 8))) {
    const { pattern, end } = patternAt(text, at);
    cursor.moveTo(end);
    return { kind: 'pattern', pattern };
  }
  return readPayload(cursor, '>', true);
}

function readPayload(cursor: LineCursor, sign: string, received: boolean): Payload {
  if (cursor.isOver) throw refusal('script', `expected bytes after ${sign}`);
  const { text, at } = cursor;
  if (!startsLikeSomethingElse(cursor.rest)) {
    const bare = readBareText(cursor.rest, received);
    cursor.moveTo(text.length);
    return { kind: 'bare', text: bare };
  }
  if (/[/.]/.test(text[at] ?? '') || /^(?:pattern|raw|expect|anything)\b/.test(cursor.rest)) {
    throw refusal(
      'script',
      `${cursor.describeRest()} is no literal; bare text that starts so is put in quotes`,
    );
  }
  const { literal, end } = literalAt(text, at);
  if (end < text.length && !/\s/.test(text[end] ?? '')) {
    throw refusal('script', `expected a blank behind ${text.slice(at, end)}`);
  }
  cursor.moveTo(end);
  return { kind: 'literal', literal };
}

function readName(cursor: LineCursor): string {
  const name = cursor.takeMatch(/[A-Za-z_]\w*/y)?.[0];
  if (name === undefined) throw refusal('script', `as needs a name, got ${cursor.describeRest()}`);
  return name;
}
