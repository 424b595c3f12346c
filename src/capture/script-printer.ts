import { resolveLiteral } from '../base/byte-literal';
import { printBytes, printLiteral } from '../base/byte-literal-printer';
import { printQuotedPattern } from '../base/byte-pattern';
import { printByteRegex } from '../base/byte-regex';
import { isBareText } from './bare-text';
import {
  type Expectation,
  isBlock,
  type Payload,
  type ReceiveTurn,
  type Script,
  type ScriptLine,
  type Turn,
} from './script';
import { printTime } from './script-time';
import { printEvent } from './script-verbs';

/** The text of a script, ended by LF; {@link parseScript} reads it back as the same script. */
export function printScript(script: Script): string {
  return script.lines.map((line) => printLine(line, '')).join('');
}

/** One turn, without indent and line end. */
export function printTurn(turn: Turn): string {
  return [...headWords(turn), printTurnBody(turn)].join(' ');
}

/** A turn without its time and number of connection. */
export function printTurnBody(turn: Turn): string {
  const optional = turn.optional === true ? '? ' : '';
  switch (turn.kind) {
    case 'send':
      return `${optional}< ${turn.raw ? 'raw ' : ''}${printPayload(turn.payload, false)}`;
    case 'receive':
      return `${optional}> ${printReceive(turn)}`;
    case 'event':
      return `${optional}* ${printEvent(turn.event)}`;
  }
}

function printLine(line: ScriptLine, indent: string): string {
  if (!isBlock(line)) return `${indent}${printTurn(line)}\n`;
  const head = line.kind === 'unordered' ? 'unordered:' : `repeat ${line.times} times:`;
  return `${indent}${head}\n${line.lines.map((inner) => printLine(inner, `${indent}  `)).join('')}`;
}

function headWords(turn: Turn): string[] {
  const words: string[] = [];
  if (turn.time !== undefined) {
    words.push(`${turn.time.from === 'previous' ? '+' : '@'}${printTime(turn.time.us)}`);
  }
  if (turn.connection !== undefined) words.push(`[${turn.connection}]`);
  return words;
}

function printReceive(turn: ReceiveTurn): string {
  const words = [turn.raw ? 'raw ' : '', printExpectation(turn.expect)];
  if (turn.withinUs !== undefined) words.push(` within ${printTime(turn.withinUs)}`);
  if (turn.as !== undefined) words.push(` as ${turn.as}`);
  return words.join('');
}

function printExpectation(expect: Expectation): string {
  switch (expect.kind) {
    case 'pattern':
      return `expect ${printQuotedPattern(expect.pattern)}`;
    case 'regex':
      return `expect ${printByteRegex(expect.regex)}`;
    case 'anything':
      return 'anything';
    case 'skip':
      return '...';
    default:
      return printPayload(expect, true);
  }
}

function printPayload(payload: Payload, received: boolean): string {
  if (payload.kind === 'literal') {
    const { literal } = payload;
    return literal.kind === 'joined' ? printBytes(resolveLiteral(literal)) : printLiteral(literal);
  }
  const { text } = payload;
  return isBareText(text, received) ? text : printBytes(Buffer.from(text, 'utf8'));
}
