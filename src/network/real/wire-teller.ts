/** What a connection tells the trace, in the words of wire events. */
import type { WireEventInput, WireEventKind } from '../wire-event';
import { isReset } from './connection-end';

import type { ConnectionFacts } from './connection-facts';
import { keptCopy } from './kept-copies';

/** Towards us, or away from us; `undefined` for what does not travel. */
type Way = 'received' | 'sent';

/** Tells that something happened. */
export function tell(
  facts: ConnectionFacts,
  kind: WireEventKind,
  way?: Way,
  more?: Partial<WireEventInput>,
): void {
  const { trace } = facts.home;
  if (!trace.active) return;
  trace.add({
    connection: facts.origin.id,
    from: facts.origin.label,
    to: facts.peerLabel,
    direction: way === undefined ? '-' : directionOf(facts, way),
    kind,
    ...more,
  });
}

/** Tells what opens a connection, or shows that there will be none: such events carry addresses. */
export function tellOpening(
  facts: ConnectionFacts,
  kind: 'syn' | 'established' | 'accepted' | 'refused',
  way: Way,
): void {
  const { local, remote } = facts.connection;
  const probe = facts.origin.probe && kind === 'syn';
  tell(facts, kind, way, { local, remote, ...(probe && { detail: { probe } }) });
}

/**
 * Tells of a connection that was open before anybody watched: its addresses, and how many bytes had
 * gone each way.
 */
export function tellOpen(facts: ConnectionFacts): void {
  const { connection, bytesReadTold: read, bytesWrittenTold: written } = facts;
  const { local, remote } = connection;
  tell(facts, 'note', undefined, { local, remote, detail: { open: true, read, written } });
}

/**
 * Tells bytes.
 *
 * @param fresh - nobody changes these bytes any more; others are copied where they are kept
 */
export function tellData(
  facts: ConnectionFacts,
  kind: 'data' | 'write',
  bytes: Uint8Array,
  fresh: boolean,
): void {
  const { byteLength } = bytes;
  // An empty write puts nothing on the wire.
  if (byteLength === 0) return;
  const stream = kind === 'data' ? facts.bytesReadTold : facts.bytesWrittenTold;
  if (kind === 'data') facts.bytesReadTold += byteLength;
  else facts.bytesWrittenTold += byteLength;
  const { trace } = facts.home;
  if (!trace.active) return;
  trace.add({
    connection: facts.origin.id,
    from: facts.origin.label,
    to: facts.peerLabel,
    direction: directionOf(facts, kind === 'data' ? 'received' : 'sent'),
    kind,
    bytes: fresh || !trace.keepsBytes ? bytes : keptCopy(bytes),
    stream,
  });
}

/** Tells what a socket emits. */
export function tellEvent(
  facts: ConnectionFacts,
  event: string | symbol,
  values: readonly unknown[],
): void {
  switch (event) {
    case 'connect':
      tellOpening(facts, 'established', 'received');
      if (facts.heldWrite !== undefined) {
        tellData(facts, 'write', facts.heldWrite.bytes, facts.heldWrite.fresh);
        facts.heldWrite = undefined;
      }
      return;
    case 'lookup':
      tell(facts, 'lookup', undefined, { detail: lookupDetail(values) });
      return;
    case 'connectionAttemptFailed':
      if (codeOf(values[3]) === 'ECONNREFUSED') tellOpening(facts, 'refused', 'received');
      return;
    case 'timeout':
      tell(facts, 'timeout', undefined, { detail: { ms: facts.connection.timeout ?? 0 } });
      return;
    case 'error':
      tell(facts, 'error', undefined, { detail: errorDetail(values[0] as Error) });
      return;
    case 'close':
      tell(facts, 'close', undefined, { detail: { hadError: values[0] === true } });
      return;
    default:
  }
}

/**
 * Tells how an open connection ended, at the moment it is destroyed.
 *
 * The kernel makes RST of our FIN when it holds bytes that we have not read, and does not say so:
 * unless the peer's side was read to its end, a FIN by `destroy()` is marked `mayBeReset`.
 */
export function tellEnding(facts: ConnectionFacts, error: Error | null, readToEnd: boolean): void {
  if (facts.resetSent) {
    tell(facts, 'rst', 'sent', { detail: { reason: 'resetAndDestroy' } });
  } else if (error !== null && isReset(error)) {
    tell(facts, 'rst', 'received', { detail: { reason: error.message } });
  } else if (!facts.finSent && !endedByKernel(error)) {
    tell(facts, 'fin', 'sent', {
      detail: { by: 'destroy', ...(!readToEnd && { mayBeReset: true }) },
    });
  }
}

/** Errors of the system come when the kernel has given the connection up; nothing is sent then. */
function endedByKernel(error: Error | null): boolean {
  return error !== null && typeof (error as NodeJS.ErrnoException).errno === 'number';
}

function directionOf(facts: ConnectionFacts, way: Way): 'out' | 'in' {
  return (facts.origin.side === 'dialled') === (way === 'sent') ? 'out' : 'in';
}

function lookupDetail([error, address, , host]: readonly unknown[]): Record<string, string> {
  const outcome = error ? { code: codeOf(error) } : { address: String(address) };
  return { host: String(host), ...outcome };
}

function errorDetail(error: Error): Record<string, string> {
  const { syscall } = error as NodeJS.ErrnoException;
  return {
    code: codeOf(error),
    message: error.message,
    ...(syscall !== undefined && { syscall }),
  };
}

function codeOf(error: unknown): string {
  const { code, name } = error as NodeJS.ErrnoException;
  return code ?? name;
}
