/** A short way to tell a trace what happened on a wire. */
import type { WireEvent, WireEventInput } from '../../../src/network/wire-event';
import { createTrace } from '../../../src/network/world/trace';

/** An event without what tests do not care about. */
export type Told = Omit<WireEventInput, 'connection' | 'from' | 'to' | 'direction'> & {
  readonly connection?: string;
  readonly from?: string;
  readonly to?: string;
  readonly direction?: WireEventInput['direction'];
  /** Microseconds before it; default 1,000. */
  readonly after?: number;
};

export const client = { host: '127.0.0.1', port: 40_000, family: 'IPv4' } as const;
export const server = { host: '127.0.0.1', port: 80, family: 'IPv4' } as const;
export const c1 = { connection: 'c1' } as const;
export const s1 = { connection: 's1' } as const;
export const syn: Told = { ...c1, kind: 'syn', direction: 'out', local: client, remote: server };
export const established: Told = { ...syn, kind: 'established', direction: 'in' };
export const accepted: Told = {
  ...s1,
  kind: 'accepted',
  direction: 'out',
  local: server,
  remote: client,
};

/** Bytes as an end tells of them: written by the one that sends, data at the other. */
export function sends(
  connection: string,
  direction: 'out' | 'in',
  text: string,
  stream: number = 0,
): Told {
  const isSender = (connection[0] === 'c') === (direction === 'out');
  const kind = isSender ? 'write' : 'data';
  return { connection, direction, kind, bytes: Buffer.from(text), stream };
}

export function ends(connection: string, kind: 'fin' | 'rst', direction: 'out' | 'in'): Told {
  return { connection, kind, direction };
}

/** The events that a trace makes of it. */
export function eventsTold(told: readonly Told[]): readonly WireEvent[] {
  const trace = createTrace({ mode: 'full' });
  let nowUs = 0;
  trace.useClock(() => nowUs);
  for (const { after = 1_000, ...input } of told) {
    nowUs += after;
    trace.add({ connection: '', from: '', to: '', direction: '-', ...input });
  }
  return trace.events;
}
