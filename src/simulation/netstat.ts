import { formatAddress } from '../base/address';
import { byteCount } from './figures';
import type { CoreNetwork } from './network';

const columns = ['id', 'host', 'local', 'remote', 'state', 'unread', 'unsent', 'flight', 'label'];

/**
 * All sockets of a world as a text table: endpoints, then connections in order of their creation.
 *
 * `unread` counts the receive buffer and the stream; `flight` what is on the way to the peer.
 */
export function netstat(network: CoreNetwork): string {
  const endpoints = [...network.endpoints].map((endpoint) => [
    '-',
    endpoint.host,
    formatAddress(endpoint.address),
    '*',
    endpoint.waiting > 0 ? `listen (${endpoint.waiting} waiting)` : 'listen',
    '',
    '',
    '',
    endpoint.label,
  ]);
  const connections = [...network.connections].map((connection) => {
    const info = connection.info();
    return [
      info.id,
      connection.host.name,
      formatAddress(connection.local),
      formatAddress(connection.remote),
      info.state,
      String(info.unreadInReceiveBuffer + info.unreadInStream),
      String(info.unsent),
      String(info.inFlight),
      info.label,
    ];
  });
  const rows = [...endpoints, ...connections];
  return rows.length === 0 ? 'no sockets' : table([columns, ...rows]);
}

/** Links that keep bytes waiting, one a line. */
export function stuckLinks(network: CoreNetwork): readonly string[] {
  const lines: string[] = [];
  for (const link of network.topology.links) {
    const { from, to, state, waitingBytes } = link;
    if (state === 'open') continue;
    lines.push(`link ${from}→${to} is ${stateWords[state]}, ${byteCount(waitingBytes)} waiting`);
  }
  return lines;
}

const stateWords = { held: 'held', blackhole: 'a black hole', unreachable: 'unreachable' };

function table(rows: readonly (readonly string[])[]): string {
  const widths = columns.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
