import { type Address, formatAddress } from '../base/address';
import type { Stream } from '../faults/fault';
import type { World } from '../network/world';
import type { Toxic } from './toxic';

/** What is said in the trace about a connection. */
export interface TracedConnection {
  readonly id: string;
  readonly traceId: string;
  readonly client: Address;
}

/** Writes into the trace that a fault has acted, on the client's end of the connection. */
export function traceFault(
  world: World,
  proxy: string,
  connection: TracedConnection,
  about: {
    readonly toxic: Toxic;
    readonly stream: Stream;
    readonly action: string;
    readonly bytes: number;
  },
): void {
  if (!world.trace.active) return;
  const { toxic, stream, action, bytes } = about;
  const up = stream === 'upstream';
  const client = formatAddress(connection.client);
  const own = `proxy ${proxy}`;
  world.trace.add({
    connection: connection.traceId,
    from: up ? client : own,
    to: up ? own : client,
    direction: up ? 'out' : 'in',
    kind: 'fault',
    length: bytes,
    detail: { fault: toxic.name, type: toxic.type, proxy, stream, action, proxied: connection.id },
  });
}

/** Writes a change of a proxy into the trace. */
export function traceChange(
  world: World,
  proxy: string,
  detail: Readonly<Record<string, string | number | boolean>>,
): void {
  if (!world.trace.active) return;
  world.trace.add({
    connection: '',
    from: `proxy ${proxy}`,
    to: '',
    direction: '-',
    kind: 'control',
    detail: { proxy, ...detail },
  });
}
