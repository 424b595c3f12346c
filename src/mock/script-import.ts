/** The script language → turns, and back. */

import { printHex } from '../base/byte-encodings';
import { resolveLiteral } from '../base/byte-literal';
import { printLiteral } from '../base/byte-literal-printer';
import type { Literal, SimpleLiteral } from '../base/byte-literal-scanner';
import { printPattern } from '../base/byte-pattern';
import { refusal } from '../base/errors';
import {
  type EventTurn,
  type Expectation,
  isBlock,
  isLogOnly,
  type Payload,
  type Script,
  type ScriptLine,
  type Turn,
} from '../capture/script';
import type { BytesDefinition } from './bytes-definition';
import type { Predicate, ScriptTurn } from './mock-model';

/** The turns of a script. Times in front of what is sent become waits; what only a log says is left out. */
export function turnsOfScript(script: Script): readonly ScriptTurn[] {
  return turnsOf(script.lines);
}

function turnsOf(lines: readonly ScriptLine[]): readonly ScriptTurn[] {
  let startUs = 0;
  return lines.flatMap((line): readonly ScriptTurn[] => {
    if (isBlock(line)) {
      const inner = turnsOf(line.lines);
      return line.kind === 'unordered'
        ? [{ unordered: inner }]
        : [{ repeat: { times: line.times, turns: inner } }];
    }
    const waitUs =
      line.time === undefined ? 0 : line.time.us - (line.time.from === 'start' ? startUs : 0);
    if (line.time !== undefined)
      startUs = line.time.from === 'start' ? line.time.us : startUs + line.time.us;
    const turn = turnOf(line);
    if (turn === undefined) return [];
    const waits = waitUs > 0 && line.kind !== 'receive' ? { wait: msOf(waitUs) } : {};
    return [{ ...waits, ...turn, ...(line.optional === true && { optional: true }) }];
  });
}

function turnOf(line: Turn): ScriptTurn | undefined {
  if (line.kind === 'send') {
    return line.raw ? { raw: bytesOf(line.payload) } : { send: bytesOf(line.payload) };
  }
  if (line.kind === 'event') return eventOf(line);
  if (line.expect.kind === 'skip') return { drop: true };
  return {
    expect: predicateOf(line.expect),
    ...(line.withinUs !== undefined && { within: msOf(line.withinUs) }),
    ...(line.as !== undefined && { capture: { [line.as]: 'frame' as const } }),
  };
}

function eventOf({ event }: EventTurn): ScriptTurn | undefined {
  if (isLogOnly(event)) return undefined;
  switch (event.verb) {
    case 'close':
      return { close: 'end' };
    case 'half-close':
      return { close: 'half' };
    case 'reset':
      return { close: 'reset' };
    case 'peer closes':
    case 'peer half-closes':
      return { expectClose: 'end' };
    case 'peer resets':
      return { expectClose: 'reset' };
    case 'start TLS':
      return { startTls: event.certificate ?? true };
    case 'wait':
      return { wait: msOf(event.us) };
    case 'notify':
      return { notify: event.name };
    case 'await':
      return { await: event.name };
    case 'goto':
      return { goto: event.name };
    case 'stop reading':
      return { pause: true };
    case 'read again':
      return { pause: false };
    default:
      throw refusal('script', `a mock cannot play "${event.verb}"`);
  }
}

function predicateOf(expect: Exclude<Expectation, { readonly kind: 'skip' }>): Predicate {
  switch (expect.kind) {
    case 'anything':
      return { any: true };
    case 'pattern':
      return { pattern: printPattern(expect.pattern) };
    case 'regex': {
      const { source, flags } = expect.regex;
      return flags === '' ? { regex: source } : { regex: source, flags };
    }
    default:
      return bytesOf(expect);
  }
}

function bytesOf(payload: Payload): BytesDefinition {
  return payload.kind === 'bare'
    ? textOf(Buffer.from(payload.text, 'utf8'))
    : definitionOf(payload.literal);
}

/** How a file writes a literal. */
export function definitionOf(literal: Literal): BytesDefinition {
  switch (literal.kind) {
    case 'repeat':
      return { repeat: { of: simpleOf(literal.of), size: literal.size } };
    case 'random':
      return { random: literal.size };
    case 'joined':
      return { concat: literal.parts.map(definitionOf) };
    default:
      return simpleOf(literal);
  }
}

function simpleOf(literal: SimpleLiteral): BytesDefinition {
  if (literal.kind === 'file') return { file: literal.path };
  const bytes = resolveLiteral(literal);
  return literal.kind === 'text' || literal.kind === 'line'
    ? textOf(bytes)
    : { hex: printHex(bytes) };
}

/** Text with escapes, written so that no part of it is a template. */
function textOf(bytes: Uint8Array): BytesDefinition {
  const quoted = printLiteral({ kind: 'text', bytes } as Literal);
  const text = quoted.slice(1, -1).replaceAll("\\'", "'").replaceAll('\\"', '"');
  return text.includes('${') ? { text, template: false } : text;
}

function msOf(us: number): number {
  return us / 1_000;
}
