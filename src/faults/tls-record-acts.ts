import type { Act, Stream } from './fault';

/** Long enough for bytes to arrive at a peer that reads, before a RST overtakes them. */
const settleUs = 30_000;

/** So many bytes at a time, each with a wait behind it. */
export interface Pace {
  readonly bytes: number;
  readonly everyUs: number;
}

/** Silence, FIN or RST; RST waits for what was passed before it. */
export function endingActs(
  ending: 'stall' | 'fin' | 'rst',
  passed: boolean,
  stream: Stream,
): readonly Act[] {
  if (ending === 'stall') return [{ stall: true }];
  if (ending === 'fin') return [{ end: 'fin' }];
  const reset = stream === 'downstream' ? 'client' : 'upstream';
  return [{ wait: passed ? settleUs : 0 }, { reset }];
}

/** Bytes at a pace, or at once. */
export function pacedActs(bytes: Uint8Array, pace: Pace | undefined): readonly Act[] {
  if (pace === undefined) return [{ emit: bytes }];
  const acts: Act[] = [];
  for (let at = 0; at < bytes.length; at += pace.bytes) {
    acts.push({ emit: bytes.subarray(at, at + pace.bytes) }, { wait: pace.everyUs });
  }
  return acts;
}
