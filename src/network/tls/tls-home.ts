import type { Clock } from '../clock';
import type { Connection } from '../connection';
import type { Scope } from '../scope';
import type { Trace } from '../trace';

/** What TLS needs of the world that its connections are in. */
export interface TlsHome {
  readonly clock: Clock;
  readonly trace: Trace;
  readonly scope: Scope;
  /** Runs a function in the next turn of the event loop; the time of the world stands still meanwhile. */
  readonly nextTurn: (run: () => void) => void;
}

/** Tells the trace what happened to TLS on a connection. */
export function tellTls(
  { trace }: TlsHome,
  raw: Connection,
  detail: Readonly<Record<string, string | number | boolean>>,
  way?: 'in' | 'out',
): void {
  if (!trace.active) return;
  // Events name directions as the end that dialled sees them, and ids of that end begin with c.
  const dialled = raw.id.startsWith('c');
  const direction = way === undefined ? '-' : (way === 'out') === dialled ? 'out' : 'in';
  trace.add({ connection: raw.id, from: raw.label, to: '', direction, kind: 'tls', detail });
}
