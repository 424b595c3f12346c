import { readDuration, toMicroseconds } from '../base/duration';
import { refusal } from '../base/errors';
import { writePcapng } from '../capture/write-pcapng';
import type { Framer } from '../framing/framer';
import type { WireEvent } from '../network/wire-event';
import type { BytesDefinition } from './bytes-definition';
import { compileBytes } from './bytes-source';
import { Compiling, throwProblems } from './compiling';
import type { MockDefinition, Predicate, ScriptTurn } from './mock-model';
import { readFraming } from './mock-settings';
import { isBytes } from './predicates';

/** One thing on the wire of a script. */
type Moment =
  | { readonly kind: 'bytes'; readonly from: 'client' | 'server'; readonly bytes: Uint8Array }
  | { readonly kind: 'fin' | 'rst'; readonly from: 'client' | 'server' }
  | { readonly kind: 'wait'; readonly us: number };

/**
 * A pcapng file of what a script says: a connection for each way through it.
 *
 * @throws TcpError `ECONFIG` - there is no script, or it says something that is no bytes
 */
export function captureOfMock(definition: MockDefinition): Uint8Array {
  const { script = [], limits: _, ...rest } = definition;
  if (script.length === 0) throw refusal('script', `mock "${definition.name}" has no script`);
  const place = new Compiling(definition.name, process.cwd());
  const framer = readFraming(rest, 16 * 2 ** 20, place.at('framing'));
  const connections = waysOf(script, place).map((turns) => momentsOf(turns, framer, place));
  throwProblems(place.problems);
  const events: WireEvent[] = [];
  for (const [index, moments] of connections.entries()) addEvents(events, moments, index + 1);
  return writePcapng(events);
}

/** Every way through a script. */
function waysOf(
  turns: readonly ScriptTurn[],
  place: Compiling,
): readonly (readonly ScriptTurn[])[] {
  const at = turns.findIndex(({ oneOf }) => oneOf !== undefined);
  const choice = turns[at];
  if (choice?.oneOf === undefined) return [turns];
  const before = turns.slice(0, at);
  const after = waysOf(turns.slice(at + 1), place);
  const ways = choice.oneOf.flatMap(({ turns: inner, connections }) => {
    if (connections !== undefined) throw noBytes('oneOf with connections');
    return waysOf(inner, place);
  });
  const all = choice.optional === true ? [...ways, []] : ways;
  return all.flatMap((way) => after.map((rest) => [...before, ...way, ...rest]));
}

function momentsOf(
  turns: readonly ScriptTurn[],
  framer: Framer,
  place: Compiling,
): readonly Moment[] {
  return turns.flatMap((turn): readonly Moment[] => {
    const {
      repeat,
      unordered,
      wait,
      within: _,
      optional: __,
      capture: ___,
      goto: ____,
      ...rest
    } = turn;
    const waits: Moment[] =
      wait === undefined ? [] : [{ kind: 'wait', us: toMicroseconds(readDuration('wait', wait)) }];
    if (repeat !== undefined) {
      const round = momentsOf(repeat.turns, framer, place);
      return Array.from({ length: repeat.times }, () => round).flat();
    }
    if (unordered !== undefined) return momentsOf(unordered, framer, place);
    return [...waits, ...Object.keys(rest).map((key) => momentOf(turn, key, framer, place))];
  });
}

function momentOf(turn: ScriptTurn, key: string, framer: Framer, place: Compiling): Moment {
  const { expect, send, raw, close, expectClose } = turn;
  if (key === 'expect' && expect !== undefined) {
    return { kind: 'bytes', from: 'client', bytes: framer.encode(bytesOf(expect, place)) };
  }
  if (key === 'send' && send !== undefined) {
    return { kind: 'bytes', from: 'server', bytes: framer.encode(bytesOf(send, place)) };
  }
  if (key === 'raw' && raw !== undefined) {
    return { kind: 'bytes', from: 'server', bytes: bytesOf(raw, place) };
  }
  if (key === 'close') return { kind: close === 'reset' ? 'rst' : 'fin', from: 'server' };
  if (key === 'expectClose')
    return { kind: expectClose === 'reset' ? 'rst' : 'fin', from: 'client' };
  throw noBytes(key);
}

function bytesOf(definition: BytesDefinition | Predicate, place: Compiling): Uint8Array {
  const given =
    typeof definition === 'object' && 'equals' in definition ? definition.equals : definition;
  if (given === undefined || !isBytes(given)) throw noBytes(Object.keys(definition).join(', '));
  const { constant } = compileBytes(given, place);
  if (constant === undefined) throw noBytes('a template or chance');
  return constant;
}

function noBytes(what: string): Error {
  return refusal('script', `a recording holds bytes, and ${what} is not`);
}

/** Connections follow one another on one clock. */
function addEvents(events: WireEvent[], moments: readonly Moment[], number: number): void {
  const id = `c${number}`;
  const local = { host: '127.0.0.1', port: 49_151 + number, family: 'IPv4' as const };
  const remote = { host: '127.0.0.1', port: 7, family: 'IPv4' as const };
  let atUs = events.at(-1)?.atUs ?? 0;
  const sent = { out: 0, in: 0 };
  const add = (
    direction: 'out' | 'in',
    facts: Pick<WireEvent, 'kind'> & Partial<WireEvent>,
  ): void => {
    const common = {
      index: events.length,
      atUs,
      connection: id,
      from: id,
      to: 'server',
      direction,
    };
    events.push({ ...common, ...facts });
  };
  add('out', { kind: 'syn', local, remote });
  add('out', { kind: 'established', local, remote });
  for (const moment of moments) {
    if (moment.kind === 'wait') {
      atUs += moment.us;
      continue;
    }
    const direction = moment.from === 'client' ? 'out' : 'in';
    if (moment.kind !== 'bytes') add(direction, { kind: moment.kind });
    else {
      const { bytes } = moment;
      const kind = direction === 'out' ? 'write' : 'data';
      add(direction, { kind, bytes, length: bytes.length, stream: sent[direction] });
      sent[direction] += bytes.length;
    }
  }
}
