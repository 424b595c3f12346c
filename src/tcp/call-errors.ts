/** What a call on an open connection can be refused with, apart from what the system raises. */
import { printHex } from '../base/byte-encodings';
import { formatDuration } from '../base/duration';
import type { TcpPhase } from '../base/error-codes';
import { abortError, raisedByTime, TcpError, type TcpErrorDetails } from '../base/errors';
import type { CallLimit } from './call-options';
import type { Want } from './read-call';
import { type ConnectionFacts, describeConnection } from './system-error';

/** `read of 5 bytes`. */
export function describeRead(want: Want): string {
  switch (want.kind) {
    case 'exact':
      return `read of ${bytes(want.length)}`;
    case 'until': {
      const shown = printHex(want.delimiter.subarray(0, 16));
      return `read until ${shown}${want.delimiter.byteLength > 16 ? ' …' : ''}`;
    }
    case 'more':
      return 'read of a frame';
    default:
      return 'read';
  }
}

export function readTimedOut(
  want: Want,
  timeoutMs: number,
  partial: Uint8Array,
  facts: ConnectionFacts,
): TcpError {
  const limit = formatDuration(timeoutMs);
  const read = `${bytes(facts.bytesRead ?? 0)} read`;
  const what = `${describeRead(want)} timed out after ${limit}`;
  const message = `${what} ${describeConnection(facts)}, ${read}`;
  const details: TcpErrorDetails = {
    ...facts,
    ...partialOf(want, partial),
    code: 'EREADTIMEOUT',
    phase: 'read',
    compatMessage: 'Read timed out',
  };
  return raisedByTime(() => new TcpError(message, details));
}

export function writeTimedOut(limit: CallLimit, left: number, facts: ConnectionFacts): TcpError {
  const what = `write timed out after ${formatDuration(limit.timeoutMs)}`;
  const unsure = `${bytes(left)} of it not confirmed`;
  const message = `${what} ${describeConnection(facts)}, ${unsure}`;
  const details: TcpErrorDetails = {
    ...facts,
    code: 'EWRITETIMEOUT',
    phase: 'write',
    compatMessage: 'Write timed out',
  };
  return raisedByTime(() => new TcpError(message, details));
}

export function peerClosed(want: Want, partial: Uint8Array, facts: ConnectionFacts): TcpError {
  const came = want.kind === 'chunk' ? '' : ` after ${bytes(partial.byteLength)}`;
  const what = `${describeRead(want)} ended by the peer${came}`;
  return new TcpError(`${what} ${describeConnection(facts)}`, {
    ...facts,
    ...partialOf(want, partial),
    code: 'EPEERCLOSED',
    phase: 'read',
    compatMessage: 'Connection closed by the server.',
  });
}

export function readOverLimit(want: Want, partial: Uint8Array, facts: ConnectionFacts): TcpError {
  const met = `${describeRead(want)} found none in the first ${bytes(partial.byteLength)}`;
  return new TcpError(`${met} ${describeConnection(facts)}`, {
    ...facts,
    partial,
    code: 'ELIMIT',
    phase: 'read',
  });
}

/** The refusal of a call whose reader or writer somebody else holds. */
export function busyError(
  what: string,
  phase: Extract<TcpPhase, 'read' | 'write'>,
  holder: string,
  facts: ConnectionFacts,
): TcpError {
  const held = phase === 'read' ? 'reader' : 'writer';
  const message = `${what} refused, ${holder} holds the ${held} ${describeConnection(facts)}`;
  return new TcpError(message, { ...facts, code: 'EBUSY', phase });
}

export function idleTimedOut(idleMs: number, facts: ConnectionFacts): TcpError {
  const what = `nothing moved for ${formatDuration(idleMs)}`;
  const message = `${what} ${describeConnection(facts)}`;
  const details: TcpErrorDetails = { ...facts, code: 'EIDLETIMEOUT', phase: 'read' };
  return raisedByTime(() => new TcpError(message, details));
}

export function callAborted(
  what: string,
  phase: Extract<TcpPhase, 'read' | 'write' | 'close'>,
  reason: unknown,
  details: Partial<TcpErrorDetails>,
): TcpError {
  return abortError(`${what} ${describeConnection(details)}`, phase, reason, details);
}

/** What had come of the bytes asked for; a plain read asks for no certain ones. */
export function partialOf(want: Want, partial: Uint8Array): { partial?: Uint8Array } {
  return want.kind === 'exact' || want.kind === 'until' ? { partial } : {};
}

function bytes(count: number): string {
  return `${count} ${count === 1 ? 'byte' : 'bytes'}`;
}
