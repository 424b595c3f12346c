import { isIP, Socket, type SocketConstructorOpts } from 'node:net';
import { addAbortSignal } from 'node:stream';
import type { Address } from '../../base/address';
import type { ConnectOptions, OnRead } from '../network';
import type { ConnectionIds } from '../world/connection-ids';
import { equip } from './connection';
import type { ConnectionHome, RealConnection } from './connection-facts';
import { lookup } from './names';
import type { Pairing } from './pairing';
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
  const connection = makeConnection(context, options);
  if (options.signal !== undefined) addAbortSignal(options.signal, connection);
  if (options.noDelay) connection.setNoDelay(true);
  if (options.keepAlive) connection.setKeepAlive(true, options.keepAliveInitialDelay);
  connection.on('connectionAttempt', attempting);

  const { localAddress } = options;
  if (connection.destroyed) return connection;
  if (localAddress === undefined || isIP(localAddress) !== 0) connectFrom(connection, options);
  else connectFromName(connection, options, localAddress);
  return connection;
}

function makeConnection(context: NetworkContext, options: ConnectOptions): RealConnection {
  const { host, allowHalfOpen, highWaterMark, onread, label } = options;
  // Node's types know neither highWaterMark nor onread of a socket.
  const settings = {
    allowHalfOpen,
    highWaterMark,
    onread: onread && tellingOnRead(onread, () => connection),
  } as SocketConstructorOpts;
  const number = context.ids.next();
  const id = context.ids.dialled(number);
  const literal = isIP(host);
  const nowhere = literal === 6 || options.family === 6 ? nowhere6 : nowhere4;
  const connection: RealConnection = equip(new DialledSocket(settings), context, {
    side: 'dialled',
    number,
    id,
    label: label ?? id,
    peer: context.pairing.labelAt(options.port),
    target: options,
    local: nowhere,
    remote: literal === 0 ? nowhere : { host, port: 0, family: nowhere.family },
    probe: options.probe ?? false,
  });
  return connection;
}

/** A socket that remembers its peer; accepted ones do, since they were asked for it. */
class DialledSocket extends Socket {}

Object.defineProperties(DialledSocket.prototype, {
  remoteAddress: ofPeer(({ host }) => host),
  remotePort: ofPeer(({ port }) => port),
  remoteFamily: ofPeer(({ family }) => family),
});

function ofPeer<T>(read: (peer: Address) => T): PropertyDescriptor {
  return {
    configurable: true,
    get(this: RealConnection): T | undefined {
      return this.facts.wasOpen || !this.pending ? read(this.remote) : undefined;
    },
  };
}

/** Notes where an attempt goes; it begins when this event is over. */
function attempting(this: RealConnection, host: string, port: number, family: number): void {
  const { facts } = this;
  facts.attempted = true;
  this.remote = { host, port, family: family === 6 ? 'IPv6' : 'IPv4' };
  process.nextTick(attempted, this);
}

/** The kernel has begun to connect: the connection has both addresses. */
function attempted(connection: RealConnection): void {
  if (connection.destroyed) return;
  const own = connection.address() as Partial<{ address: string; port: number; family: string }>;
  // An attempt that the kernel refused to begin has no address, and nothing left the machine.
  if (own.address === undefined || own.port === undefined) return;
  const family = own.family === 'IPv6' ? 'IPv6' : 'IPv4';
  connection.local = { host: own.address, port: own.port, family };
  const { facts } = connection;
  (facts.home as NetworkContext).pairing.expect(connection);
  if (facts.watched) tellOpening(facts, 'syn', 'sent');
}

function connectFrom(connection: RealConnection, options: ConnectOptions): void {
  const { host, port, family, localAddress, localPort } = options;
  connection.connect({ host, port, family, localAddress, localPort, autoSelectFamily: true });
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
      if (reader.facts.watched) {
        tellData(reader.facts, 'data', buffer.subarray(0, bytes), false);
      }
      return onread.callback(bytes, buffer);
    },
  };
}

/** Addresses of a connection before there is one. */
const nowhere4: Address = { host: '0.0.0.0', port: 0, family: 'IPv4' };
const nowhere6: Address = { host: '::', port: 0, family: 'IPv6' };
