import { type LiteralSources, resolveLiteral } from '../base/byte-literal';
import type { Payload, Script, Turn } from './script';
import { isBlock } from './script';

/** One line of a log, as a comparison walks over it. */
export interface LogEntry {
  readonly turn: Turn;
  readonly sign: '<' | '>' | '*';
  /** What was sent or received; `undefined` for events and for bytes that were not kept. */
  readonly bytes?: Uint8Array;
  /** Microseconds since the beginning; `undefined` in a log without times. */
  readonly us?: number;
  /** Which connection in order of appearance, from 1; `undefined` without a number. */
  readonly rank?: number;
}

/** Where a comparison stands in a log: at a byte of an entry. */
export interface LogPlace {
  readonly index: number;
  readonly offset: number;
}

/** The lines of a log, with times since the beginning. Blocks have no place in a log and are left out. */
export function entriesOf(log: Script): LogEntry[] {
  const ranks = ranksOf(log);
  let lastUs = 0;
  return log.lines.flatMap((turn) => {
    if (isBlock(turn)) return [];
    const us = turn.time === undefined ? undefined : timeOf(turn.time, lastUs);
    lastUs = us ?? lastUs;
    const rank = turn.connection === undefined ? undefined : ranks.get(turn.connection);
    const bytes = bytesOf(turn);
    return [
      {
        turn,
        sign: signOf(turn),
        ...(bytes === undefined ? {} : { bytes }),
        ...(us === undefined ? {} : { us }),
        ...(rank === undefined ? {} : { rank }),
      },
    ];
  });
}

/** Numbers of connections → their order of appearance, so that `[1]` is the first, whatever its id. */
export function ranksOf(script: Script): ReadonlyMap<number, number> {
  const ranks = new Map<number, number>();
  const walk = (lines: Script['lines']): void => {
    for (const line of lines) {
      if (isBlock(line)) walk(line.lines);
      else if (line.connection !== undefined && !ranks.has(line.connection)) {
        ranks.set(line.connection, ranks.size + 1);
      }
    }
  };
  walk(script.lines);
  return ranks;
}

/** The bytes of a payload. @throws TcpError `ECONFIG` - a file or chance that is not at hand */
export function payloadBytes(payload: Payload, sources: LiteralSources = {}): Uint8Array {
  return payload.kind === 'bare'
    ? Buffer.from(payload.text, 'utf8')
    : resolveLiteral(payload.literal, sources);
}

export function signOf(turn: Turn): '<' | '>' | '*' {
  if (turn.kind === 'event') return '*';
  return turn.kind === 'send' ? '<' : '>';
}

function bytesOf(turn: Turn): Uint8Array | undefined {
  if (turn.kind === 'send') return payloadBytes(turn.payload);
  if (turn.kind === 'event') return undefined;
  const { expect } = turn;
  return expect.kind === 'bare' || expect.kind === 'literal' ? payloadBytes(expect) : undefined;
}

function timeOf(time: NonNullable<Turn['time']>, lastUs: number): number {
  return time.from === 'start' ? time.us : lastUs + time.us;
}
