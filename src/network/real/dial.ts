import { isIP, Socket } from 'node:net';
import { addAbortSignal } from 'node:stream';
import { type Address, familyOf } from '../../base/address';
import type { ConnectOptions, OnRead } from '../network';
import type { ConnectionIds } from '../world/connection-ids';
import { equip, RealConnection } from './connection';
import type { ConnectionHome } from './connection-facts';
import { lookup } from './names';
import type { Pairing } from './pairing';
import { TracedConnection } from './traced-connection';
import { tellData, tellOpening } from './wire-teller';

/** What dialling and listening need of their network. */
export interface NetworkContext extends ConnectionHome {
  readonly ids: ConnectionIds;
  readonly pairing: Pairing;
}

/**
 * Begins to connect.
 *
 * @throws RangeError `ERR_SOCKET_BAD_PORT` - a port, or a local port, outside 0 to 65535
 */
export function dial(context: NetworkContext, options: ConnectOptions): RealConnection {
  refuseBadPort(options.port);
  if (options.localPort !== undefined) refuseBadPort(options.localPort);
  const connection = makeSocket(context, options);
  if (options.signal !== undefined) addAbortSignal(options.signal, connection);
  if (options.noDelay) connection.setNoDelay(true);
  if (options.keepAlive) connection.setKeepAlive(true, options.keepAliveInitialDelay);
  connection.on('connectionAttempt', (host, port, family) => {
    const { facts } = connection;
    facts.attempted = true;
    facts.remote = { host, port, family: family === 6 ? 'IPv6' : 'IPv4' };
    facts.peerLabel = context.pairing.labelAt(port) ?? facts.peerLabel;
    // The attempt begins when this event is over; the kernel has chosen the local port then.
    process.nextTick(attempted, connection, context.pairing);
  });
  connection.facts.whenClosed = () => context.pairing.forget(connection);

  const { localAddress } = options;
  if (connection.destroyed) return connection;
  if (localAddress === undefined || isIP(localAddress) !== 0) connectFrom(connection, options);
  else connectFromName(connection, options, localAddress);
  return connection;
}

function makeSocket(context: NetworkContext, options: ConnectOptions): RealConnection {
  const { allowHalfOpen, highWaterMark, onread, host, port, label, probe } = options;
  const Kind = context.trace.active ? TracedConnection : RealConnection;
  const connection: RealConnection = new Kind({
    ...(allowHalfOpen !== undefined && { allowHalfOpen }),
    ...(highWaterMark !== undefined && { highWaterMark }),
    ...(onread !== undefined && { onread: tellingOnRead(onread, () => connection) }),
  });
  const number = context.ids.next();
  const id = context.ids.dialled(number);
  const remote = nowhere(familyOf(host) ?? (options.family === 6 ? 'IPv6' : 'IPv4'));
  equip(connection, context, {
    side: 'dialled',
    id,
    number,
    label: label ?? id,
    peerLabel: context.pairing.labelAt(port) ?? `${host}:${port}`,
    local: nowhere(remote.family),
    remote: isIP(host) === 0 ? remote : { ...remote, host },
    probe: probe ?? false,
  });
  return connection;
}

/** The kernel has begun to connect: the connection has both addresses. */
function attempted(connection: RealConnection, pairing: Pairing): void {
  if (connection.destroyed) return;
  const own = connection.address() as Partial<{ address: string; port: number; family: string }>;
  // An attempt that the kernel refused to begin has no address, and nothing left the machine.
  if (own.address === undefined || own.port === undefined) return;
  const { facts } = connection;
  facts.local = {
    host: own.address,
    port: own.port,
    family: own.family === 'IPv6' ? 'IPv6' : 'IPv4',
  };
  pairing.expect(connection);
  if (connection instanceof TracedConnection) tellOpening(facts, 'syn', 'sent');
}

function connectFrom(connection: RealConnection, options: ConnectOptions): void {
  const { host, port, family, localAddress, localPort } = options;
  connection.connect({
    host,
    port,
    autoSelectFamily: true,
    ...(family !== undefined && { family }),
    ...(localAddress !== undefined && { localAddress }),
    ...(localPort !== undefined && { localPort }),
  });
}

/** Node throws for a local address that is a name, so names are resolved first. */
function connectFromName(connection: RealConnection, options: ConnectOptions, name: string): void {
  // From here on the connection behaves as one whose host is being resolved.
  Object.assign(connection, { connecting: true });
  const wanted = isIP(options.host) || (options.family ?? 0);
  lookup(name, { family: wanted as 0 | 4 | 6 }).then(
    ([first]) => {
      if (connection.destroyed || first === undefined) return;
      const family = first.family === 'IPv6' ? 6 : 4;
      connectFrom(connection, { ...options, localAddress: first.host, family });
    },
    (cause) => connection.destroy(unknownLocalAddress(name, cause)),
  );
}

function unknownLocalAddress(name: string, cause: unknown): Error {
  const error = new Error(`bind EADDRNOTAVAIL ${name}`, { cause });
  return Object.assign(error, {
    errno: -99,
    code: 'EADDRNOTAVAIL',
    syscall: 'bind',
    address: name,
  });
}

/** Lets Node say what is wrong with a port, before anything is made. */
function refuseBadPort(port: number): void {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) new Socket().connect({ port });
}

function tellingOnRead(onread: OnRead, connection: () => RealConnection): OnRead {
  return {
    buffer: onread.buffer,
    callback: (bytes, buffer) => {
      const reader = connection();
      if (reader instanceof TracedConnection) {
        tellData(reader.facts, 'data', buffer.subarray(0, bytes), false);
      }
      return onread.callback(bytes, buffer);
    },
  };
}

function nowhere(family: Address['family']): Address {
  return { host: family === 'IPv6' ? '::' : '0.0.0.0', port: 0, family };
}
