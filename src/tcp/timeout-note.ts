import type { Connection } from '../network/connection';
import type { Trace } from '../network/trace';

/** Leaves a mark in the trace, so that a timeout can be seen beside what was on the wire. */
export function noteTimeout(trace: Trace, connection: Connection, what: string): void {
  if (!trace.active) return;
  trace.add({
    connection: connection.id,
    from: connection.label,
    to: '',
    direction: '-',
    kind: 'timeout',
    detail: { what },
  });
}
