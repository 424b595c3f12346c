import { printBytes } from '../base/byte-literal-printer';
import { formatDuration } from '../base/duration';
import { refusal } from '../base/errors';
import { quoteText } from '../base/quoted-text';
import { formatSize, readSize } from '../base/size';
import type { Script } from '../capture/script';
import { parseScript } from '../capture/script-parser';
import type { BytesDefinition } from './bytes-definition';
import type { ScriptTurn } from './mock-model';
import { isBytes } from './predicates';

/**
 * Turns as a script.
 *
 * @throws TcpError `ECONFIG` - a turn says something that the script language has no words for
 */
export function scriptOfTurns(turns: readonly ScriptTurn[]): Script {
  return parseScript(linesOf(turns, '').join('\n'));
}

function linesOf(turns: readonly ScriptTurn[], indent: string): readonly string[] {
  return turns.flatMap((turn) => lineOf(turn, indent));
}

function lineOf(turn: ScriptTurn, indent: string): readonly string[] {
  const { unordered, repeat, optional, wait, within, capture, ...rest } = turn;
  if (unordered !== undefined) return [`${indent}unordered:`, ...linesOf(unordered, `${indent}  `)];
  if (repeat !== undefined) {
    return [`${indent}repeat ${repeat.times} times:`, ...linesOf(repeat.turns, `${indent}  `)];
  }
  const mark = optional === true ? '? ' : '';
  const [entry, ...others] = Object.entries(rest);
  if (others.length > 0) throw noWords(others.map(([key]) => key).join(', '));
  if (entry === undefined) {
    if (wait === undefined) throw noWords('an empty turn');
    return [`${indent}${mark}* wait ${time(wait)}`];
  }
  const names = Object.entries(capture ?? {}).map(([name, part]) => {
    if (part !== 'frame') throw noWords(`capture of a part as "${name}"`);
    return ` as ${name}`;
  });
  const limit = within === undefined ? '' : ` within ${time(within)}`;
  const before = wait === undefined ? '' : `+${time(wait)} `;
  return [`${indent}${before}${mark}${bodyOf(turn)}${limit}${names.join('')}`];
}

function bodyOf(turn: ScriptTurn): string {
  if (turn.send !== undefined) return `< ${literal(turn.send)}`;
  if (turn.raw !== undefined) return `< raw ${literal(turn.raw)}`;
  if (turn.drop === true) return '> ...';
  if (turn.expect !== undefined) return `> ${expectation(turn.expect)}`;
  if (turn.close !== undefined) {
    return { end: '* close', half: '* half-close', reset: '* reset' }[
      turn.close === true ? 'end' : turn.close
    ];
  }
  if (turn.expectClose !== undefined) {
    return turn.expectClose === 'reset' ? '* peer resets' : '* peer closes';
  }
  if (turn.startTls === true) return '* start TLS';
  if (turn.startTls !== undefined) return `* start TLS with ${quoteText(turn.startTls)}`;
  if (turn.pause !== undefined) return turn.pause ? '* stop reading' : '* read again';
  for (const verb of ['notify', 'await', 'goto'] as const) {
    if (turn[verb] !== undefined) return `* ${verb} ${turn[verb]}`;
  }
  throw noWords(Object.keys(turn).join(', '));
}

function expectation(expect: NonNullable<ScriptTurn['expect']>): string {
  if (isBytes(expect)) return literal(expect);
  const { any, equals, regex, flags = '', pattern, ...rest } = expect;
  const [other] = Object.keys(rest);
  if (other !== undefined) throw noWords(other);
  if (regex !== undefined) return `/${regex.replace(/(^|[^\\])\//g, '$1\\/')}/${flags}`;
  if (pattern !== undefined)
    return `pattern ${pattern.includes('"') ? `'${pattern}'` : `"${pattern}"`}`;
  if (equals !== undefined) return literal(equals);
  if (any === true) return 'anything';
  throw noWords('an empty predicate');
}

function literal(bytes: BytesDefinition): string {
  if (bytes instanceof Uint8Array) return printBytes(bytes);
  const keys = typeof bytes === 'string' ? { text: bytes } : bytes;
  if (keys.text !== undefined) {
    if (keys.text.includes('${') && keys.template !== false) throw noWords('a template');
    return textLiteral(keys.text);
  }
  if (keys.line !== undefined) return `line ${textLiteral(keys.line)}`;
  if (keys.hex !== undefined) return `hex "${keys.hex}"`;
  if (keys.base64 !== undefined) return `base64 "${keys.base64}"`;
  if (keys.file !== undefined) return `file ${quoteText(keys.file)}`;
  if (keys.random !== undefined) return `${size(keys.random)} of random data`;
  if (keys.repeat !== undefined) return `${size(keys.repeat.size)} of ${literal(keys.repeat.of)}`;
  throw noWords(Object.keys(keys).join(', '));
}

/** Text with its escapes, in quotes. */
function textLiteral(text: string): string {
  return `"${text.replace(/(\\.)|"/g, (match, pair: string | undefined) => pair ?? `\\${match}`)}"`;
}

function size(value: number | string): string {
  return formatSize(readSize('size', value));
}

function time(value: number | string): string {
  return typeof value === 'number' ? formatDuration(value) : value;
}

function noWords(what: string): Error {
  return refusal('script', `the script language has no words for ${what}`);
}
